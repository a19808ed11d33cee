// A world for the admin faces: the reference configuration, memory stores, and a platform and a
// Temporal that say what a case wants them to say.
import { readFileSync } from 'node:fs';
import { createHttpUpstreams } from '../../src/adapters/http-upstreams.js';
import type {
  AdminDependencies,
  AgentFloat,
  Audits,
  Cycles,
  PlatformReads,
  ServiceReads,
} from '../../src/admin/admin-dependencies.js';
import { type Config, parseConfig } from '../../src/config.js';
import { VALIDATED_EVENT_TYPES } from '../../src/domain/event.js';
import { frameIds } from '../../src/domain/frame.js';
import type { Closing, Result } from '../../src/domain/result.js';
import { type Scoreboard, scoreboardOf } from '../../src/domain/scoreboard.js';
import type { ResultStore, StampStore, ValidatorState, WorkerEntry } from '../../src/ports.js';
import { changesOf } from '../support/changes-of-results.js';
import { createMemoryActions } from '../support/memory-actions.js';
import { createMemoryApiTokens } from '../support/memory-api-tokens.js';
import { createMemoryResults } from '../support/memory-results.js';
import { createMemoryStamps } from '../support/memory-stamps.js';
import { createMemorySupply, type MemorySupply } from '../support/memory-supply.js';
import { createMemoryWindows } from '../support/memory-windows.js';
import { NOTHING_OLD } from '../support/nothing-old.js';
import { changeOf, emptySupply } from '../support/supply-samples.js';
import { away } from './away.js';

export { away, platformAway, temporalAway } from './away.js';
export { createListener, type Listener, OPERATOR } from './listener.js';

export const NOW_MS = Date.UTC(2026, 10, 23, 18, 30, 0);

const EXAMPLE = new URL('../../canary.example.yaml', import.meta.url);

const EXAMPLE_CONFIG = parseConfig('canary.example.yaml', readFileSync(EXAMPLE, 'utf8'), {});

export function exampleConfig(): Config {
  return EXAMPLE_CONFIG;
}

export interface World extends AdminDependencies {
  readonly results: ResultStore;
  readonly stamps: StampStore;
  readonly supply: MemorySupply;
  /** The cycles that were started, in order. */
  readonly started: Started[];
}

interface Started {
  readonly cycleId: string;
  readonly pathIds: readonly string[];
  readonly force: boolean;
}

/** What a case changes of a world in which all is well. */
export interface Twist {
  readonly config?: Config;
  readonly cycles?: Partial<Cycles>;
  readonly audits?: Partial<Audits>;
  readonly supply?: MemorySupply;
  readonly gateway?: Partial<PlatformReads['gateway']>;
  readonly platform?: Partial<PlatformReads>;
  readonly services?: Partial<ServiceReads>;
  readonly upstreams?: AdminDependencies['upstreams'];
  readonly floats?: readonly AgentFloat[];
  readonly workers?: readonly WorkerEntry[];
  readonly states?: readonly ValidatorState[];
  readonly redisAway?: boolean;
  readonly postgresAway?: boolean;
  readonly tokensAway?: boolean;
}

export function createWorld(twist: Twist = {}): World {
  const config = twist.config ?? exampleConfig();
  const clock = { nowMs: () => NOW_MS };
  const started: Started[] = [];
  const actions = createMemoryActions();
  const tokens = createMemoryApiTokens();
  const results = createMemoryResults();
  const stamps = createMemoryStamps(clock);
  const supply = twist.supply ?? createMemorySupply();
  return {
    config,
    clock,
    started,
    actions: twist.postgresAway ? { ...actions, begin: away('postgres') } : actions,
    windows: createMemoryWindows(),
    retention: NOTHING_OLD,
    cycles: { ...healthyCycles(started, results), ...twist.cycles },
    audits: { ...healthyAudits(supply), ...twist.audits },
    supply,
    results: twist.postgresAway ? awayResults(results) : results,
    changes: changesOf(results),
    tokens: twist.tokensAway ? { ...tokens, find: away('postgres') } : tokens,
    stamps: twist.redisAway ? { ...stamps, ping: away('redis') } : stamps,
    validators: {
      states: twist.redisAway ? away('redis') : async () => twist.states ?? statesOf(config),
    },
    workers: {
      alive: twist.redisAway ? away('redis') : async () => twist.workers ?? [WORKER],
    },
    upstreams: twist.upstreams ?? createHttpUpstreams([]),
    floats: { known: () => twist.floats ?? [] },
    services: { askKafka: async () => undefined, awayOf: async () => [], ...twist.services },
    platform: () => ({
      ...healthyPlatform(config),
      ...twist.platform,
      gateway: { ...healthyPlatform(config).gateway, ...twist.gateway },
    }),
  };
}

export const WORKER: WorkerEntry = {
  id: 'host-1',
  sdkMetricsUrl: 'http://127.0.0.1:9466/metrics',
  healthUrl: 'http://127.0.0.1:9465',
  startedAtMs: NOW_MS - 3_600_000,
};

