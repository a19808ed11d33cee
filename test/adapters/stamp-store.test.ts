// The stamp store's contract, in memory and in Redis; and what only Redis has: keys that operators
// read, an end of memory, and outages.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openRedis } from '../../src/adapters/redis-connection.js';
import { createRedisStamps } from '../../src/adapters/redis-stamps.js';
import { StoreUnavailableError } from '../../src/adapters/store-unavailable-error.js';
import { REDIS_KEYS } from '../../src/names.js';
import type { StampStore } from '../../src/ports.js';
import { createMemoryStamps } from '../support/memory-stamps.js';
import { stampAt, testOf } from '../support/samples.js';
import { openTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { contractClock, stampStoreContract } from './stamp-store.contract.js';

const REMEMBER_MS = 3_600_000;
const CLIENTS = 4;
const NOW_MS = contractClock.nowMs();
const logger = pino({ level: 'silent' });

function connect(url: string, commandTimeoutMs = 5_000): Promise<Redis> {
  return openRedis({ url, commandTimeoutMs, connectTimeoutMs: 2_000, logger });
}

function stampsOver(redis: Redis): StampStore {
  return createRedisStamps({
    redis,
    clock: contractClock,
    rememberMs: REMEMBER_MS,
    onUnreadable: (error) => unreadable.push(error.message),
  });
}

const unreadable: string[] = [];
let connections: readonly Redis[] = [];
let stores: readonly StampStore[] = [];

function firstConnection(): Redis {
  const [redis] = connections;
  if (redis === undefined) throw new Error('Redis is not connected');
  return redis;
}

function redisStores(): readonly [StampStore, ...StampStore[]] {
  const [store, ...more] = stores;
  if (store === undefined) throw new Error('Redis is not connected');
  return [store, ...more];
}

beforeAll(async () => {
  const url = inject('redisUrl');
  connections = await Promise.all(Array.from({ length: CLIENTS }, () => connect(url)));
  stores = connections.map(stampsOver);
});

afterAll(() => {
  for (const redis of connections) redis.disconnect();
});

const memory = createMemoryStamps(contractClock);
stampStoreContract('memory', () => [memory]);
stampStoreContract('Redis', redisStores);

describe('stamps in Redis', () => {
  test('the hash reads as the design names it, with the earliest time of all frames', async () => {
    const store = redisStores()[0];
    const one = testOf('A1.1-B1.1-async', randomUUID());
    await store.register(one);
    await store.markFired(one.testId, NOW_MS);
    const atA = { ...stampAt('cf_initiated', 'A', NOW_MS), seenAtMs: NOW_MS + 30 };
    const atB = { ...stampAt('cf_initiated', 'B', NOW_MS), seenAtMs: NOW_MS + 20 };
    const later = { ...stampAt('cf_initiated', 'C', NOW_MS), seenAtMs: NOW_MS + 40 };
    for (const stamp of [atA, atB, later]) await store.stamp(one.testId, stamp);
    const hash = await firstConnection().hgetall(`canary:${one.testId}`);
    expect(hash).toMatchObject({
      path: 'A1.1-B1.1-async',
      backend: 'async',
      fired_at: '2026-11-23T18:30:00.000Z',
      cf_initiated_seen_iso: '2026-11-23T18:30:00.020Z',
    });
    expect(JSON.parse(hash['cf_initiated_seen_iso@A'] ?? '')).toEqual(atA);
    expect(JSON.parse(hash.registration ?? '')).toEqual(one);
  });

  test('tests and reverse indexes are forgotten after their time, not before', async () => {
    const store = redisStores()[0];
    const redis = firstConnection();
    const transferId = randomUUID();
    const { testId } = await store.register(testOf('A1.1-B1.1-async', randomUUID()));
    await store.markAccepted(testId, transferId, NOW_MS);
    await store.stamp(testId, stampAt('tokens_xfer', 'A', NOW_MS));
    for (const key of [REDIS_KEYS.test(testId), REDIS_KEYS.testOfTransfer(transferId)]) {
      const leftMs = await redis.pttl(key);
      expect(leftMs).toBeGreaterThan(REMEMBER_MS - 60_000);
      expect(leftMs).toBeLessThanOrEqual(REMEMBER_MS);
    }
  });

  test('a test that Redis forgot is not open, and its place in the set is swept', async () => {
    const store = redisStores()[0];
    const redis = firstConnection();
    const [forgotten, ancient] = [randomUUID(), randomUUID()];
    await redis.zadd(REDIS_KEYS.openTests, NOW_MS, forgotten);
    await redis.zadd(REDIS_KEYS.openTests, NOW_MS - REMEMBER_MS - 1, ancient);
    await store.register(testOf('A1.1-B1.1-async', randomUUID()));
    const open = (await store.openTests()).map(({ testId }) => testId);
    expect(open).not.toContain(forgotten);
    expect(await redis.zscore(REDIS_KEYS.openTests, ancient)).toBeNull();
    expect(await redis.zscore(REDIS_KEYS.openTests, forgotten)).not.toBeNull();
    await redis.zrem(REDIS_KEYS.openTests, forgotten);
  });

  test('what none of us wrote counts as not there, is told, and is written over', async () => {
    const store = redisStores()[0];
    const redis = firstConnection();
    const { testId } = await store.register(testOf('A1.1-B1.1-async', randomUUID()));
    const readable = stampAt('cf_initiated', 'A', NOW_MS);
    const field = 'tokens_xfer_seen_iso@A';
    await store.stamp(testId, readable);
    await redis.hset(REDIS_KEYS.test(testId), field, 'no stamp');
    unreadable.length = 0;
    expect(await store.stamps(testId)).toEqual([readable]);
    const written = stampAt('tokens_xfer', 'A', NOW_MS);
    expect(await store.stamp(testId, written)).toEqual(written);
    expect(await redis.hget(REDIS_KEYS.test(testId), field)).toBe(JSON.stringify(written));
    await redis.hset(REDIS_KEYS.test(testId), 'registration', '{}');
    expect(await store.test(testId)).toBeUndefined();
    expect(unreadable).toEqual([
      'redis holds what is no stamp: no stamp',
      'redis holds what is no stamp: no stamp',
      'redis holds what is no registration: {}',
    ]);
  });

  test('a server that forgot the scripts is taught them again', async () => {
    const store = redisStores()[0];
    await firstConnection().script('FLUSH');
    const one = testOf('A1.1-B1.1-async', randomUUID());
    expect(await store.register(one)).toEqual({ ...one, firedAtMs: undefined });
  });
});

describe('while Redis is away', () => {
  async function throughProxy(commandTimeoutMs: number) {
    const { hostname, port } = new URL(inject('redisUrl'));
    const proxy = await openTcpProxy({ host: hostname, port: Number(port) });
    const redis = await connect(`redis://127.0.0.1:${proxy.port}`, commandTimeoutMs);
    return {
      proxy,
      store: stampsOver(redis),
      async close() {
        redis.disconnect();
        await proxy.close();
      },
    };
  }

  test('calls fail with a named error and go on by themselves when it is back', async () => {
    const { proxy, store, close } = await throughProxy(5_000);
    const one = testOf('A1.1-B1.1-async', randomUUID());
    await store.register(one);
    proxy.cut();
    await until(() => expect(store.ping()).rejects.toThrow(StoreUnavailableError));
    await expect(store.stamp(one.testId, stampAt('tokens_xfer', 'A', 1))).rejects.toMatchObject({
      name: 'StoreUnavailableError',
      store: 'redis',
      operation: 'stamp',
      cause: expect.any(Error),
    });
    await expect(store.openTests()).rejects.toThrow(StoreUnavailableError);
    proxy.restore();
    await until(() => store.ping());
    expect(await store.test(one.testId)).toMatchObject({ testId: one.testId });
    await close();
  });

  test('a command that is never answered ends by its timeout', async () => {
    const { proxy, store, close } = await throughProxy(200);
    proxy.stall();
    await expect(store.test('any')).rejects.toThrow(/timed out/);
    proxy.restore();
    await until(() => store.ping());
    await close();
  });

  test('opening does not fail where there is no Redis, and its commands say so', async () => {
    const { proxy, close } = await throughProxy(5_000);
    proxy.cut();
    const redis = await openRedis({
      url: `redis://127.0.0.1:${proxy.port}`,
      commandTimeoutMs: 1_000,
      connectTimeoutMs: 50,
      logger,
    });
    // Refused at once, not kept in a queue that an outage would fill.
    await expect(stampsOver(redis).ping()).rejects.toThrow(
      'redis is unavailable for ping: not connected',
    );
    proxy.restore();
    await until(() => stampsOver(redis).ping());
    redis.disconnect();
    await close();
  });
});
