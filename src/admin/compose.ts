// The composition root of the admin faces. Everything is opened when it is first used, so that a
// command needs only what it asks for, and what is away is told by its name.
import { pino } from 'pino';
import { z } from 'zod';
import { createHttpUpstreams, type HttpUpstream } from '../adapters/http-upstreams.js';
import { pingKafka } from '../adapters/kafka-ping.js';
import { openPlatform } from '../adapters/open-platform.js';
import { ask, parseJson } from '../adapters/platform-http.js';
import { baseUrl } from '../adapters/platform-read.js';
import { PlatformUnavailableError } from '../adapters/platform-unavailable-error.js';
import { createPostgresActions } from '../adapters/postgres-actions.js';
import { createPostgresApiTokens } from '../adapters/postgres-api-tokens.js';
import { createPostgresChanges } from '../adapters/postgres-changes.js';
import { openPostgres } from '../adapters/postgres-connection.js';
import { createPostgresResults } from '../adapters/postgres-results.js';
import { createPostgresRetention } from '../adapters/postgres-retention.js';
import { createPostgresSupply } from '../adapters/postgres-supply.js';
import { createPostgresWindows } from '../adapters/postgres-windows.js';
import { createRedisValidatorBoard, createRedisWorkerBoard } from '../adapters/redis-boards.js';
import { openRedis } from '../adapters/redis-connection.js';
import { createRedisStamps } from '../adapters/redis-stamps.js';
import { systemClock } from '../adapters/system-clock.js';
import type { Config } from '../config.js';
import { canaryAgents, type FrameId } from '../domain/frame.js';
import type {
  AdminDependencies,
  Audits,
  Cycles,
  PlatformReads,
  ServiceReads,
} from './admin-dependencies.js';
import { createFloatReads } from './agent-floats.js';

