// The operation `board`: everything that the canary page shows, in one cheap reading.
import { z } from 'zod';
import { feeOf, formatAmount } from '../../domain/amount.js';
import { BACKENDS, type Backend } from '../../domain/backend.js';
import { requirementOf } from '../../domain/contract.js';
import type { PathId } from '../../domain/path.js';
import { describeRequirement } from '../../domain/requirement.js';
import { WARM_UP_MAX_MS, type WarmUp } from '../../domain/warm-up.js';
import type { OpenTest, PathTotals, PathVerdict, StoredCycle } from '../../ports.js';
import type { AdminDependencies } from '../admin-dependencies.js';
import { done } from '../answer.js';
import { operation } from '../operation.js';
import {
  agentView,
  type BoardView,
  boardCycleView,
  boardPathView,
  boardSchema,
  latencyOf,
} from '../views/board-view.js';
import { utc, utcIfKnown } from '../views/time.js';
import { gapsBetween } from './read-status.js';
import { unlessAway } from './unless-away.js';
import { validatorViews } from './validator-health.js';

const DAY_MS = 86_400_000;
/** An hour of slots. */
const CYCLES_SHOWN = 60;
/** What the figures of committed latency and observer share stand on, an hour of slots as well. */
const VERDICTS_PER_PATH = 60;

export const readBoard = operation({
  name: 'board',
  summary: 'show the scoreboard of all paths with every live number of the canary page',
  role: 'read',
  input: z.strictObject({}),
  output: boardSchema,
  async run(deps) {
    const nowMs = deps.clock.nowMs();
    const [stored, live] = await Promise.all([
      unlessAway(readStored(deps, nowMs)),
      unlessAway(readLive(deps, nowMs)),
    ]);
    if (stored.problem !== undefined && live.problem !== undefined) throw stored.problem;
    const away = [stored.problem, live.problem].flatMap((problem) =>
      problem === undefined ? [] : [{ store: problem.store, reason: problem.message }],
    );
    return done({
      at: utc(nowMs),
      away,
      ...matrixOf(deps, stored.value, live.value?.open ?? [], nowMs),
      agents: agentsOf(deps),
      ...(stored.value === undefined ? {} : historyOf(deps, stored.value)),
      cycles: (stored.value?.cycles ?? []).map(boardCycleView),
      firing: firingOf(stored.value, live.value?.open ?? []),
      nextCycleAt: utc(nextSlotMs(nowMs, deps.config.cycle.interval)),
      ...(live.value?.shown ?? {}),
      ...factsOf(deps),
    });
  },
});

interface Stored {
  readonly totals: readonly PathTotals[];
  readonly newest: readonly PathVerdict[];
  readonly unpassed: ReadonlyMap<PathId, number>;
  readonly cycles: readonly StoredCycle[];
  readonly warmUp: WarmUp | undefined;
  readonly missed: number;
}

async function readStored(deps: AdminDependencies, nowMs: number): Promise<Stored> {
  const { config, results } = deps;
  const pathIds = config.paths.map(({ id }) => id);
  const [totals, newest, unpassed, cycles, warmUp, tallies] = await Promise.all([
    results.pathTotals(nowMs - DAY_MS),
    results.newestOfPaths(pathIds, VERDICTS_PER_PATH),
    results.unpassedSince(pathIds),
    results.cycles(CYCLES_SHOWN),
    results.warmUp(),
    results.tallies(),
  ]);
  const missed = tallies
    .filter(({ tally }) => tally === 'missed_slots')
    .reduce((sum, { add }) => sum + add, 0);
  const since = new Map(unpassed.map(({ pathId, sinceMs }) => [pathId, sinceMs]));
  return { totals, newest, unpassed: since, cycles, warmUp, missed };
}

async function readLive({ config, ...deps }: AdminDependencies, nowMs: number) {
  const [open, states, workers] = await Promise.all([
    deps.stamps.openTests(),
    deps.validators.states(),
    deps.workers.alive(),
  ]);
  const overdue = open.filter(({ softDeadlineAtMs }) => softDeadlineAtMs < nowMs);
  return {
    open,
    shown: {
      validators: [...validatorViews(config, states, nowMs)],
      workers: workers.length,
      openTests: open.length,
      overdueTests: overdue.length,
    },
  };
}

