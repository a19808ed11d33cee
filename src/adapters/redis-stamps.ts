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
import { readRegistration, readStamp, readTime, stampsIn, writeTime } from './redis-stamp-wire.js';
import { UnknownRecordError } from './store-unavailable-error.js';

export interface RedisStampsDependencies {
  readonly redis: Redis;
  readonly clock: Clock;
  /** How long a test is remembered: longer than the longest final deadline, and a day. */
  readonly rememberMs: number;
}

/** More tests than this are not open at once; a reader of the gauge is not worth more memory. */
const OPEN_TESTS_MAX = 10_000;

type Store = RedisStampsDependencies & { readonly redis: Redis & StampCommands };

/**
 * Every call is one round trip, none is retried here; all throw `StoreUnavailableError` while Redis
 * is away, and writes about a test that is not registered throw `UnknownRecordError`. A hash that
 * somebody else has written into throws `UnreadableRecordError`.
 */
export function createRedisStamps(dependencies: RedisStampsDependencies): StampStore {
  const store: Store = { ...dependencies, redis: withStampCommands(dependencies.redis) };
  const writes = writesOf(store);
  return { ...writes, ...readsOf(store) };
}

function writesOf({ redis, clock, rememberMs }: Store) {
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
    const kept = await attempted('stamp', () =>
      redis.canaryStamp(
        REDIS_KEYS.test(testId),
        frameStampField(one.name, one.frame),
        JSON.stringify(one),
        stampField(one.name),
        writeTime(one.seenAtMs),
      ),
    );
    return readStamp(known(testId, kept));
  };

  return { register, markFired, markAccepted, markDecided, indexTransfer, stamp };
}

function readsOf({ redis }: Store) {
  const test: StampStore['test'] = async (testId) => {
    const fields = [F.registration, F.firedAt, F.acceptedAt, F.transferId, F.outcome];
    const found = await attempted('test', () => redis.hmget(REDIS_KEYS.test(testId), ...fields));
    return storedTestOf(found);
  };

  const testIdOfTransfer: StampStore['testIdOfTransfer'] = async (transferId) => {
    const key = REDIS_KEYS.testOfTransfer(transferId);
    return (await attempted('testIdOfTransfer', () => redis.get(key))) ?? undefined;
  };

  const stamps: StampStore['stamps'] = async (testId) =>
    stampsIn(await attempted('stamps', () => redis.hgetall(REDIS_KEYS.test(testId))));

  const openTests: StampStore['openTests'] = () => attempted('openTests', () => readOpen(redis));

  const ping: StampStore['ping'] = async () => {
    await attempted('ping', () => redis.ping());
  };

  return { test, testIdOfTransfer, stamps, openTests, ping };
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
