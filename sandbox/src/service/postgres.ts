// PostgreSQL for services: a database that makes itself, migrations, and transactions.
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { createBackOff } from './back-off.js';
import { isDatabaseAway } from './database-away.js';
import type { Logger } from './logger.js';

export type Isolation = 'read committed' | 'repeatable read';

export interface DatabaseOptions {
  /** An address whose user may create databases. */
  readonly adminUrl: string;
  readonly database: string;
  /** A folder of SQL migrations, run in the order of their names. */
  readonly migrationsDir: string;
  /** Connections in the pool, default 10. */
  readonly max?: number;
  readonly logger: Logger;
}

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;

/**
 * A pool on the database, created when missing and migrated. While PostgreSQL is away it tries
 * again for ever, at most 5 s apart; any other error is thrown.
 */
export async function openDatabase(options: DatabaseOptions): Promise<pg.Pool> {
  const backOff = createBackOff(Math.random);
  for (;;) {
    try {
      await createDatabase(options.adminUrl, options.database);
      await migrate(options);
      return createPool(options);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      options.logger.warn({ err: error, database: options.database }, 'waiting for PostgreSQL');
      await backOff.wait();
    }
  }
}

/** Takes a statement that has been sent and whose answer `work` does not wait for. */
export type SendAlong = (statement: Promise<unknown>) => void;

/**
 * Commits what `work` did, or rolls back and throws what it threw. What `work` gives to
 * `sendAlong` saves a round trip under locks; if it fails, every later statement of the
 * transaction fails too, the commit is a rollback, and the first failure is thrown.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient, sendAlong: SendAlong) => Promise<T>,
  isolation: Isolation = 'read committed',
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const sent: Promise<unknown>[] = [];
  const sendAlong: SendAlong = (statement) => {
    // It is looked at in the end; until then its failure must not count as unhandled.
    statement.catch(() => undefined);
    sent.push(statement);
  };
  try {
    sendAlong(client.query(`BEGIN ISOLATION LEVEL ${isolation}`));
    const result = await work(client, sendAlong);
    await Promise.all([...sent, client.query('COMMIT')]);
    return result;
  } catch (error) {
    // A connection that cannot even roll back must not go back into the pool.
    broken = await client.query('ROLLBACK').then(
      () => undefined,
      (failure: Error) => failure,
    );
    throw (await firstFailure(sent)) ?? error;
  } finally {
    client.release(broken);
  }
}

/** What failed first: the statements after it only say that the transaction is aborted. */
async function firstFailure(sent: readonly Promise<unknown>[]): Promise<unknown> {
  const settled = await Promise.allSettled(sent);
  return settled.find((one) => one.status === 'rejected')?.reason;
}

/** The same server, another database. */
export function databaseUrl(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.toString();
}

function createPool(options: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl(options.adminUrl, options.database),
    max: options.max ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    // What is sent without waiting for the statement before goes out at once.
    pipeline: true,
    // Short statements only: compiling one costs more than it could ever save.
    options: '-c jit=off',
  });
  pool.on('error', (error) => options.logger.warn({ err: error }, 'idle connection lost'));
  // A connection that breaks between two statements of a transaction says so by this event,
  // which nobody else hears; the next statement fails and rolls back.
  pool.on('connect', (client) => {
    client.on('error', (error) => options.logger.debug({ err: error }, 'connection lost'));
  });
  return pool;
}

async function createDatabase(adminUrl: string, database: string): Promise<void> {
  const client = new pg.Client({
    connectionString: adminUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (found.rowCount === 0)
      await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  } catch (error) {
    // Two services that start together may both create it: the second finds it made.
    if (!isDatabaseThere(error)) throw error;
  } finally {
    await client.end();
  }
}

/** duplicate_database, or the unique index of the catalogue when both were too quick. */
function isDatabaseThere(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === '42P04' || error.code === '23505')
  );
}

async function migrate(options: DatabaseOptions): Promise<void> {
  const quiet = options.logger.child({}, { level: 'warn' });
  await runner({
    databaseUrl: databaseUrl(options.adminUrl, options.database),
    dir: options.migrationsDir,
    direction: 'up',
    migrationsTable: 'migrations',
    advisoryLockMode: 'wait',
    logger: {
      debug: (message) => quiet.debug(message),
      info: (message) => quiet.info(message),
      warn: (message) => quiet.warn(message),
      error: (message) => quiet.error(message),
    },
  });
}
