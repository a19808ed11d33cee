// The contract of the audits' store, in memory and in PostgreSQL; and the counters that only
// PostgreSQL keeps.
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPostgres, type Postgres } from '../../src/adapters/postgres-connection.js';
import { migratePostgres } from '../../src/adapters/postgres-migrations.js';
import { createPostgresResults } from '../../src/adapters/postgres-results.js';
import { createPostgresSupply } from '../../src/adapters/postgres-supply.js';
import { StoreUnavailableError } from '../../src/adapters/store-unavailable-error.js';
import type { SupplyStore } from '../../src/ports.js';
import { createMemorySupply } from '../support/memory-supply.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { changeOf, findingOf, nextCertificate } from '../support/supply-samples.js';
import { supplyStoreContract } from './supply-store.contract.js';

const logger = pino({ level: 'silent' });
const TABLES =
  'supply_certificates, supply_books, supply_digests, supply_transfers, supply_findings, ' +
  'supply_missed_audits, canary_tallies';

let database: OwnDatabase;
let postgres: Postgres;

beforeAll(async () => {
  database = await createOwnDatabase('supply');
  await migratePostgres(database.url, logger);
  postgres = openPostgres({
    url: database.url,
    connectionsMax: 5,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 10_000,
    logger,
  });
});

afterAll(async () => {
  await postgres.close();
  await database.drop();
});

async function emptied(): Promise<SupplyStore> {
  await postgres.query({ name: 'empty', text: `truncate ${TABLES}` });
  return createPostgresSupply(postgres);
}

supplyStoreContract('memory', async () => createMemorySupply());
supplyStoreContract('PostgreSQL', emptied);

test('counters move with the audit that is stored, and not with one that is not', async () => {
  const store = await emptied();
  const state = await store.load();
  const change = changeOf(state, 'one', {
    certificates: [nextCertificate(state, 'one', 'violated')],
    found: [findingOf('F1-1', 1)],
    missedSlotsMs: [1_000, 2_000],
  });
  expect(await store.commit(change)).toBe('stored');
  expect(await store.commit(change)).toBe('stale');
  expect(await createPostgresResults(postgres).tallies()).toEqual([
    { tally: 'audits', labels: { outcome: 'violated' }, add: 1 },
    { tally: 'missed_audits', labels: {}, add: 2 },
    { tally: 'supply_findings', labels: { class: 'accounts_shifted' }, add: 1 },
  ]);
});

test('a transaction whose work fails leaves nothing behind', async () => {
  const store = await emptied();
  const state = await store.load();
  const twice = nextCertificate(state, 'one');
  const change = changeOf(state, 'one', { certificates: [twice, twice] });
  await expect(store.commit(change)).rejects.toThrow(/duplicate key/);
  expect(await store.load()).toEqual(state);
});

test('a store that is away says so', async () => {
  const away = openPostgres({
    url: 'postgres://nobody@127.0.0.1:1/none',
    connectionsMax: 1,
    connectTimeoutMs: 1_000,
    statementTimeoutMs: 1_000,
    logger,
  });
  await expect(createPostgresSupply(away).load()).rejects.toBeInstanceOf(StoreUnavailableError);
  await away.close();
});