function matrixOf(
  { config }: AdminDependencies,
  stored: Stored | undefined,
  open: readonly OpenTest[],
  nowMs: number,
): Pick<BoardView, 'paths' | 'totals' | 'latency'> {
  const newest = stored?.newest ?? [];
  const paths = config.paths.map((path) =>
    boardPathView(path, {
      totals: stored?.totals.find(({ pathId }) => pathId === path.id),
      newest: newest.filter(({ pathId }) => pathId === path.id),
      unpassedSinceMs: stored?.unpassed.get(path.id),
      open: open.filter(({ pathId }) => pathId === path.id),
      nowMs,
    }),
  );
  const sum = (figure: 'passed' | 'of') => paths.reduce((all, path) => all + path[figure], 0);
  return {
    paths,
    totals: { passed: sum('passed'), of: sum('of') },
    latency: latencyOf(newest),
  };
}

function historyOf(
  { config }: AdminDependencies,
  { cycles, missed, warmUp }: Stored,
): Pick<BoardView, 'missedSlots' | 'warmUp'> {
  const slots = cycles.flatMap(({ slotMs }) => slotMs ?? []);
  return {
    missedSlots: { total: missed, recent: gapsBetween(slots, config.cycle.interval).map(utc) },
    warmUp: warmUp && {
      active: warmUp.endedAtMs === undefined,
      startedAt: utc(warmUp.startedAtMs),
      endedAt: utcIfKnown(warmUp.endedAtMs),
      endsAtLatest: utc(warmUp.startedAtMs + WARM_UP_MAX_MS),
    },
  };
}

/** The newest cycle of the schedule, while tests of it are still to be fired or judged. */
function firingOf(stored: Stored | undefined, open: readonly OpenTest[]): BoardView['firing'] {
  const cycle = stored?.cycles.find(({ slotMs }) => slotMs !== undefined);
  if (cycle === undefined || cycle.closedAtMs !== undefined) return undefined;
  const { cycleId, planned } = cycle;
  return {
    cycleId,
    planned,
    open: open.filter(({ testId }) => testId.startsWith(`${cycleId}-`)).length,
    judged: stored?.newest.filter((one) => one.cycleId === cycleId).length ?? 0,
  };
}

/** Slots are multiples of the interval since the epoch, as Temporal's interval schedules are. */
function nextSlotMs(nowMs: number, intervalMs: number): number {
  return (Math.floor(nowMs / intervalMs) + 1) * intervalMs;
}

function agentsOf({ config, floats }: AdminDependencies): BoardView['agents'] {
  const known = floats.known();
  const fee = feeOf(config.amountBaseUnits, config.platform.feeBasisPoints);
  return config.topology.frames.flatMap(({ registries }) =>
    registries.flatMap((registry) =>
      registry.agents.map((id) => {
        const paths = config.paths.filter(({ sender }) => sender === id).length;
        const testsPerDay = (BigInt(paths) * BigInt(DAY_MS)) / BigInt(config.cycle.interval);
        return agentView(
          { id, registry: registry.id, feesPerDay: fee * testsPerDay },
          known.find(({ agent }) => agent === id),
        );
      }),
    ),
  );
}

/** What configuration and contract say, so that no page types it in. */
function factsOf({
  config,
}: AdminDependencies): Pick<
  BoardView,
  'shape' | 'cadence' | 'requirements' | 'deadlines' | 'links'
> {
  return {
    shape: {
      frames: config.platform.frames.map(({ eventStore, id, registries }) => ({
        frame: id,
        registries: registries.map((registry) => registry.id),
        events: eventStore,
      })),
      lanes: config.platform.lanes,
      paths: byBackend((backend) => config.paths.filter((one) => one.backend === backend).length),
    },
    cadence: {
      intervalMs: config.cycle.interval,
      spreadMs: config.cycle.spread,
      amount: formatAmount(config.amountBaseUnits),
    },
    requirements: byBackend((backend) => describeRequirement(requirementOf(backend))),
    deadlines: byBackend((backend) => ({ ...config.deadlinesByBackend[backend] })),
    links: { ...config.links },
  };
}

function byBackend<T>(read: (backend: Backend) => T): Record<Backend, T> {
  return Object.fromEntries(BACKENDS.map((one) => [one, read(one)])) as Record<Backend, T>;
}
