// What cases on real components share: a topology that nobody else uses, a context, and waiting.
import { randomBytes } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { inject } from 'vitest';
import { systemClock } from '../../src/service/clock.js';
import type { ServiceContext } from '../../src/service/context.js';
import { createLogger } from '../../src/service/logger.js';
import { parseTopology, type Topology, topicName } from '../../src/topology.js';
import { freePortBase } from './free-ports.js';

/** Generous: the machine may be busy with much else. */
const DEADLINE_MS = 60_000;

/** For cases that start several services or processes. */
export const LONG_TEST_MS = 240_000;

export const hasKafka = inject('kafkaBrokers').length > 0;

export interface TestPlatform {
  readonly topology: Topology;
  readonly context: ServiceContext;
  /** The frames' ids, made up anew for each platform: so are databases, topics and groups. */
  readonly frameIds: readonly string[];
  /** Drops the frames' databases and topics. */
  remove(): Promise<void>;
}

export interface PlatformOptions {
  readonly pipe: Topology['pipe'];
  readonly frames?: number;
  readonly postgresUrl?: string;
  readonly kafkaBrokers?: readonly string[];
  readonly context?: Partial<ServiceContext>;
}

/** A platform with random frame ids on free ports. Nothing is started yet. */
export async function createTestPlatform(options: PlatformOptions): Promise<TestPlatform> {
  const frames = Array.from({ length: options.frames ?? 1 }, () => {
    const id = `T${randomBytes(4).toString('hex').toUpperCase()}`;
    return { id, registries: [`${id}R`] };
  });
  const topology = parseTopology({
    frames,
    pipe: options.pipe,
    portBase: await freePortBase(portOffsets(frames.length)),
    postgresUrl: options.postgresUrl ?? inject('postgresUrl'),
    ...(hasKafka && { kafkaBrokers: options.kafkaBrokers ?? inject('kafkaBrokers') }),
  });
  const logger = createLogger('test', process.env.LOG_LEVEL ?? 'silent');
  const base = { topology, logger, clock: systemClock, random: Math.random };
  const frameIds = frames.map((frame) => frame.id);
  return {
    topology,
    frameIds,
    context: { ...base, ...options.context },
    remove: async () => {
      await dropDatabases(frameIds);
      if (options.pipe === 'kafka') await deleteTopics(frameIds);
    },
  };
}

/** Polls until the answer is not undefined; fails after the deadline. */
export async function eventually<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`not so within ${deadlineMs} ms: ${ask}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Runs work on an administrator's connection. */
export async function asAdministrator<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function dropDatabases(frameIds: readonly string[]): Promise<void> {
  await asAdministrator(async (client) => {
    for (const frameId of frameIds) {
      const prefix = `frame\\_${frameId.toLowerCase()}\\_%`;
      const found = 'SELECT datname FROM pg_database WHERE datname LIKE $1';
      const { rows } = await client.query<{ datname: string }>(found, [prefix]);
      for (const { datname } of rows) await client.query(`DROP DATABASE ${datname} WITH (FORCE)`);
    }
  });
}

/** Of each frame 20, and of the traffic one. */
function portOffsets(frames: number): readonly number[] {
  return [...Array.from({ length: frames * 20 }, (_, index) => index), 90];
}

async function deleteTopics(frameIds: readonly string[]): Promise<void> {
  const brokers = [...inject('kafkaBrokers')];
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const existing = await admin.listTopics();
  const topics = frameIds.map(topicName).filter((topic) => existing.includes(topic));
  if (topics.length > 0) await admin.deleteTopics({ topics });
  await admin.disconnect();
}