/** Every validator of the topology, all well, with one of them changed. */
export function statesOf(
  config: Config,
  changed: Partial<ValidatorState> = {},
): readonly ValidatorState[] {
  return frameIds(config.topology).flatMap((frame) =>
    VALIDATED_EVENT_TYPES.map((eventType, index): ValidatorState => {
      const state: ValidatorState = {
        frame,
        eventType,
        feed: 'event-store',
        stream: 'open',
        watermark: 100,
        head: 100,
        caughtUp: true,
        lagMs: 4,
        reportedAtMs: NOW_MS - 500,
        worker: 'host-1',
        counts: {
          events: 9,
          stamped: 3,
          malformed: 0,
          unregistered: 0,
          backstopped: 0,
          reconnects: 0,
        },
      };
      return frame === 'A' && index === 0 ? { ...state, ...changed } : state;
    }),
  );
}

function awayResults(results: ResultStore): ResultStore {
  const reading = away('postgres');
  const reads = { ping: reading, cycles: reading, recent: reading, resultsOfCycle: reading };
  return { ...results, ...reads, pathTotals: reading };
}

/** A Temporal whose cycles fire at once and pass every test. */
function healthyCycles(started: World['started'], results: ResultStore): Cycles {
  return {
    load: async () => undefined,
    async start(cycleId, pathIds, force = false) {
      if (started.some((one) => one.cycleId === cycleId)) return 'already_started';
      started.push({ cycleId, pathIds, force });
      return 'started';
    },
    async scoreboard(cycleId) {
      const { pathIds } = started.at(-1) ?? { pathIds: [] };
      const paths = pathIds.length === 0 ? exampleConfig().paths.map(({ id }) => id) : pathIds;
      for (const pathId of paths) await storeClosed(results, resultOf(pathId, { cycleId }));
      return scoreboardOf(cycleId, paths.length, await results.resultsOfCycle(cycleId));
    },
    schedule: async () => ({
      kind: 'present',
      paused: false,
      note: undefined,
      nextAtMs: NOW_MS + 60_000,
    }),
    missingSearchAttributes: async () => [],
  };
}

function healthyPlatform(config: Config): PlatformReads {
  return {
    gateway: {
      balance: async () => ({
        availableBaseUnits: 1_000_000_000n,
        heldBaseUnits: 0n,
        status: 'active',
      }),
      clockOffset: async () => ({ offsetMs: 2, errorMs: 1.5 }),
      feeBasisPoints: async () => config.platform.feeBasisPoints,
    },
    lookup: { byMemo: async () => [] },
    supply: emptySupply(),
    feeds: {},
    askHealth: async () => undefined,
  };
}

/** Audits that are proven as soon as they are asked for. */
function healthyAudits(supply: MemorySupply): Audits {
  return {
    async start(auditId) {
      await supply.commit(changeOf(await supply.load(), auditId));
    },
    ended: async () => undefined,
    schedule: async () => ({ kind: 'present', paused: false, note: undefined, nextAtMs: NOW_MS }),
    pollers: async () => 1,
  };
}

/** A passed test of a path, its fire 900 ms before the verdict. */
export function resultOf(pathId: string, over: Partial<Result> = {}): Result {
  const path = exampleConfig().paths.find(({ id }) => id === pathId);
  if (path === undefined) throw new Error(`no path ${pathId} in the example`);
  const cycleId = over.cycleId ?? '20261123T183000Z';
  const decidedAtMs = over.decidedAtMs ?? NOW_MS;
  return {
    testId: `${cycleId}-${pathId}`,
    cycleId,
    pathId,
    backend: path.backend,
    amount: '10000',
    outcome: 'passed',
    failureSignal: undefined,
    phase: undefined,
    missing: [],
    reason: '',
    transferId: 'transfer-1',
    firedAtMs: decidedAtMs - 900,
    totalLatencyMs: 40,
    late: false,
    warmUp: false,
    maintenance: false,
    decidedAtMs,
    ...over,
  };
}

export const TIMED_OUT: Partial<Result> = {
  outcome: 'failed',
  failureSignal: 'timeout',
  phase: 'settlement',
  missing: ['cf_settled_local', 'cf_settled_remote'],
  reason: 'no cf_settled_local, cf_settled_remote before the final deadline',
  totalLatencyMs: undefined,
};

export function closingOf(over: Partial<Closing> = {}): Closing {
  return {
    unaskedFrames: [],
    absent: [],
    absentEvents: [],
    unobserved: [],
    degraded: false,
    latencies: { totalMs: 40, committedMs: 37, observerShareMs: 3 },
    stamps: [],
    findings: [],
    closedAtMs: NOW_MS,
    ...over,
  };
}

export async function storeClosed(
  results: ResultStore,
  result: Result,
  closing: Partial<Closing> = {},
): Promise<void> {
  await results.record(result, []);
  await results.close(result.testId, closingOf(closing), []);
}

/** Opens and closes a cycle, by hand without a slot, with the results stored under its id. */
export async function storeCycle(
  results: ResultStore,
  cycleId: string,
  slotMs: number | undefined,
  planned: number,
): Promise<Scoreboard> {
  const startedAtMs = slotMs ?? NOW_MS + 5_000;
  await results.openCycle({ cycleId, slotMs, planned, startedAtMs });
  const scoreboard = scoreboardOf(cycleId, planned, await results.resultsOfCycle(cycleId));
  await results.closeCycle(scoreboard, startedAtMs + 30_000);
  return scoreboard;
}
