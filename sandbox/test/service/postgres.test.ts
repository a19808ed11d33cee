// The services' PostgreSQL: databases that make themselves, transactions, and its absence.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { isDatabaseAway } from '../../src/service/database-away.js';
import { createLogger } from '../../src/service/logger.js';
import { inTransaction, openDatabase } from '../../src/service/postgres.js';
import { createTcpProxy, through } from './tcp-proxy.js';
import { asAdministrator, eventually } from './test-platform.js';

const database = `service_test_${process.pid}`;
const logger = createLogger('test', 'silent');
const migrationsDir = mkdtempSync(join(tmpdir(), 'migrations-'));
const open = (adminUrl = inject('postgresUrl'), name = database) =>
  openDatabase({ adminUrl, database: name, migrationsDir, logger });
const drop = (name: string) =>
  asAdministrator((client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
let pool: Pool;

beforeAll(async () => {
  writeFileSync(join(migrationsDir, '0001_one.sql'), 'CREATE TABLE thing (name text PRIMARY KEY);');
  writeFileSync(join(migrationsDir, '0002_two.sql'), "INSERT INTO thing VALUES ('first');");
  pool = await open();
});

afterAll(async () => {
  await pool.end();
  await drop(database);
});

test('many services that start together find one database, migrated once', async () => {
  const name = `${database}_race`;
  const pools = await Promise.all([1, 2, 3, 4, 5].map(() => open(undefined, name)));
  const counts = await Promise.all(pools.map((each) => each.query('SELECT FROM thing')));
  expect(counts.map((result) => result.rowCount)).toEqual([1, 1, 1, 1, 1]);
  await Promise.all(pools.map((each) => each.end()));
  await drop(name);
});

test('a transaction is whole or not at all, and gives its connection back', async () => {
  const insert = (name: string) =>
    inTransaction(pool, async (client) => {
      await client.query('INSERT INTO thing VALUES ($1)', [name]);
      await client.query('INSERT INTO thing VALUES ($1)', [`${name} again`]);
      if (name === 'bad') throw new Error('thrown by the work');
      return name;
    });
  await expect(insert('bad')).rejects.toThrow('thrown by the work');
  expect(await insert('good')).toBe('good');
  const { rows } = await pool.query('SELECT name FROM thing ORDER BY name');
  expect(rows.map((row) => row.name)).toEqual(['first', 'good', 'good again']);
  expect(pool.idleCount).toBe(pool.totalCount);
});

test('what is sent and not awaited is part of the transaction, and fails it whole', async () => {
  const insert = (first: string, last: string) =>
    inTransaction(pool, async (client, sendAlong) => {
      sendAlong(client.query('INSERT INTO thing VALUES ($1)', [first]));
      sendAlong(client.query('INSERT INTO thing VALUES ($1)', [last]));
      return last;
    });
  const names = async () =>
    (await pool.query("SELECT name FROM thing WHERE name LIKE 'late%' ORDER BY name")).rows;
  expect(await insert('late 1', 'late 2')).toBe('late 2');
  expect(await names()).toEqual([{ name: 'late 1' }, { name: 'late 2' }]);
  await expect(insert('late 3', 'late 1')).rejects.toThrow('duplicate key');
  await expect(insert('late 1', 'late 3')).rejects.toThrow('duplicate key');
  expect(await names()).toEqual([{ name: 'late 1' }, { name: 'late 2' }]);
  expect(pool.idleCount).toBe(pool.totalCount);
});

test('a transaction says what failed first, not what failed because of it', async () => {
  const work = inTransaction(pool, async (client, sendAlong) => {
    sendAlong(client.query("INSERT INTO thing VALUES ('first')"));
    await client.query("INSERT INTO thing VALUES ('never')");
  });
  await expect(work).rejects.toThrow('duplicate key');
  expect(pool.idleCount).toBe(pool.totalCount);
});

describe('PostgreSQL away', () => {
  test('is told from a wrong statement, and the pool recovers by itself', async () => {
    const { hostname, port } = new URL(inject('postgresUrl'));
    const proxy = await createTcpProxy({ host: hostname, port: Number(port) });
    const proxied = await open(through(proxy, inject('postgresUrl')));
    const failure = () =>
      proxied.query('SELECT 1').then(
        () => undefined,
        (error: unknown) => error,
      );
    const running = proxied.query('SELECT pg_sleep(30)').catch((error: unknown) => error);
    await eventually(() => (proxied.totalCount > proxied.idleCount ? true : undefined));
    await proxy.cut();
    expect(isDatabaseAway(await running)).toBe(true);
    expect(isDatabaseAway(await failure())).toBe(true);
    await proxy.restore();
    await eventually(async () => ((await failure()) === undefined ? true : undefined));
    const wrong = await proxied.query('SELECT nonsense').catch((error: unknown) => error);
    expect(isDatabaseAway(wrong)).toBe(false);
    await proxied.end();
    await proxy.close();
  });

  test('at the start is waited for', async () => {
    const { hostname, port } = new URL(inject('postgresUrl'));
    const proxy = await createTcpProxy({ host: hostname, port: Number(port) });
    await proxy.cut();
    let isOpen = false;
    const opening = open(through(proxy, inject('postgresUrl'))).then((opened) => {
      isOpen = true;
      return opened;
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(isOpen).toBe(false);
    await proxy.restore();
    await (await opening).end();
    await proxy.close();
  });
});
