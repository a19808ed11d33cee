// What our own PostgreSQL and Redis say of themselves, over the connections that the reactor uses.
import type { Redis } from 'ioredis';
import type { PostgresHealth, RedisHealth } from '../domain/store-health.js';
import type { StoreHealth } from '../ports.js';
import type { Postgres } from './postgres-connection.js';
import { attempted } from './redis-attempt.js';

/** Both throw `StoreUnavailableError`; neither is retried. */
export function createStoreHealth(postgres: Postgres, redis: Redis): StoreHealth {
  return {
    postgres: () => readPostgres(postgres),
    redis: () => readRedis(redis),
  };
}

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

async function readPostgres(postgres: Postgres): Promise<PostgresHealth> {
  const [row] = await postgres.query<HealthRow & Record<string, unknown>>(POSTGRES_HEALTH);
  if (row === undefined) throw new Error('PostgreSQL answers no row about itself');
  return {
    connectionsMax: row.connections_max,
    databaseBytes: Number(row.database_bytes),
    connections: row.connections,
  };
}

async function readRedis(redis: Redis): Promise<RedisHealth> {
  const text = await attempted('info', () => redis.info());
  const numberOf = (field: string): number => {
    const value = Number(new RegExp(`^${field}:(\\d+)\\r?$`, 'm').exec(text)?.[1]);
    if (!Number.isFinite(value)) throw new Error(`Redis says nothing of ${field}`);
    return value;
  };
  return {
    clients: numberOf('connected_clients'),
    usedMemoryBytes: numberOf('used_memory'),
    memoryMaxBytes: numberOf('maxmemory'),
    evictedKeys: numberOf('evicted_keys'),
  };
}
