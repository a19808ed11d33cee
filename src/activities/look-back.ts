// Before a test says failed, it looks back: the stamp store and every frame's EventStore are asked.
import { type FrameStoredEvent, stampsInStore, transferIdIn } from '../domain/closing.js';
import type { FireOutcome } from '../domain/fire.js';
import type { FrameId } from '../domain/frame.js';
import { storedMemoOf } from '../domain/memo.js';
import type { Stamp } from '../domain/stamp.js';
import type { CanaryTest } from '../domain/test.js';
import type { LookBack } from '../domain/verdict.js';
import type { EventLookup, StampStore, StoredTest } from '../ports.js';
import { type ClockDependencies, measureOffsets } from './clock-readings.js';

export interface LookBackActivities {
  /** Asks everything once; what does not answer is a value, so that the verdict can say so. */
  lookBack(test: CanaryTest): Promise<LookBack>;
}

interface LookBackDependencies extends ClockDependencies {
  readonly lookup: EventLookup;
  readonly stamps: StampStore;
}

interface FrameAnswers {
  readonly events: readonly FrameStoredEvent[];
  readonly unreachableFrames: readonly FrameId[];
}

export function createLookBackActivities(deps: LookBackDependencies): LookBackActivities {
  return {
    async lookBack(test) {
      const askedAtMs = deps.clock.nowMs();
      const known = await readStore(deps.stamps, test);
      const answers = await askFrames(deps, test, known?.test?.transferId);
      const stamps = known?.stamps ?? [];
      return {
        stamps,
        unseen: stampsInStore(test, answers.events).filter((one) => !isAmong(one, stamps)),
        anyEvent: answers.events.length > 0,
        offsets: await measureOffsets(deps),
        unreachableFrames: answers.unreachableFrames,
        storeReachable: known !== undefined,
        fire: fireOf(known?.test),
        firedAtMs: known?.test?.firedAtMs,
        askedAtMs,
      };
    },
  };
}

/** Asks every frame for the events of a test, by memo and then by transfer id. */
export async function askFrames(
  deps: Pick<LookBackDependencies, 'frames' | 'lookup'>,
  test: CanaryTest,
  knownTransferId: string | undefined,
): Promise<FrameAnswers> {
  const byMemo = await askEach(deps.frames, (frame) =>
    deps.lookup.byMemo(frame, storedMemoOf(test.testId, test.path.backend)),
  );
  const transferId = knownTransferId ?? transferIdIn(test, byMemo.events);
  if (transferId === undefined) return byMemo;
  const byId = await askEach(deps.frames, (frame) => deps.lookup.byTransferId(frame, transferId));
  return {
    events: distinct([...byMemo.events, ...byId.events]),
    unreachableFrames: [...new Set([...byMemo.unreachableFrames, ...byId.unreachableFrames])],
  };
}

async function askEach(
  frames: readonly FrameId[],
  ask: (frame: FrameId) => ReturnType<EventLookup['byMemo']>,
): Promise<FrameAnswers> {
  const answers = await Promise.allSettled(frames.map(ask));
  return {
    events: answers.flatMap((answer, index) =>
      answer.status === 'fulfilled'
        ? answer.value.map((stored) => ({ frame: frames[index] ?? '', stored }))
        : [],
    ),
    unreachableFrames: frames.filter((_, index) => answers[index]?.status === 'rejected'),
  };
}

function distinct(events: readonly FrameStoredEvent[]): readonly FrameStoredEvent[] {
  const byPlace = new Map(events.map((one) => [`${one.frame}/${one.stored.sequence}`, one]));
  return [...byPlace.values()];
}

async function readStore(stamps: StampStore, test: CanaryTest) {
  try {
    const [stored, seen] = await Promise.all([
      stamps.test(test.testId),
      stamps.stamps(test.testId),
    ]);
    return { test: stored, stamps: seen };
  } catch {
    // An unreachable stamp store is an answer of its own: the verdict becomes `inconclusive`.
    return undefined;
  }
}

function fireOf(stored: StoredTest | undefined): FireOutcome {
  if (stored?.transferId === undefined || stored.acceptedAtMs === undefined) {
    return { kind: 'unanswered', message: 'no attempt was answered' };
  }
  return {
    kind: 'accepted',
    transferId: stored.transferId,
    acceptedAtMs: stored.acceptedAtMs,
  };
}

function isAmong(stamp: Stamp, stamps: readonly Stamp[]): boolean {
  return stamps.some((one) => one.frame === stamp.frame && one.name === stamp.name);
}
