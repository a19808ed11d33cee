// What our own PostgreSQL says of itself, over the connections that the reactor uses.
import type { PostgresHealth } from '../domain/store-health.js';
import type { Postgres } from './postgres-connection.js';

// The monitoring of a database must not read its tables: these are all kept in memory, but for the
// size, which counts files.
const POSTGRES_HEALTH = {
  name: 'canary-postgres-health',
  text: `select current_setting('max_connections')::int as connections_max,
      pg_database_size(current_database()) as database_bytes,
      coalesce(json_agg(c) filter (where c.owner is not null), '[]') as connections
    from (
      select case when datname = current_database() then 'reactor' else 'others' end as owner,
        case when state in ('active', 'idle') then state
          when state like 'idle in transaction%' then 'in_transaction' else 'others' end as state,
        count(*)::int as connections
      from pg_stat_activity where backend_type = 'client backend' group by 1, 2
    ) as c`,
};

interface HealthRow {
  readonly connections_max: number;
  readonly database_bytes: string;
  readonly connections: PostgresHealth['connections'];
}

/** One query, never retried. Throws `StoreUnavailableError`. */
export async function readPostgresHealth(postgres: Postgres): Promise<PostgresHealth> {
  const [row] = await postgres.query<HealthRow & Record<string, unknown>>(POSTGRES_HEALTH);
  if (row === undefined) throw new Error('PostgreSQL answers no row about itself');
  return {
    connectionsMax: row.connections_max,
    databaseBytes: Number(row.database_bytes),
    connections: row.connections,
  };
}
