// Closing a cycle: who fires a test closes it. Waits for verdicts, then for expected stamps until
// the soft deadline, asks the EventStores by transfer id, and stores what only now can be known.
import { heartbeat, sleep } from '@temporalio/activity';
import { closeTest, outstandingStamps, stampsInStore } from '../domain/closing.js';
import type { FrameId } from '../domain/frame.js';
import type { ClockOffset, ClockOffsets } from '../domain/latency.js';
import type { Path } from '../domain/path.js';
import type { CyclePlan } from '../domain/plan.js';
import { type Scoreboard, scoreboardOf } from '../domain/scoreboard.js';
import { talliesOfClosing } from '../domain/tally.js';
import type { CanaryTest } from '../domain/test.js';
import { warmUpEnd } from '../domain/warm-up.js';
import type {
  Clock,
  EventLookup,
  ResultStore,
  StampStore,
  StoredResult,
  TransferGateway,
  ValidatorBoard,
} from '../ports.js';
import { askFrames } from './look-back.js';
import { appendNews } from './record-result.js';

export interface CloseDependencies {
  readonly clock: Clock;
  readonly frames: readonly FrameId[];
  readonly gateway: TransferGateway;
  readonly lookup: EventLookup;
  readonly results: ResultStore;
  readonly stamps: StampStore;
  readonly validators: ValidatorBoard;
  readonly settings: { readonly paths: readonly Path[] };
}

/** How often verdicts and stamps are looked for; nothing waits for it but the close. */
const LOOK_EVERY_MS = 500;
/** After the last final deadline a test without a verdict is given up as lost. */
const GIVE_UP_AFTER_MS = 120_000;

/** The activity that closes a cycle; started again it goes on, for every close is stored once. */
export function createCloseTests(deps: CloseDependencies) {
  return async (plan: CyclePlan): Promise<Scoreboard> => {
    const offsets = await measureOffsets(deps);
    const lastMs = Math.max(0, ...plan.tests.map((test) => test.deadlines.finalMs));
    const giveUpAtMs = plan.startedAtMs + plan.spreadMs + lastMs + GIVE_UP_AFTER_MS;
    let open = plan.tests;
    while (open.length > 0 && deps.clock.nowMs() < giveUpAtMs) {
      heartbeat(plan.tests.length - open.length);
      open = await closeWhatCan(deps, plan.cycleId, open, offsets);
      if (open.length > 0) await sleep(LOOK_EVERY_MS);
    }
    return finishCycle(deps, plan);
  };
}

/** Closes every test that can be closed now; answers those that cannot yet. */
async function closeWhatCan(
  deps: CloseDependencies,
  cycleId: string,
  open: readonly CanaryTest[],
  offsets: ClockOffsets,
): Promise<readonly CanaryTest[]> {
  const results = new Map(
    (await deps.results.resultsOfCycle(cycleId)).map((one) => [one.testId, one]),
  );
  const closed = new Set<string>();
  for (const test of open) {
    const result = results.get(test.testId);
    if (result === undefined) continue;
    if (result.closedAtMs !== undefined || (await tryClose(deps, test, result, offsets))) {
      closed.add(test.testId);
    }
  }
  return open.filter((test) => !closed.has(test.testId));
}

async function tryClose(
  deps: CloseDependencies,
  test: CanaryTest,
  result: StoredResult,
  offsets: ClockOffsets,
): Promise<boolean> {
  const nowMs = deps.clock.nowMs();
  const softAtMs = (result.firedAtMs ?? result.decidedAtMs) + test.deadlines.softMs;
  const mayWait = result.outcome === 'passed' && nowMs < softAtMs;
  const stamps = await deps.stamps.stamps(test.testId);
  if (mayWait && outstandingStamps(test, stamps, deps.frames).length > 0) return false;
  const transferId = result.transferId ?? (await deps.stamps.test(test.testId))?.transferId;
  const answers = await askFrames(deps, test, transferId);
  const finalAtMs = softAtMs + test.deadlines.finalMs;
  if (answers.unreachableFrames.length > 0 && nowMs < finalAtMs) return false;
  const facts = {
    outcome: result.outcome,
    firedAtMs: result.firedAtMs,
    stamps,
    events: answers.events,
    frames: deps.frames,
    offsets,
  };
  const closing = closeTest(test, facts, nowMs);
  if (mayWait && closing.absentEvents.length > 0) return false;
  // Corrections first: a test that is closed is not looked at again.
  const known = [...stamps, ...stampsInStore(test, answers.events)];
  await appendNews(deps.results, test, result, known, []);
  await deps.results.close(test.testId, closing, talliesOfClosing(result, closing));
  return true;
}

/** Clock offsets for the committed latencies; a frame that could not be measured has none. */
async function measureOffsets(deps: CloseDependencies): Promise<ClockOffsets> {
  const measured = await Promise.all(
    deps.frames.map(async (frame) => [frame, await deps.gateway.clockOffset(frame)] as const),
  );
  const known = measured.filter((entry): entry is [FrameId, ClockOffset] => entry[1] !== undefined);
  return Object.fromEntries(known);
}

async function finishCycle(deps: CloseDependencies, plan: CyclePlan): Promise<Scoreboard> {
  const results = await deps.results.resultsOfCycle(plan.cycleId);
  const scoreboard = scoreboardOf(plan.cycleId, plan.tests.length, results);
  await deps.results.closeCycle(scoreboard, deps.clock.nowMs());
  // One path that passes proves nothing about the others: only a whole cycle ends a warm-up.
  const whole = plan.tests.length === deps.settings.paths.length;
  await endWarmUp(deps, plan, scoreboard.clean && whole);
  return scoreboard;
}

async function endWarmUp(deps: CloseDependencies, plan: CyclePlan, clean: boolean): Promise<void> {
  const warmUp = await deps.results.warmUp();
  if (warmUp === undefined) return;
  const nowMs = deps.clock.nowMs();
  const states = await deps.validators.states();
  const end = warmUpEnd(warmUp, {
    nowMs,
    gapsClosed: states.length > 0 && states.every((one) => one.caughtUp),
    cleanCycleStartedAtMs: clean ? plan.startedAtMs : undefined,
  });
  if (end !== undefined) await deps.results.endWarmUp(end, nowMs);
}
