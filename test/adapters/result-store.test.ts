// The result store's contract, in memory and in PostgreSQL; and what only PostgreSQL has:
// migrations that several workers run at once, text that it cannot hold, round trips, outages.
import { readdirSync, readFileSync } from 'node:fs';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPostgres, type Postgres } from '../../src/adapters/postgres-connection.js';
import { migratePostgres } from '../../src/adapters/postgres-migrations.js';
import { createPostgresResults } from '../../src/adapters/postgres-results.js';
import { StoreUnavailableError } from '../../src/adapters/store-unavailable-error.js';
import { talliesOfResult } from '../../src/domain/tally.js';
import type { ResultStore } from '../../src/ports.js';
import { createMemoryResults } from '../support/memory-results.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { openTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { attentionContract } from './attention.contract.js';
import { cycleStoreContract } from './cycle-store.contract.js';
import { newClosing, newResult, resultStoreContract } from './result-store.contract.js';
import { resultStoreRaces } from './result-store-races.contract.js';

const MIGRATIONS = new URL('../../src/adapters/migrations/', import.meta.url);
const logger = pino({ level: 'silent' });

let database: OwnDatabase;
let pools: readonly Postgres[] = [];
let stores: readonly ResultStore[] = [];

function open(url: string, statementTimeoutMs = 10_000): Postgres {
  return openPostgres({
    url,
    connectionsMax: 5,
    connectTimeoutMs: 5_000,
    statementTimeoutMs,
    logger,
  });
}

function firstStore(): ResultStore {
  const [store] = stores;
  if (store === undefined) throw new Error('PostgreSQL is not connected');
  return store;
}

beforeAll(async () => {
  database = await createOwnDatabase('results');
  // Several workers start at once: one runs the migrations, the others wait for it.
  await Promise.all([1, 2, 3, 4].map(() => migratePostgres(database.url, logger)));
  pools = [open(database.url), open(database.url)];
  stores = pools.map(createPostgresResults);
});

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  await database.drop();
});

const memory = createMemoryResults();
for (const [name, store] of [
  ['memory', () => memory],
  ['PostgreSQL', firstStore],
] as const) {
  resultStoreContract(name, store);
  cycleStoreContract(name, store);
  attentionContract(name, store);
}
resultStoreRaces('PostgreSQL', () => stores);

describe('results in PostgreSQL', () => {
  test('migrations are run once, and each file has both markers or none', async () => {
    await migratePostgres(database.url, logger);
    const files = readdirSync(MIGRATIONS).filter((file) => file.endsWith('.sql'));
    const done = await pools[0]?.query({
      name: 'done',
      text: 'select name from canary_migrations order by id',
    });
    expect(done?.map(({ name }) => `${name}.sql`)).toEqual(files.sort());
    for (const file of files) {
      const text = readFileSync(new URL(file, MIGRATIONS), 'utf8');
      expect(/^\s*--[\s-]*up\s+migration/im.test(text), file).toBe(
        /^\s*--[\s-]*down\s+migration/im.test(text),
      );
    }
  });

  test('text that PostgreSQL cannot hold does not keep a verdict from being stored', async () => {
    const result = newResult({ outcome: 'failed', reason: 'a\0b \ud800c', transferId: 't\0' });
    const { testId } = result;
    const strange = { kind: 'wrong_sender', testId, subject: 's\0', evidence: '\udfff\0' } as const;
    await firstStore().record(result, talliesOfResult(result));
    await firstStore().append(testId, { findings: [strange, strange], corrections: [] });
    await firstStore().close(testId, newClosing({ findings: [strange] }), []);
    expect(await firstStore().result(testId)).toMatchObject({
      reason: 'a\ufffdb \ufffdc',
      transferId: 't\ufffd',
      findingCount: 1,
    });
    expect(await firstStore().findings(testId)).toEqual([
      { ...strange, subject: 's\ufffd', evidence: '\ufffd\ufffd' },
    ]);
  });

  test('a verdict takes one statement, its repetition two', async () => {
    const asked: string[] = [];
    const [pool] = pools;
    if (pool === undefined) throw new Error('PostgreSQL is not connected');
    const counting = createPostgresResults({
      query: (statement, values) => {
        asked.push(statement.name);
        return pool.query(statement, values);
      },
      transaction: (named, work) => pool.transaction(named, work),
      close: async () => undefined,
    });
    const result = newResult();
    await counting.record(result, talliesOfResult(result));
    expect(asked).toEqual(['canary-record-verdict']);
    await counting.record(result, talliesOfResult(result));
    expect(asked).toHaveLength(3);
  });

  test('a mistake of ours is not called an outage', async () => {
    const wrong = firstStore().record(newResult({ amount: 'ten' }), []);
    await expect(wrong).rejects.toThrow(/invalid input syntax/);
    await expect(wrong).rejects.not.toThrow(StoreUnavailableError);
  });
});

describe('while PostgreSQL is away', () => {
  async function throughProxy(statementTimeoutMs: number) {
    const url = new URL(database.url);
    const proxy = await openTcpProxy({ host: url.hostname, port: Number(url.port) });
    url.host = `127.0.0.1:${proxy.port}`;
    const postgres = open(url.href, statementTimeoutMs);
    return {
      proxy,
      url: url.href,
      store: createPostgresResults(postgres),
      async close() {
        await postgres.close();
        await proxy.close();
      },
    };
  }

  test('calls fail with a named error and go on by themselves when it is back', async () => {
    const { proxy, url, store, close } = await throughProxy(5_000);
    const result = newResult();
    await store.ping();
    proxy.cut();
    await expect(store.record(result, talliesOfResult(result))).rejects.toMatchObject({
      name: 'StoreUnavailableError',
      store: 'postgres',
      operation: 'canary-record-verdict',
      cause: expect.any(Error),
    });
    await expect(store.tallies()).rejects.toThrow(StoreUnavailableError);
    await expect(migratePostgres(url, logger)).rejects.toThrow(StoreUnavailableError);
    proxy.restore();
    await until(() => store.ping());
    expect(await store.record(result, talliesOfResult(result))).toMatchObject({ first: true });
    await close();
  });

  test('a statement that is never answered ends by its timeout', async () => {
    const { proxy, store, close } = await throughProxy(200);
    await store.ping();
    proxy.stall();
    await expect(store.ping()).rejects.toThrow(StoreUnavailableError);
    proxy.restore();
    await until(() => store.ping());
    await close();
  });
});
