// Closing a cycle: who fires a test closes it. Waits for verdicts, then for expected stamps until
// the soft deadline, asks the EventStores by transfer id, and stores what only now can be known.
import { activityInfo, sleep } from '@temporalio/activity';
import type { ClockOffsets } from '../domain/clock.js';
import { closeTest, outstandingStamps, stampsInStore } from '../domain/closing.js';
import type { FrameId } from '../domain/frame.js';
import type { Path } from '../domain/path.js';
import { askedUntilMs, expectedUntilMs, lostAtMs } from '../domain/patience.js';
import type { CyclePlan } from '../domain/plan.js';
import { type Scoreboard, scoreboardOf } from '../domain/scoreboard.js';
import { talliesOfClosing } from '../domain/tally.js';
import type { CanaryTest } from '../domain/test.js';
import { gapsClosed, warmUpEnd } from '../domain/warm-up.js';
import type {
  Clock,
  EventLookup,
  ResultStore,
  StampStore,
  StoredResult,
  TransferGateway,
  ValidatorBoard,
} from '../ports.js';
import { createClockReadings } from './clock-readings.js';
import { whileBeating } from './heartbeats.js';
import { askFrames } from './look-back.js';
import { appendNews } from './record-result.js';

export interface CloseDependencies {
  readonly clock: Clock;
  readonly frames: readonly FrameId[];
  readonly gateway: Pick<TransferGateway, 'clockOffset'>;
  readonly lookup: EventLookup;
  readonly results: ResultStore;
  readonly stamps: StampStore;
  readonly validators: ValidatorBoard;
  readonly settings: { readonly paths: readonly Path[] };
}

/** How often verdicts and stamps are looked for; nothing waits for it but the close. */
const LOOK_EVERY_MS = 500;
/** So many tests are looked at together: an EventStore that hangs must not hold up all others. */
const LOOKED_AT_ONCE = 6;
const HEARTBEAT_MS = 2_000;

interface Watch {
  readonly plan: CyclePlan;
  readonly offsets: () => Promise<ClockOffsets>;
  readonly startedByMs: number;
  readonly lookedSinceMs: number;
}

/** The activity that closes a cycle; started again it goes on, for every close is stored once. */
export function createCloseTests(deps: CloseDependencies) {
  return (plan: CyclePlan): Promise<Scoreboard> =>
    whileBeating(closeCycle(deps, plan), HEARTBEAT_MS);
}

async function closeCycle(deps: CloseDependencies, plan: CyclePlan): Promise<Scoreboard> {
  const watch: Watch = {
    plan,
    offsets: createClockReadings(deps),
    // Starting may have been held up; this activity is scheduled when the last test is started.
    startedByMs: Math.max(plan.startedAtMs + plan.spreadMs, activityInfo().scheduledTimestampMs),
    lookedSinceMs: deps.clock.nowMs(),
  };
  let open = await closeWhatCan(deps, watch, plan.tests);
  while (open.length > 0) {
    await sleep(LOOK_EVERY_MS);
    open = await closeWhatCan(deps, watch, open);
  }
  return finishCycle(deps, plan);
}

/** Closes every test that can be closed now; answers those that are worth waiting for. */
async function closeWhatCan(
  deps: CloseDependencies,
  watch: Watch,
  open: readonly CanaryTest[],
): Promise<readonly CanaryTest[]> {
  const stored = await deps.results.resultsOfCycle(watch.plan.cycleId);
  const results = new Map(stored.map((one) => [one.testId, one]));
  const left: CanaryTest[] = [];
  for (let first = 0; first < open.length; first += LOOKED_AT_ONCE) {
    const group = open.slice(first, first + LOOKED_AT_ONCE);
    const done = await Promise.all(
      group.map((test) => isDone(deps, watch, test, results.get(test.testId))),
    );
    left.push(...group.filter((_, index) => done[index] !== true));
  }
  return left;
}

/** Whether nothing is left to do for a test: it is closed, is closed now, or is lost. */
function isDone(
  deps: CloseDependencies,
  watch: Watch,
  test: CanaryTest,
  result: StoredResult | undefined,
): Promise<boolean> {
  if (result === undefined) return isLost(deps, watch, test);
  return result.closedAtMs === undefined
    ? tryClose(deps, watch, test, result)
    : Promise.resolve(true);
}

async function isLost(deps: CloseDependencies, watch: Watch, test: CanaryTest): Promise<boolean> {
  const { plan, startedByMs, lookedSinceMs } = watch;
  const nowMs = deps.clock.nowMs();
  const lostBy = (firedAtMs: number | undefined) =>
    nowMs >= lostAtMs(test, { startedByMs, lookedSinceMs, firedAtMs });
  // No test was fired before its cycle began: until then the stamp store need not be asked.
  if (!lostBy(plan.startedAtMs)) return false;
  return lostBy((await deps.stamps.test(test.testId))?.firedAtMs);
}

async function tryClose(
  deps: CloseDependencies,
  watch: Watch,
  test: CanaryTest,
  result: StoredResult,
): Promise<boolean> {
  const nowMs = deps.clock.nowMs();
  const mayWait = result.outcome === 'passed' && nowMs < expectedUntilMs(test, result);
  const stamps = await deps.stamps.stamps(test.testId);
  if (mayWait && outstandingStamps(test, stamps, deps.frames).length > 0) return false;
  const known = result.transferId ?? (await deps.stamps.test(test.testId))?.transferId;
  const answers = await askFrames(deps, test, known);
  if (answers.unreachableFrames.length > 0 && nowMs < askedUntilMs(test, result)) return false;
  const facts = {
    outcome: result.outcome,
    firedAtMs: result.firedAtMs,
    stamps,
    events: answers.events,
    frames: deps.frames,
    unaskedFrames: answers.unreachableFrames,
    offsets: await watch.offsets(),
  };
  const closing = closeTest(test, facts, deps.clock.nowMs());
  if (mayWait && closing.absentEvents.length > 0) return false;
  // Corrections and the mark first: a test that is closed is not looked at again.
  await appendNews(
    deps.results,
    test,
    result,
    [...stamps, ...stampsInStore(test, answers.events)],
    [],
  );
  await deps.stamps.markDecided(test.testId, result.outcome);
  await deps.results.close(test.testId, closing, talliesOfClosing(result, closing));
  return true;
}

async function finishCycle(deps: CloseDependencies, plan: CyclePlan): Promise<Scoreboard> {
  const results = await deps.results.resultsOfCycle(plan.cycleId);
  const paused = plan.paused?.length ?? 0;
  const planned = plan.tests.length + paused;
  const scoreboard = scoreboardOf(plan.cycleId, planned, results, paused);
  await deps.results.closeCycle(scoreboard, deps.clock.nowMs());
  // One path that passes proves nothing about the others: only a whole cycle ends a warm-up.
  const whole = planned === deps.settings.paths.length;
  await endWarmUp(deps, plan, scoreboard.clean && whole);
  return scoreboard;
}

async function endWarmUp(deps: CloseDependencies, plan: CyclePlan, clean: boolean): Promise<void> {
  const warmUp = await deps.results.warmUp();
  if (warmUp === undefined) return;
  const nowMs = deps.clock.nowMs();
  const end = warmUpEnd(warmUp, {
    nowMs,
    gapsClosed: gapsClosed(warmUp, deps.frames, await deps.validators.states()),
    cleanCycleStartedAtMs: clean ? plan.startedAtMs : undefined,
  });
  if (end !== undefined) await deps.results.endWarmUp(end, nowMs);
}
