// The boards in Redis: what is left there comes back, who is gone is not shown, and what goes wrong
// has a name.
import type { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import {
  createRedisValidatorBoard,
  createRedisWorkerBoard,
  WORKER_GONE_AFTER_MS,
} from '../../src/adapters/redis-boards.js';
import { openRedis } from '../../src/adapters/redis-connection.js';
import {
  StoreUnavailableError,
  UnreadableRecordError,
} from '../../src/adapters/store-unavailable-error.js';
import { REDIS_KEYS } from '../../src/names.js';
import type { ValidatorState, WorkerEntry } from '../../src/ports.js';
import { freePortRow } from '../support/free-ports.js';

const NOW_MS = Date.UTC(2026, 10, 23, 18, 30);
const logger = pino({ level: 'silent' });
const HOUR_MS = 3_600_000;

const STATE: ValidatorState = {
  frame: 'A',
  eventType: 'TokensTransferred',
  feed: 'event-store',
  stream: 'open',
  watermark: 41,
  head: 42,
  caughtUp: true,
  lagMs: 3,
  reportedAtMs: NOW_MS,
  worker: 'worker-1',
  counts: {
    events: 9,
    stamped: 3,
    malformed: 1,
    unregistered: 2,
    backstopped: 0,
    reconnects: 1,
  },
};
const WORKER: WorkerEntry = {
  id: 'worker-1',
  sdkMetricsUrl: 'http://127.0.0.1:1/metrics',
  healthUrl: 'http://127.0.0.1:2',
  startedAtMs: NOW_MS,
};

let redis: Redis;
let nowMs = NOW_MS;
const clock = { nowMs: () => nowMs };

function connect(url: string): Promise<Redis> {
  return openRedis({ url, commandTimeoutMs: 2_000, connectTimeoutMs: 500, logger });
}

beforeAll(async () => {
  // A database of its own: the boards' keys are the same for everybody.
  redis = await connect(`${inject('redisUrl').replace(/\/\d*$/, '')}/7`);
});
beforeEach(async () => {
  nowMs = NOW_MS;
  await redis.flushdb();
});
afterAll(() => redis.disconnect());

describe('the validators’ board', () => {
  test.each<readonly [string, readonly ValidatorState[]]>([
    ['nothing', []],
    ['a state', [STATE]],
    ['one that has seen no canary event yet', [{ ...STATE, lagMs: undefined }]],
    ['one of each frame', [STATE, { ...STATE, frame: 'B', feed: 'kafka', stream: 'silent' }]],
  ])('%s comes back', async (_, states) => {
    const board = createRedisValidatorBoard(redis);
    for (const state of states) await board.report(state);
    expect(await board.states()).toEqual(states);
  });

  test('keeps the last state of each validator', async () => {
    const board = createRedisValidatorBoard(redis);
    await board.report(STATE);
    await board.report({ ...STATE, watermark: 42 });
    expect(await board.states()).toEqual([{ ...STATE, watermark: 42 }]);
  });
});

describe('the workers’ board', () => {
  test.each([
    ['alive when it has just said so', 0, [WORKER.id], 1],
    ['alive until it is silent too long', WORKER_GONE_AFTER_MS, [WORKER.id], 1],
    ['gone then, and remembered', WORKER_GONE_AFTER_MS + 1, [], 1],
    ['forgotten by whoever renews an hour later', HOUR_MS + 1, [], 0],
  ])('%s', async (_, silentMs, alive, kept) => {
    const board = createRedisWorkerBoard(redis, clock);
    await board.renew(WORKER);
    nowMs += silentMs;
    expect((await board.alive()).map(({ id }) => id)).toEqual(alive);
    await board.renew({ ...WORKER, id: 'another' });
    expect(await redis.hexists(REDIS_KEYS.workers, WORKER.id)).toBe(kept);
  });

  test('one that ends in order takes its entry along', async () => {
    const board = createRedisWorkerBoard(redis, clock);
    await board.renew(WORKER);
    await board.remove(WORKER.id);
    expect(await board.alive()).toEqual([]);
  });
});

describe('what goes wrong has a name', () => {
  test('an entry that none of us wrote', async () => {
    await redis.hset(REDIS_KEYS.validators, 'A/x', '{"frame":"A"}');
    await redis.hset(REDIS_KEYS.workers, 'x', 'no JSON');
    const states = createRedisValidatorBoard(redis).states();
    await expect(states).rejects.toThrow(UnreadableRecordError);
    await expect(states).rejects.toThrow('redis holds what is no validator state: {"frame":"A"}');
    const alive = createRedisWorkerBoard(redis, clock).alive();
    await expect(alive).rejects.toThrow(UnreadableRecordError);
    await expect(alive).rejects.toMatchObject({ text: 'no JSON', cause: expect.any(SyntaxError) });
  });

  test('a Redis that is away, in every call', async () => {
    const port = await freePortRow(1);
    const away = await connect(`redis://127.0.0.1:${port}`);
    const validators = createRedisValidatorBoard(away);
    const workers = createRedisWorkerBoard(away, clock);
    const calls = {
      report: () => validators.report(STATE),
      states: () => validators.states(),
      renew: () => workers.renew(WORKER),
      remove: () => workers.remove(WORKER.id),
      workers: () => workers.alive(),
    };
    try {
      for (const [operation, call] of Object.entries(calls)) {
        const error: unknown = await call().catch((one: unknown) => one);
        expect(error).toBeInstanceOf(StoreUnavailableError);
        expect(error).toMatchObject({ store: 'redis', operation, cause: expect.any(Error) });
      }
    } finally {
      away.disconnect();
    }
  });
});
