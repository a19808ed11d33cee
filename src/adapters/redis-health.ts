// What our own Redis says of itself, over the connection that the reactor uses.
import type { Redis } from 'ioredis';
import type { RedisHealth } from '../domain/store-health.js';
import { attempted } from './redis-attempt.js';

/** One INFO, never retried. Throws `StoreUnavailableError`. */
export async function readRedisHealth(redis: Redis): Promise<RedisHealth> {
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
