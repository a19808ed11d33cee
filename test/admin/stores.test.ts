// The command line on real PostgreSQL and Redis: it reads what adapters wrote as it reads memory,
// and says by name what is away.
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openPostgres, type Postgres } from '../../src/adapters/postgres-connection.js';
import { migratePostgres } from '../../src/adapters/postgres-migrations.js';
import { createPostgresResults } from '../../src/adapters/postgres-results.js';
import {
  createRedisValidatorBoard,
  createRedisWorkerBoard,
} from '../../src/adapters/redis-boards.js';
import { createRedisStamps } from '../../src/adapters/redis-stamps.js';
import { systemClock } from '../../src/adapters/system-clock.js';
import { runCli } from '../../src/admin/cli.js';
import { type OpenedDependencies, openDependencies } from '../../src/admin/compose.js';
import { loadConfig } from '../../src/config.js';
import type { ResultStore, StampStore } from '../../src/ports.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { stampAt, testOf } from '../support/samples.js';
import {
  createWorld,
  exampleConfig,
  NOW_MS,
  resultOf,
  statesOf,
  storeClosed,
  storeCycle,
  TIMED_OUT,
  WORKER,
} from './world.js';

const EXAMPLE = fileURLToPath(new URL('../../canary.example.yaml', import.meta.url));
/** A Redis database of this file's own. */
const REDIS_DATABASE = 9;
const logger = pino({ level: 'silent' });
const clock = { nowMs: () => NOW_MS };
const PATH = 'A1.1-B1.1-async';

let database: OwnDatabase;
let postgres: Postgres;
let redis: Redis;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  database = await createOwnDatabase('admin');
  await migratePostgres(database.url, logger);
  postgres = openPostgres({
    url: database.url,
    connectionsMax: 2,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 5_000,
    logger,
  });
  const redisUrl = new URL(inject('redisUrl'));
  redisUrl.pathname = `/${REDIS_DATABASE}`;
  env = { CANARY_CONFIG: EXAMPLE, DATABASE_URL: database.url, REDIS_URL: redisUrl.href };
  redis = new Redis(redisUrl.href);
  await redis.flushdb();
  await fill(
    createPostgresResults(postgres),
    createRedisStamps({ redis, clock, rememberMs: 60_000, onUnreadable: () => undefined }),
  );
  await createRedisWorkerBoard(redis, systemClock).renew(WORKER);
  for (const state of statesOf(exampleConfig())) {
    await createRedisValidatorBoard(redis).report(state);
  }
});

afterAll(async () => {
  await redis.flushdb();
  redis.disconnect();
  await postgres.close();
  await database.drop();
});

/** A cycle of two tests, one of them failed and then corrected; and a test that still runs. */
async function fill(results: ResultStore, stamps: StampStore): Promise<void> {
  const failed = testOf(PATH);
  await stamps.register(failed);
  await stamps.markFired(failed.testId, NOW_MS - 900);
  await stamps.markAccepted(failed.testId, 'transfer-1', NOW_MS - 888);
  const stamp = { ...stampAt('cf_initiated', 'A', NOW_MS - 880), eventId: EVENT_ID };
  await stamps.stamp(failed.testId, stamp);
  await stamps.markDecided(failed.testId, 'failed');
  await storeClosed(results, resultOf(PATH, TIMED_OUT), { degraded: true, stamps: [stamp] });
  const correction = { kind: 'refund', testId: failed.testId, evidence: 'refunded' } as const;
  await results.append(failed.testId, { findings: [], corrections: [correction] });
  await storeClosed(results, resultOf('A1.1-A1.2-intra'));
  await storeCycle(results, '20261123T183000Z', NOW_MS, 2);
  await results.recordMissedSlots([NOW_MS - 60_000]);
  await results.beginWarmUp(NOW_MS - 600_000);
  const running = testOf('A1.2-A1.1-intra', '20261123T182900Z');
  await stamps.register(running);
  await stamps.markFired(running.testId, NOW_MS - 60_000);
}

const EVENT_ID = { producer: 'teg-a', position: 1 };

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(
  line: string,
  over: NodeJS.ProcessEnv,
  deps?: OpenedDependencies,
): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  const code = await runCli(line.split(' '), {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: { ...env, ...over },
    signal: new AbortController().signal,
    open: async (config) => deps ?? { ...openDependencies(config), clock },
  });
  return { code, stdout, stderr };
}

describe('real stores', () => {
  test.each([
    'status --json',
    'paths --json',
    'results --json',
    'results --outcome failed --json',
    `result 20261123T183000Z-${PATH} --json`,
    'result 20261123T182900Z-A1.2-A1.1-intra --json',
    'status',
    'results',
  ])('answer as memory does: %s', async (line) => {
    const world = createWorld();
    await fill(world.results, world.stamps);
    const memory = await run(line, {}, { ...world, close: async () => undefined });
    const real = await run(line, {});
    // The order of keys is no part of JSON, and PostgreSQL keeps another one.
    const read = line.endsWith('--json') ? JSON.parse : String;
    expect(read(real.stdout)).toEqual(read(memory.stdout));
    expect([real.code, real.stderr]).toEqual([memory.code, memory.stderr]);
    expect(real.stdout).not.toBe('');
  });
});

describe('a store that is away', () => {
  test.each([
    [
      'results',
      { DATABASE_URL: 'postgres://127.0.0.1:1/x' },
      /^postgres is unavailable [^/]+127\.0\.0\.1:1/,
    ],
    [
      'status',
      { DATABASE_URL: 'postgres://127.0.0.1:1/x', REDIS_URL: 'redis://127.0.0.1:1' },
      /^postgres is unavailable/,
    ],
  ])('is told by name: %s', async (line, over, message) => {
    const { code, stdout, stderr } = await run(line, over);
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toMatch(message);
  });

  test.each([
    ['redis', { REDIS_URL: 'redis://127.0.0.1:1' }, ['30/30', 'last', 'missedSlots'], 'workers'],
    ['postgres', { DATABASE_URL: 'postgres://127.0.0.1:1/x' }, ['workers', 'openTests'], 'last'],
  ] as const)('leaves the rest of the status: %s', async (store, over, known, unknown) => {
    const status = JSON.parse((await run('status --json', over)).stdout);
    const { code, stdout } = await run('status', over);
    expect(code).toBe(4);
    expect(status.red[0]).toMatchObject({ what: 'store', subject: store });
    for (const key of known.filter((one) => one !== '30/30')) expect(status).toHaveProperty(key);
    expect(status).not.toHaveProperty(unknown);
    expect(status.red.filter(({ what }: { what: string }) => what === 'worker')).toEqual(
      store === 'redis' ? [] : expect.any(Array),
    );
    expect(stdout).toContain(store === 'redis' ? 'workers      not known' : 'not known');
  });

  test('does not hold a command that does not need it', async () => {
    expect((await run('results', { REDIS_URL: 'redis://127.0.0.1:1' })).code).toBe(0);
  });

  test('leaves nothing open', async () => {
    const opened = openDependencies(loadConfig({ ...env, REDIS_URL: 'redis://127.0.0.1:1' }));
    await expect(opened.stamps.ping()).rejects.toThrow('redis is unavailable');
    await opened.close();
    await expect(opened.results.ping()).rejects.toThrow('postgres is unavailable');
  });
});
