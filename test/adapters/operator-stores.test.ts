// The log of actions and the windows, in memory and in PostgreSQL; and that nothing rewrites a log.
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresActions } from '../../src/adapters/postgres-actions.js';
import { openPostgres, type Postgres } from '../../src/adapters/postgres-connection.js';
import { migratePostgres } from '../../src/adapters/postgres-migrations.js';
import { createPostgresWindows } from '../../src/adapters/postgres-windows.js';
import { createMemoryActions } from '../support/memory-actions.js';
import { createMemoryWindows } from '../support/memory-windows.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { actionLogContract } from './action-log.contract.js';
import { windowStoreContract } from './window-store.contract.js';

const logger = pino({ level: 'silent' });
let database: OwnDatabase;
let opened: Postgres | undefined;

function postgres(): Postgres {
  if (opened === undefined) throw new Error('PostgreSQL is not connected');
  return opened;
}

beforeAll(async () => {
  database = await createOwnDatabase('operators');
  await migratePostgres(database.url, logger);
  opened = openPostgres({
    url: database.url,
    connectionsMax: 8,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 10_000,
    logger,
  });
});

afterAll(async () => {
  await opened?.close();
  await database.drop();
});

const actions = createMemoryActions();
const windows = createMemoryWindows();
actionLogContract('memory', () => actions);
actionLogContract('PostgreSQL', () => createPostgresActions(postgres()));
windowStoreContract('memory', () => windows);
windowStoreContract('PostgreSQL', () => createPostgresWindows(postgres()));

describe('what is append only', () => {
  test.each([
    'update operator_actions set actor = $$x$$',
    'delete from operator_actions',
    'truncate operator_actions cascade',
    'update operator_action_ends set outcome = $$x$$',
    'delete from operator_action_ends',
    'delete from canary_acknowledgements',
    'update canary_acknowledgements set reason = $$x$$',
  ])('refuses: %s', async (text) => {
    await expect(postgres().query({ name: text, text })).rejects.toThrow(/it is append only/);
  });
});
