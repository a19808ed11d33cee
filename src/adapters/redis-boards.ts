// The boards in Redis: what validators and workers say of themselves, for exporter and pages.
import type { Redis } from 'ioredis';
import { REDIS_KEYS } from '../names.js';
import type { Clock, ValidatorBoard, ValidatorState, WorkerBoard, WorkerEntry } from '../ports.js';

/** A worker that has not renewed its entry for this long counts as gone. */
export const WORKER_GONE_AFTER_MS = 15_000;
/** Entries of killed workers are dropped after this long, by those that live. */
const FORGET_AFTER_MS = 3_600_000;

interface StampedEntry extends WorkerEntry {
  readonly renewedAtMs: number;
}

export function createRedisValidatorBoard(redis: Redis): ValidatorBoard {
  return {
    async report(state) {
      const field = `${state.frame}/${state.eventType}`;
      await redis.hset(REDIS_KEYS.validators, field, JSON.stringify(state));
    },
    async states() {
      const fields = await redis.hgetall(REDIS_KEYS.validators);
      return Object.values(fields).map((text) => JSON.parse(text) as ValidatorState);
    },
  };
}

export function createRedisWorkerBoard(redis: Redis, clock: Clock): WorkerBoard {
  return {
    async renew(entry) {
      const nowMs = clock.nowMs();
      const stamped: StampedEntry = { ...entry, renewedAtMs: nowMs };
      await redis.hset(REDIS_KEYS.workers, entry.id, JSON.stringify(stamped));
      const old = (await entries(redis)).filter((one) => nowMs - one.renewedAtMs > FORGET_AFTER_MS);
      if (old.length > 0) await redis.hdel(REDIS_KEYS.workers, ...old.map((one) => one.id));
    },
    async remove(id) {
      await redis.hdel(REDIS_KEYS.workers, id);
    },
    async alive() {
      const nowMs = clock.nowMs();
      return (await entries(redis)).filter(
        (one) => nowMs - one.renewedAtMs <= WORKER_GONE_AFTER_MS,
      );
    },
  };
}

async function entries(redis: Redis): Promise<readonly StampedEntry[]> {
  const fields = await redis.hgetall(REDIS_KEYS.workers);
  return Object.values(fields).map((text) => JSON.parse(text) as StampedEntry);
}
