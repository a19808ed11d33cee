// The shared store of registered tests and their stamps, in Redis (Valkey, or Redis 6.2 and later).
import type { Redis } from 'ioredis';
import { BACKENDS } from '../domain/backend.js';
import { frameStampField, stampField } from '../domain/stamp.js';
import type { TestId } from '../domain/test.js';
import { OUTCOMES } from '../domain/verdict.js';
import { REDIS_KEYS } from '../names.js';
import type { Clock, OpenTest, StampStore, StoredTest } from '../ports.js';
import { attempted } from './redis-attempt.js';
import { TEST_FIELDS as F, type StampCommands, withStampCommands } from './redis-scripts.js';
import {
  readRegistration,
  readStamp,
  readTime,
  stampTextsIn,
  writeTime,
} from './redis-stamp-wire.js';
import { UnknownRecordError, UnreadableRecordError } from './store-unavailable-error.js';

export interface RedisStampsDependencies {
  readonly redis: Redis;
  readonly clock: Clock;
  /** How long a test is remembered: longer than the longest final deadline, and a day. */
  readonly rememberMs: number;
  /** Told of every record that none of us wrote, for it counts as not there. */
  readonly onUnreadable: (error: UnreadableRecordError) => void;
}

/** More tests than this are not open at once; a reader of the gauge is not worth more memory. */
const OPEN_TESTS_MAX = 10_000;

type Store = RedisStampsDependencies & { readonly redis: Redis & StampCommands };

/**
 * Every call is one round trip, none is retried here; all throw `StoreUnavailableError` while Redis
 * is away, and writes about a test that is not registered throw `UnknownRecordError`. What somebody
 * else has written into a hash counts as not there: one such record must not hold up all events
 * behind it. Where that leaves a test without a stamp, its close asks the EventStores.
 */
export function createRedisStamps(dependencies: RedisStampsDependencies): StampStore {
  const store: Store = { ...dependencies, redis: withStampCommands(dependencies.redis) };
  const writes = writesOf(store);
  return { ...writes, ...readsOf(store) };
}

function writesOf(store: Store) {
  const { redis, clock, rememberMs } = store;
  const register: StampStore['register'] = async (test) => {
    const { testId, path, deadlines } = test;
    const nowMs = clock.nowMs();
    const [registration, firedAt] = await attempted('register', () =>
      redis.canaryRegister(
        REDIS_KEYS.test(testId),
        REDIS_KEYS.openTests,
        JSON.stringify(test),
        path.id,
        path.backend,
        deadlines.softMs,
        testId,
        nowMs + deadlines.softMs,
        rememberMs,
        nowMs - rememberMs,
      ),
    );
    return { ...readRegistration(registration ?? ''), firedAtMs: readTime(firedAt) };
  };

  const markFired: StampStore['markFired'] = async (testId, atMs) => {
    const keys = [REDIS_KEYS.test(testId), REDIS_KEYS.openTests] as const;
    const firedAt = await attempted('markFired', () =>
      redis.canaryMarkFired(...keys, writeTime(atMs), testId, atMs),
    );
    return Date.parse(known(testId, firedAt));
  };

  const markAccepted: StampStore['markAccepted'] = async (testId, transferId, atMs) => {
    const keys = [REDIS_KEYS.test(testId), REDIS_KEYS.testOfTransfer(transferId)] as const;
    const done = await attempted('markAccepted', () =>
      redis.canaryMarkAccepted(...keys, writeTime(atMs), transferId, testId, rememberMs),
    );
    known(testId, done);
  };

  const markDecided: StampStore['markDecided'] = async (testId, outcome) => {
    const keys = [REDIS_KEYS.test(testId), REDIS_KEYS.openTests] as const;
    await attempted('markDecided', () => redis.canaryMarkDecided(...keys, outcome, testId));
  };

  const indexTransfer: StampStore['indexTransfer'] = async (transferId, testId) => {
    const key = REDIS_KEYS.testOfTransfer(transferId);
    await attempted('indexTransfer', () => redis.set(key, testId, 'PX', rememberMs, 'NX'));
  };

  const stamp: StampStore['stamp'] = async (testId, one) => {
    const key = REDIS_KEYS.test(testId);
    const field = frameStampField(one.name, one.frame);
    const text = JSON.stringify(one);
    const kept = await attempted('stamp', () =>
      redis.canaryStamp(key, field, text, stampField(one.name), writeTime(one.seenAtMs)),
    );
    const first = readable(store, () => readStamp(known(testId, kept)));
    if (first !== undefined) return first;
    await attempted('stamp', () => redis.hset(key, field, text));
    return one;
  };

  return { register, markFired, markAccepted, markDecided, indexTransfer, stamp };
}

