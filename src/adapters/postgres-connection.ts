// The connections to PostgreSQL: bounded in number and time, and every failure of theirs named.
import pg from 'pg';
import type { Logger } from 'pino';
import { StoreUnavailableError } from './store-unavailable-error.js';

export interface PostgresOptions {
  readonly url: string;
  readonly connectionsMax: number;
  /** Waiting for a connection, free or new. */
  readonly connectTimeoutMs: number;
  /** One statement, on the server and as we wait for it. */
  readonly statementTimeoutMs: number;
  readonly logger: Logger;
}

/** A statement with a name is planned once per connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

const IDLE_TIMEOUT_MS = 5 * 60_000;

/** One statement; throws `StoreUnavailableError` while PostgreSQL is away or too busy. */
export type Query = <Row extends pg.QueryResultRow>(
  statement: Statement,
  values?: readonly unknown[],
) => Promise<readonly Row[]>;

export interface Transaction {
  readonly name: string;
  /** A snapshot for all statements, or for each the newest that is committed. */
  readonly isolation: 'repeatable read' | 'read committed';
}

/** Nothing is retried here. */
export interface Postgres {
  /** One statement in one round trip, which is one transaction. */
  readonly query: Query;
  /**
   * Several statements over one connection as one transaction: all of it or, when `work` or the
   * way to the server fails, nothing. Only a commit whose answer is lost may be either.
   */
  transaction<T>(named: Transaction, work: (query: Query) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Connects when first used, and again by itself after an outage. */
export function openPostgres(options: PostgresOptions): Postgres {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connectionsMax,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    query_timeout: options.statementTimeoutMs,
    application_name: 'canary-reactor',
    keepAlive: true,
    // Verdicts come in bursts; a warm connection has its statements planned.
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
  });
  // A connection that breaks while idle is replaced by the next query; unheard, it would end us.
  pool.on('error', (error) => options.logger.warn({ err: error }, 'postgres connection'));
  return {
    query: namedQuery(pool),
    transaction: (named, work) => transact(pool, named, work),
    close: () => pool.end(),
  };
}

function namedQuery(connection: pg.Pool | pg.ClientBase): Query {
  return async <Row extends pg.QueryResultRow>(
    { name, text }: Statement,
    values: readonly unknown[] = [],
  ) => {
    try {
      const query = { name, text, values: [...values] };
      return (await connection.query<Row>(query)).rows;
    } catch (error) {
      throw isAway(error) ? new StoreUnavailableError('postgres', name, error) : error;
    }
  };
}

async function transact<T>(
  pool: pg.Pool,
  { isolation, name }: Transaction,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  const client = await pool.connect().catch((cause: unknown) => {
    throw new StoreUnavailableError('postgres', name, cause);
  });
  const query = namedQuery(client);
  // A connection that breaks between two statements fails the next; unheard, it would end us.
  const unheard = () => undefined;
  client.on('error', unheard);
  try {
    const begin = `begin isolation level ${isolation}`;
    await query({ name: `canary-${isolation}`, text: begin });
    const result = await work(query);
    await query({ name: 'canary-commit', text: 'commit' });
    client.off('error', unheard);
    client.release();
    return result;
  } catch (error) {
    // A connection in an unknown state is closed, which ends its transaction, too.
    client.release(true);
    throw error;
  }
}

/** SQLSTATE classes that say "not now": connection, resources, operator, system, rollback. */
const AWAY_CLASSES: readonly string[] = ['08', '53', '57', '58', '40', '55', '25'];

/** Whether PostgreSQL is away or busy, rather than our statement or our code wrong. */
export function isAway(error: unknown): boolean {
  if (error instanceof TypeError) return false;
  // Whatever did not come from the server came from the way to it.
  if (!(error instanceof pg.DatabaseError)) return true;
  return error.code === undefined || AWAY_CLASSES.includes(error.code.slice(0, 2));
}