export interface OpenedDependencies extends AdminDependencies {
  /** Ends every connection that was opened. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 3_000;
/** The slowest reading of a face is a page of results. */
const READ_TIMEOUT_MS = 10_000;
const CONNECTIONS_MAX = 4;

/** What adapters would log, a face tells as its answer. */
const logger = pino({ level: 'silent' });

export function openDependencies(config: Config): OpenedDependencies {
  const postgres = openPostgres({
    url: config.stores.postgres,
    connectionsMax: CONNECTIONS_MAX,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    statementTimeoutMs: READ_TIMEOUT_MS,
    logger,
  });
  const redis = redisReads(config);
  const temporal = temporalFaces();
  const platform = once(() => platformReads(config));
  return {
    config,
    clock: systemClock,
    actions: createPostgresActions(postgres),
    windows: createPostgresWindows(postgres),
    retention: createPostgresRetention(postgres),
    cycles: temporal.cycles,
    audits: temporal.audits,
    supply: createPostgresSupply(postgres),
    results: createPostgresResults(postgres),
    changes: createPostgresChanges(postgres),
    tokens: createPostgresApiTokens(postgres),
    ...redis.reads,
    platform,
    services: serviceReads(config),
    upstreams: createHttpUpstreams(upstreamsOf(config)),
    floats: createFloatReads({
      agents: canaryAgents(config.topology),
      clock: systemClock,
      balance: (agent) => platform().gateway.balance(agent),
    }),
    async close() {
      await Promise.allSettled([postgres.close(), redis.close(), temporal.close()]);
    },
  };
}

/** Whom the proxies reach, and nobody else. */
export function upstreamsOf({ platform, upstreams }: Config): readonly HttpUpstream[] {
  const monitoring = Object.entries(upstreams).flatMap(([name, upstream]) =>
    upstream === undefined ? [] : [{ name, ...upstream }],
  );
  const registries = platform.frames.flatMap(({ registries }) => registries);
  return [...monitoring, ...registries.map(({ id, url }) => ({ name: id, url }))];
}

function platformReads(config: Config): PlatformReads {
  return { ...openPlatform(config, logger), askHealth };
}

async function askHealth(frame: FrameId, url: string): Promise<void> {
  const door = `${baseUrl(url)}/healthz`;
  const answer = await ask({ method: 'GET', url: door, timeoutMs: CONNECT_TIMEOUT_MS });
  if (answer.kind === 'answered' && answer.status === 200) return;
  const why = answer.kind === 'answered' ? `answered ${answer.status}` : answer.message;
  throw new PlatformUnavailableError(frame, door, why);
}

const readyzSchema = z.object({
  dependencies: z.array(
    z.object({ name: z.string(), ready: z.boolean(), problem: z.string().optional() }),
  ),
});

function serviceReads(config: Config): ServiceReads {
  return {
    askKafka: () => pingKafka(config.stores.kafka),
    async awayOf({ healthUrl }) {
      const url = `${healthUrl}/readyz`;
      const answer = await ask({ method: 'GET', url, timeoutMs: CONNECT_TIMEOUT_MS });
      if (answer.kind === 'unanswered') return undefined;
      const { data } = readyzSchema.safeParse(parseJson(answer.text));
      return data?.dependencies
        .filter(({ ready }) => !ready)
        .map(({ name, problem = 'no reason is given' }) => ({ name, problem }));
    },
  };
}

/** What is read from Redis, over one connection that the first reading opens. */
function redisReads(config: Config) {
  let opened: ReturnType<typeof openRedis> | undefined;
  const open = once(async () => {
    opened = openRedis({
      url: config.stores.redis,
      commandTimeoutMs: CONNECT_TIMEOUT_MS,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      logger,
    });
    const redis = await opened;
    return {
      // Only writes use how long a test is remembered, and no face writes.
      stamps: createRedisStamps({
        redis,
        clock: systemClock,
        rememberMs: 0,
        onUnreadable: (error) => logger.warn({ err: error }, 'a record of no one of us'),
      }),
      validators: createRedisValidatorBoard(redis),
      workers: createRedisWorkerBoard(redis, systemClock),
    };
  });
  return {
    reads: {
      stamps: {
        test: async (testId: string) => (await open()).stamps.test(testId),
        stamps: async (testId: string) => (await open()).stamps.stamps(testId),
        openTests: async () => (await open()).stamps.openTests(),
        ping: async () => (await open()).stamps.ping(),
      },
      validators: { states: async () => (await open()).validators.states() },
      workers: { alive: async () => (await open()).workers.alive() },
    },
    async close() {
      (await opened)?.disconnect();
    },
  };
}

interface TemporalFaces {
  readonly cycles: Cycles;
  readonly audits: Audits;
  readonly close: () => Promise<void>;
}

/** Temporal's libraries take long to load, so that only what starts or asks cycles loads them. */
function temporalFaces(): TemporalFaces {
  let close = async (): Promise<void> => undefined;
  const open = once(async () => {
    const { connectClient, temporalAddress } = await import('../adapters/temporal-connection.js');
    const { createTemporalAudits } = await import('./temporal-audits.js');
    const { createTemporalCycles } = await import('./temporal-cycles.js');
    const connect = once(async () => {
      const client = await connectClient();
      close = () => client.connection.close();
      return client;
    });
    const { address } = temporalAddress();
    return {
      ...createTemporalCycles(connect, address),
      audits: createTemporalAudits(connect, address),
    };
  });
  const cycles: Cycles = {
    load: async () => void (await open()),
    start: async (...how) => (await open()).start(...how),
    scoreboard: async (cycleId, signal) => (await open()).scoreboard(cycleId, signal),
    schedule: async () => (await open()).schedule(),
    missingSearchAttributes: async () => (await open()).missingSearchAttributes(),
  };
  const audits: Audits = {
    start: async (auditId) => (await open()).audits.start(auditId),
    ended: async (auditId, signal) => (await open()).audits.ended(auditId, signal),
    schedule: async () => (await open()).audits.schedule(),
    pollers: async () => (await open()).audits.pollers(),
  };
  return { cycles, audits, close: () => close() };
}

/** The first call's value for every call. */
function once<T>(open: () => T): () => T {
  let opened: { readonly value: T } | undefined;
  return () => {
    opened ??= { value: open() };
    return opened.value;
  };
}
