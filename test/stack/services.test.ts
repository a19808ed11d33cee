// The services that the stack starts keep what they were given, and say when they cannot start.
import { chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { stackDirectory } from '../../stack/directories.js';
import { type InfrastructureName, launchService, provide } from '../../stack/infrastructure.js';
import { freePorts, PortTakenError, portTable } from '../../stack/ports.js';
import { openProcessLedger } from '../../stack/processes/process-ledger.js';
import type { Service } from '../../stack/services/service.js';
import { substituteFor } from '../../stack/services/unprivileged.js';
import { temporaryDirectory, until } from './support.js';

const { CANARY_STACK_POSTGRES_URL: _, CANARY_STACK_REDIS_URL: __, ...environment } = process.env;

/** A function that starts the service, each time with the same data on the same port. */
async function launcher(name: InfrastructureName, root: string): Promise<() => Promise<Service>> {
  const directory = stackDirectory(root);
  const ledger = await openProcessLedger(directory, () => {});
  onTestFinished(() => ledger.endAll());
  const provided = await provide(name, { environment, report: () => {} });
  const ports = { ...portTable(27_000), [name]: await freePorts()() };
  return () =>
    launchService(name, provided, { directory, ledger, ports, environment, searchAttributes: {} });
}

async function killNine(service: Service): Promise<void> {
  process.kill(-(service.process?.pid ?? Number.NaN), 'SIGKILL');
  await service.process?.exited;
}

test('redis keeps its keys over kill -9', async () => {
  const launch = await launcher('redis', temporaryDirectory());
  const first = await launch();
  const client = new Redis(first.url);
  await client.hset('canary:1', 'field', 'value');
  await until('it is written', async () => /aof_buffer_length:0/.test(await client.info()));
  client.disconnect();
  await killNine(first);
  const second = new Redis((await launch()).url);
  onTestFinished(() => second.disconnect());
  expect(await second.hget('canary:1', 'field')).toBe('value');
});

async function query(service: Service, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: service.url });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

test.each([
  ['in a directory that all can enter', 0o755],
  ['in a directory that is ours alone', 0o700],
])('postgres keeps its rows over kill -9, %s', async (_name, mode) => {
  const root = temporaryDirectory();
  chmodSync(root, mode);
  const elsewhere = await substituteFor(join(root, 'stack', 'data', 'postgres'));
  onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }));
  const launch = await launcher('postgres', join(root, 'stack'));
  const first = await launch();
  await query(first, 'create table kept as select 42 as answer');
  await killNine(first);
  const second = await launch();
  expect(await query(second, 'select answer from kept')).toEqual([{ answer: 42 }]);
  expect(await query(second, 'show max_connections')).toEqual([{ max_connections: '400' }]);
});

test('a service whose port is taken names the port, and nothing is started', async () => {
  const directory = stackDirectory(temporaryDirectory());
  const ledger = await openProcessLedger(directory, () => {});
  onTestFinished(() => ledger.endAll());
  const port = await freePorts()();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const provided = await provide('redis', { environment, report: () => {} });
  const ports = { ...portTable(27_000), redis: port };
  const start = launchService('redis', provided, {
    directory,
    ledger,
    ports,
    environment,
    searchAttributes: {},
  });
  await expect(start).rejects.toThrow(PortTakenError);
});
