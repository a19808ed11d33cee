// The metrics of what the reactor stands on: its stores, and the platform's Kafka. Rows of the
// table in `metrics.ts`, in a file of their own.
import type { Metric } from './family.js';
import { counter, gauge } from './metric-row.js';

const STORE = ['store'] as const;

export const HEALTH_METRICS = {
  storeUp: gauge('canary_store_up', 'Whether our store answers questions about itself', STORE),
  storePing: gauge('canary_store_ping_seconds', 'How long that answer took', STORE),
  postgresConnections: gauge(
    'canary_postgres_connections',
    'Connections to the server of our database: to it (reactor) or to others',
    ['owner', 'state'],
  ),
  postgresConnectionsMax: gauge(
    'canary_postgres_connections_max',
    'Connections that the server allows in all',
    [],
  ),
  postgresDatabase: gauge('canary_postgres_database_bytes', 'Size of our database', []),
  redisClients: gauge('canary_redis_clients', 'Connections to our Redis', []),
  redisMemory: gauge('canary_redis_used_memory_bytes', 'Memory that our Redis uses', []),
  redisMemoryMax: gauge(
    'canary_redis_max_memory_bytes',
    'Memory that it may use; 0 is without a limit',
    [],
  ),
  redisEvicted: counter(
    'canary_redis_evicted_keys_total',
    'Keys that it forgot before their time for want of memory; any is a lost stamp',
    [],
  ),
  kafkaLogEnd: gauge('protocol_kafka_log_end_offset', 'The offset after the last record', [
    'topic',
  ]),
  kafkaLag: gauge(
    'protocol_kafka_consumer_lag_events',
    'Records that a group of the platform has not committed yet',
    ['group', 'topic'],
  ),
} as const satisfies Readonly<Record<string, Metric>>;
