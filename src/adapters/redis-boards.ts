// The boards in Redis: what validators and workers say of themselves, for exporter and pages.
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { VALIDATED_EVENT_TYPES } from '../domain/event.js';
import { REDIS_KEYS } from '../names.js';
import type { Clock, ValidatorBoard, ValidatorState, WorkerBoard, WorkerEntry } from '../ports.js';
import { attempted } from './redis-attempt.js';
import { readAs } from './redis-stamp-wire.js';

/** A worker that has not renewed its entry for this long counts as gone. */
export const WORKER_GONE_AFTER_MS = 15_000;
/** Entries of killed workers are dropped after this long, by those that live. */
const FORGET_AFTER_MS = 3_600_000;

interface StampedEntry extends WorkerEntry {
  readonly renewedAtMs: number;
}

const count = z.number();

/** JSON has no `undefined`: a lag that is not known yet is a key that is not there. */
const stateSchema: z.ZodType<ValidatorState> = z
  .object({
    frame: z.string(),
    eventType: z.enum(VALIDATED_EVENT_TYPES),
    feed: z.enum(['event-store', 'kafka']),
    stream: z.enum(['open', 'silent', 'closed']),
    watermark: z.number(),
    head: z.number(),
    caughtUp: z.boolean(),
    lagMs: z.number().optional(),
    reportedAtMs: z.number(),
    worker: z.string(),
    counts: z.object({
      events: count,
      stamped: count,
      malformed: count,
      unregistered: count,
      backstopped: count,
      reconnects: count,
    }),
  })
  .transform(({ lagMs, ...state }) => ({ ...state, lagMs }));

const entrySchema: z.ZodType<StampedEntry> = z.object({
  id: z.string(),
  sdkMetricsUrl: z.string(),
  healthUrl: z.string(),
  startedAtMs: z.number(),
  renewedAtMs: z.number(),
});

/**
 * Every call is one round trip, none is retried here. Both throw `StoreUnavailableError` while
 * Redis is away; reading throws `UnreadableRecordError` for an entry that none of us wrote.
 */
export function createRedisValidatorBoard(redis: Redis): ValidatorBoard {
  return {
    async report(state) {
      const field = `${state.frame}/${state.eventType}`;
      const text = JSON.stringify(state);
      await attempted('report', () => redis.hset(REDIS_KEYS.validators, field, text));
    },
    async states() {
      const fields = await attempted('states', () => redis.hgetall(REDIS_KEYS.validators));
      return Object.values(fields).map((text) => readAs(stateSchema, 'validator state', text));
    },
  };
}

/** Throws as the validators' board does. Renewing reads and drops what is long gone, too. */
export function createRedisWorkerBoard(redis: Redis, clock: Clock): WorkerBoard {
  return {
    async renew(entry) {
      const nowMs = clock.nowMs();
      const stamped: StampedEntry = { ...entry, renewedAtMs: nowMs };
      const text = JSON.stringify(stamped);
      await attempted('renew', () => redis.hset(REDIS_KEYS.workers, entry.id, text));
      const old = (await entries(redis)).filter((one) => nowMs - one.renewedAtMs > FORGET_AFTER_MS);
      if (old.length === 0) return;
      await attempted('forget', () => redis.hdel(REDIS_KEYS.workers, ...old.map(({ id }) => id)));
    },
    async remove(id) {
      await attempted('remove', () => redis.hdel(REDIS_KEYS.workers, id));
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
  const fields = await attempted('workers', () => redis.hgetall(REDIS_KEYS.workers));
  return Object.values(fields).map((text) => readAs(entrySchema, 'worker entry', text));
}
