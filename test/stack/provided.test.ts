// What the global setup provides is there, and is the real thing.
import { execFileSync } from 'node:child_process';
import { Connection } from '@temporalio/client';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../src/names.js';

test('PostgreSQL', async () => {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  const { rows } = await client.query<{ version: string }>('select version()');
  await client.end();
  expect(rows[0]?.version).toMatch(/^PostgreSQL 1[4-9]/);
});

test('Redis or Valkey', async () => {
  const client = new Redis(inject('redisUrl'));
  expect(await client.info('server')).toMatch(/(redis|valkey)_version/);
  client.disconnect();
});

test.skipIf(inject('kafkaBrokers').length === 0)('Kafka', async () => {
  const brokers = [...inject('kafkaBrokers')];
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const cluster = await admin.describeCluster();
  await admin.disconnect();
  expect(cluster.brokers).toHaveLength(1);
});

test('Temporal, with the search attributes of the product', async () => {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const known = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
  await connection.close();
  expect(Object.keys(known.customAttributes ?? {})).toEqual(
    expect.arrayContaining(Object.values(SEARCH_ATTRIBUTES)),
  );
});

test('the programs that cases call', () => {
  const version = execFileSync(inject('temporalPath'), ['--version'], { encoding: 'utf8' });
  expect(version).toContain('temporal version');
  execFileSync('test', ['-x', inject('testServerPath')]);
});

test.skipIf(inject('promtoolPath') === undefined)('promtool', () => {
  const metrics = '# HELP a_total A.\n# TYPE a_total counter\na_total 1\n';
  const promtool = inject('promtoolPath') ?? '';
  execFileSync(promtool, ['check', 'metrics'], { input: metrics });
  const broken = () =>
    execFileSync(promtool, ['check', 'metrics'], { input: 'a-b 1\n', stdio: 'pipe' });
  expect(broken).toThrow();
});