function readsOf(store: Store) {
  const { redis } = store;
  const test: StampStore['test'] = async (testId) => {
    const fields = [F.registration, F.firedAt, F.acceptedAt, F.transferId, F.outcome];
    const found = await attempted('test', () => redis.hmget(REDIS_KEYS.test(testId), ...fields));
    return readable(store, () => storedTestOf(found));
  };

  const testIdOfTransfer: StampStore['testIdOfTransfer'] = async (transferId) => {
    const key = REDIS_KEYS.testOfTransfer(transferId);
    return (await attempted('testIdOfTransfer', () => redis.get(key))) ?? undefined;
  };

  const stamps: StampStore['stamps'] = async (testId) =>
    stampTextsIn(await attempted('stamps', () => redis.hgetall(REDIS_KEYS.test(testId)))).flatMap(
      (text) => readable(store, () => readStamp(text)) ?? [],
    );

  const openTests: StampStore['openTests'] = () => attempted('openTests', () => readOpen(redis));

  const ping: StampStore['ping'] = async () => {
    await attempted('ping', () => redis.ping());
  };

  return { test, testIdOfTransfer, stamps, openTests, ping };
}

/** What was read, or `undefined` where it is no record of ours. */
function readable<T>({ onUnreadable }: Store, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnreadableRecordError)) throw error;
    onUnreadable(error);
    return undefined;
  }
}

function storedTestOf(found: readonly (string | null)[]): StoredTest | undefined {
  const [registration, firedAt, acceptedAt, transferId, outcome] = found;
  if (registration === null || registration === undefined) return undefined;
  return {
    ...readRegistration(registration),
    firedAtMs: readTime(firedAt),
    acceptedAtMs: readTime(acceptedAt),
    transferId: transferId ?? undefined,
    outcome: OUTCOMES.find((one) => one === outcome),
  };
}

/** The open tests by their soft deadlines, earliest first; a test that Redis forgot is left out. */
async function readOpen(redis: Redis): Promise<readonly OpenTest[]> {
  const limit = ['LIMIT', 0, OPEN_TESTS_MAX] as const;
  const scored = await redis.zrangebyscore(
    REDIS_KEYS.openTests,
    '-inf',
    '+inf',
    'WITHSCORES',
    ...limit,
  );
  const pipeline = redis.pipeline();
  const due: { testId: TestId; softDeadlineAtMs: number }[] = [];
  for (let index = 0; index + 1 < scored.length; index += 2) {
    const testId = scored[index] ?? '';
    due.push({ testId, softDeadlineAtMs: Number(scored[index + 1]) });
    pipeline.hmget(REDIS_KEYS.test(testId), F.path, F.backend);
  }
  const found = (await pipeline.exec()) ?? [];
  return due.flatMap((one, index) => {
    const [error, fields] = found[index] ?? [];
    if (error) throw error;
    const [pathId, name] = (fields ?? []) as readonly (string | null)[];
    const backend = BACKENDS.find((candidate) => candidate === name);
    return backend === undefined || typeof pathId !== 'string' ? [] : [{ ...one, pathId, backend }];
  });
}

function known<T>(testId: TestId, reply: T | null): T {
  if (reply === null) throw new UnknownRecordError('test', testId);
  return reply;
}
