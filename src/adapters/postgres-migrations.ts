// The reactor's own tables, brought up to date by whichever worker comes first.
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Logger } from 'pino';
import { isAway } from './postgres-connection.js';
import { StoreUnavailableError } from './store-unavailable-error.js';

const MIGRATIONS_DIRECTORY = fileURLToPath(new URL('./migrations', import.meta.url));

/**
 * Runs what has not run yet, in one transaction, under an advisory lock: several workers may start
 * at once, and the later ones wait. Throws `StoreUnavailableError` while PostgreSQL is away.
 */
export async function migratePostgres(url: string, logger: Logger): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'canary-reactor' });
  client.on('error', (error) => logger.warn({ err: error }, 'postgres connection'));
  try {
    await client.connect();
  } catch (cause) {
    throw new StoreUnavailableError('postgres', 'migrations', cause);
  }
  try {
    await runner({
      dbClient: client,
      dir: MIGRATIONS_DIRECTORY,
      migrationsTable: 'canary_migrations',
      direction: 'up',
      singleTransaction: true,
      advisoryLockMode: 'wait',
      logger: runnerLogger(logger),
    });
  } catch (error) {
    throw isAway(error) ? new StoreUnavailableError('postgres', 'migrations', error) : error;
  } finally {
    await client.end();
  }
}

function runnerLogger(logger: Logger) {
  const note = (message: string) => logger.debug({ message }, 'migrations');
  return { debug: note, info: note, warn: note, error: note };
}
