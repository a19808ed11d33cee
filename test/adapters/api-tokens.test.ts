// One contract for every store of tokens: what is kept, found, listed and ended.
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresApiTokens } from '../../src/adapters/postgres-api-tokens.js';
import { openPostgres, type Postgres } from '../../src/adapters/postgres-connection.js';
import { migratePostgres } from '../../src/adapters/postgres-migrations.js';
import type { ApiToken, ApiTokenStore } from '../../src/ports.js';
import { createMemoryApiTokens } from '../support/memory-api-tokens.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';

const logger = pino({ level: 'silent' });

let database: OwnDatabase;
let postgres: Postgres;

beforeAll(async () => {
  database = await createOwnDatabase('tokens');
  await migratePostgres(database.url, logger);
  postgres = openPostgres({
    url: database.url,
    connectionsMax: 2,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 5_000,
    logger,
  });
});
afterAll(async () => {
  await postgres.close();
  await database.drop();
});

const STORES: readonly { readonly name: string; open(): ApiTokenStore }[] = [
  { name: 'memory', open: createMemoryApiTokens },
  { name: 'postgres', open: () => createPostgresApiTokens(postgres) },
];

const token = (id: string, createdAtMs: number): ApiToken => ({
  id,
  name: 'it’s \u{1f511}',
  role: 'operate',
  digest: 'd'.repeat(64),
  createdAtMs,
  createdBy: 'a person',
  expiresAtMs: createdAtMs + 1,
  revokedAtMs: undefined,
});

describe.each(STORES)('$name', ({ open }) => {
  let store: ApiTokenStore;
  beforeAll(() => {
    store = open();
  });

  test('a token is found as it was kept, and no other is', async () => {
    await store.create(token('a', 1_000));
    expect(await store.find('a')).toEqual(token('a', 1_000));
    expect(await store.find('b')).toBeUndefined();
  });

  test('an id is taken once', async () => {
    await expect(store.create(token('a', 2_000))).rejects.toThrow();
    expect(await store.find('a')).toEqual(token('a', 1_000));
  });

  test('the newest come first, as many as were asked for', async () => {
    await store.create(token('c', 3_000));
    await store.create(token('b', 2_000));
    expect((await store.list(2)).map(({ id }) => id)).toEqual(['c', 'b']);
  });

  test('a token is ended once, and keeps when', async () => {
    expect(await store.revoke('a', 5_000)).toBe(true);
    expect(await store.revoke('a', 6_000)).toBe(false);
    expect(await store.revoke('nobody', 6_000)).toBe(false);
    expect(await store.find('a')).toEqual({ ...token('a', 1_000), revokedAtMs: 5_000 });
  });
});
