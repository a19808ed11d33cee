// A cycle that waits for its close: tests whose verdicts, stamps and events come at set moments.
import { createCloseTests } from '../../src/activities/close-tests.js';
import { type FrameStoredEvent, stampsInStore } from '../../src/domain/closing.js';
import { VALIDATED_EVENT_TYPES } from '../../src/domain/event.js';
import type { FrameId } from '../../src/domain/frame.js';
import type { Path } from '../../src/domain/path.js';
import type { CyclePlan } from '../../src/domain/plan.js';
import { resultOf } from '../../src/domain/result.js';
import type { Stamp } from '../../src/domain/stamp.js';
import { talliesOfResult } from '../../src/domain/tally.js';
import type { CanaryTest } from '../../src/domain/test.js';
import type { DecidedVerdict } from '../../src/domain/verdict.js';
import type { EventLookup, ValidatorState } from '../../src/ports.js';
import { ACCEPTED, FIRED_AT_MS, FRAMES, SHAPES, type Shape, testOf } from '../domain/builders.js';
import { storedEventsOf } from '../domain/platform.js';
import { at, begin, fakeClock } from '../support/activity-run.js';
import { createMemoryEventStores, createMemoryGateway } from '../support/memory-platform.js';
import { createMemoryResults } from '../support/memory-results.js';
import { createMemoryStamps } from '../support/memory-stamps.js';

/** One test of the cycle. Moments are milliseconds after the cycle's start. */
export interface Script {
  readonly shape: Shape;
  readonly softMs?: number;
  /** When it was fired, 0 unless told otherwise. */
  readonly firedMs?: number | 'never';
  readonly verdict?: DecidedVerdict | 'none';
  readonly decidedMs?: number;
  /** What the EventStores hold; all that a whole platform would, unless told otherwise. */
  readonly held?: readonly FrameStoredEvent[];
  /** When a validator brings a stamp; with the verdict, unless told otherwise. */
  readonly broughtMs?: (stamp: Stamp) => number | 'never';
}

export const PASSED: DecidedVerdict = { kind: 'passed' };
const DECIDED_MS = 100;

export const testOfScript = ({ shape, softMs = 10_000 }: Script): CanaryTest =>
  testOf(SHAPES[shape], { deadlines: { softMs, finalMs: 60_000 } });

/** All that a whole platform holds of a test, memos as the backend writes them. */
export function whole(shape: Shape): readonly FrameStoredEvent[] {
  const wrap = SHAPES[shape].backend === '2pc' ? 'cross_registry:' : '';
  return storedEventsOf(testOf(SHAPES[shape]), FRAMES).map((one) => {
    const { event } = one.stored;
    const memo = event.memo === undefined ? undefined : `${wrap}${event.memo}`;
    return { ...one, stored: { ...one.stored, event: { ...event, memo } } };
  });
}

export async function openWorld(scripts: readonly Script[]) {
  const results = createMemoryResults();
  const stamps = createMemoryStamps(fakeClock);
  const lookup = createMemoryEventStores(fakeClock);
  const gateway = createMemoryGateway();
  const exact = { offsetMs: 0, errorMs: 0 };
  gateway.offsets = { A: exact, B: exact, C: exact };
  const states: ValidatorState[] = [];
  const tests = scripts.map(testOfScript);
  const [first] = tests;
  const cycleId = first?.cycleId ?? '';
  const plan: CyclePlan = { cycleId, startedAtMs: FIRED_AT_MS, spreadMs: 0, tests };
  const slot = { cycleId, slotMs: FIRED_AT_MS, planned: tests.length, startedAtMs: FIRED_AT_MS };
  await results.openCycle(slot);
  const world = { results, stamps, lookup, gateway, states, plan };
  for (const [index, script] of scripts.entries()) {
    await schedule(world, script, tests[index] ?? testOfScript(script));
  }
  const closing = (
    paths: readonly Path[] = tests.map(({ path }) => path),
    over: Partial<EventLookup> = {},
  ) =>
    createCloseTests({
      clock: fakeClock,
      frames: FRAMES,
      gateway,
      lookup: { ...lookup, ...over },
      results,
      stamps,
      validators: { report: async () => undefined, states: async () => states },
      settings: { paths },
    });
  return {
    ...world,
    tests,
    beginClose: (...how: Parameters<typeof closing>) => begin(closing(...how), plan),
  };
}

type Scheduled = Pick<Awaited<ReturnType<typeof openWorld>>, 'results' | 'stamps' | 'lookup'>;

async function schedule(world: Scheduled, script: Script, one: CanaryTest): Promise<void> {
  const { held = whole(script.shape), verdict = PASSED, decidedMs = DECIDED_MS } = script;
  const { firedMs = 0, broughtMs = () => decidedMs } = script;
  const firedAtMs = firedMs === 'never' ? undefined : FIRED_AT_MS + firedMs;
  world.lookup.events.push(...held);
  await world.stamps.register(one);
  if (firedAtMs !== undefined) {
    at(firedAtMs, () => world.stamps.markFired(one.testId, firedAtMs));
  }
  const raised = stampsInStore(one, held);
  for (const stamp of raised) {
    const whenMs = broughtMs(stamp);
    if (whenMs !== 'never') {
      const seen = { ...stamp, seenAtMs: FIRED_AT_MS + whenMs };
      at(FIRED_AT_MS + whenMs, () => world.stamps.stamp(one.testId, seen));
    }
  }
  if (verdict === 'none') return;
  const transferId = held[0]?.stored.event.transferId;
  const fire = transferId === undefined ? ACCEPTED : { ...ACCEPTED, transferId };
  const facts = { stamps: raised, fire, firedAtMs };
  const result = resultOf(one, verdict, facts, FIRED_AT_MS + decidedMs);
  at(FIRED_AT_MS + decidedMs, () => world.results.record(result, talliesOfResult(result)));
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Every validator of every frame has caught up; `behind` of one frame has not. */
export function validatorStates(behind?: FrameId): readonly ValidatorState[] {
  return FRAMES.flatMap((frame) =>
    VALIDATED_EVENT_TYPES.map(
      (eventType): ValidatorState => ({
        frame,
        eventType,
        feed: 'event-store',
        stream: 'open',
        watermark: 1,
        head: 1,
        caughtUp: frame !== behind,
        lagMs: undefined,
        reportedAtMs: FIRED_AT_MS,
        worker: 'worker-1',
        counts: {
          events: 0,
          stamped: 0,
          malformed: 0,
          unregistered: 0,
          backstopped: 0,
          reconnects: 0,
        },
      }),
    ),
  );
}
