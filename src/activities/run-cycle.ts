// The activities of a cycle: plan its tests, start each once, then wait for verdicts and close
// them.
import { activityInfo, heartbeat, sleep } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Path, PathId } from '../domain/path.js';
import { type CyclePlan, dueAtMs, type PlanSettings, planTest } from '../domain/plan.js';
import type { Scoreboard } from '../domain/scoreboard.js';
import { missedSlots } from '../domain/slot.js';
import { slotLabel } from '../domain/test.js';
import { isWarmingUp } from '../domain/warm-up.js';
import { pausedPaths, windowOver } from '../domain/window.js';
import type { Clock, ResultStore, TestWorkflows, WindowStore } from '../ports.js';
import { type CloseDependencies, createCloseTests } from './close-tests.js';

/** Who asks for a cycle: the schedule, or a person, for all paths or some. */
export interface CycleRequest {
  readonly slot: 'scheduled' | 'manual';
  /** Empty: all paths. */
  readonly pathIds: readonly PathId[];
  /** Whether paused paths are fired as well; absent means not. */
  readonly force?: boolean;
}

export interface PlanRequest extends CycleRequest {
  readonly dueAtMs: number | undefined;
  /** The cycle workflow's id: names a cycle fired by hand. */
  readonly runId: string;
}

export interface CycleActivities {
  planCycle(request: PlanRequest): Promise<CyclePlan>;
  /** Starts every test of the plan at its moment, each once for ever. */
  startTests(plan: CyclePlan): Promise<void>;
  /** Waits for every verdict, closes every test and the cycle. */
  closeTests(plan: CyclePlan): Promise<Scoreboard>;
}

export interface CycleSettings extends PlanSettings {
  readonly paths: readonly Path[];
  readonly intervalMs: number;
  readonly spreadMs: number;
}

export interface CycleDependencies extends CloseDependencies {
  readonly clock: Clock;
  readonly results: ResultStore;
  readonly tests: TestWorkflows;
  readonly windows: Pick<WindowStore, 'standing'>;
  readonly settings: CycleSettings;
}

/** Heartbeats leave at least this often while a cycle waits for its next fire. */
const HEARTBEAT_MS = 2_000;

export function createCycleActivities(deps: CycleDependencies): CycleActivities {
  return {
    planCycle: (request) => planCycle(deps, request),
    startTests: (plan) => startTests(deps, plan),
    closeTests: createCloseTests(deps),
  };
}

async function planCycle(deps: CycleDependencies, request: PlanRequest): Promise<CyclePlan> {
  const { results, settings, windows } = deps;
  const startedAtMs = deps.clock.nowMs();
  const slotMs = request.slot === 'scheduled' ? (request.dueAtMs ?? startedAtMs) : undefined;
  const cycleId = slotMs === undefined ? manualCycleId(request.runId) : slotLabel(slotMs);
  const paths = choosePaths(settings.paths, request.pathIds);
  const [warmUp, standing] = await Promise.all([results.warmUp(), windows.standing(startedAtMs)]);
  const cycle = { cycleId, slotMs, planned: paths.length, startedAtMs };
  const { previousSlotMs } = await results.openCycle(cycle);
  if (slotMs !== undefined) {
    await results.recordMissedSlots(missedSlots(previousSlotMs, slotMs, settings.intervalMs));
  }
  const warm = isWarmingUp(warmUp, startedAtMs);
  const paused = request.force === true ? [] : pausedPaths(standing, paths, startedAtMs);
  const fired = paths.filter(({ id }) => !paused.some(({ pathId }) => pathId === id));
  const inMaintenance = ({ id }: Path) =>
    windowOver(standing, 'maintenance', id, startedAtMs) !== undefined;
  return {
    cycleId,
    startedAtMs,
    spreadMs: settings.spreadMs,
    tests: fired.map((path) => planTest(cycleId, path, settings, warm, inMaintenance(path))),
    ...(paused.length === 0 ? {} : { paused }),
  };
}

function manualCycleId(runId: string): string {
  return runId.slice(runId.indexOf('/') + 1);
}

function choosePaths(paths: readonly Path[], pathIds: readonly PathId[]): readonly Path[] {
  const unknown = pathIds.find((id) => !paths.some((path) => path.id === id));
  if (unknown !== undefined) {
    throw ApplicationFailure.nonRetryable(`unknown path ${unknown}`, 'UnknownPath');
  }
  return pathIds.length === 0 ? paths : paths.filter((path) => pathIds.includes(path.id));
}

async function startTests(deps: CycleDependencies, plan: CyclePlan): Promise<void> {
  const done: unknown = activityInfo().heartbeatDetails;
  const first = typeof done === 'number' ? done : 0;
  for (const [index, test] of plan.tests.entries()) {
    if (index < first) continue;
    await sleepUntil(deps.clock, dueAtMs(plan, index), index);
    await deps.tests.start(test);
    heartbeat(index + 1);
  }
}

async function sleepUntil(clock: Clock, atMs: number, done: number): Promise<void> {
  for (let leftMs = atMs - clock.nowMs(); leftMs > 0; leftMs = atMs - clock.nowMs()) {
    heartbeat(done);
    await sleep(Math.min(leftMs, HEARTBEAT_MS));
  }
}
