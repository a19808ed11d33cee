// The verdict: an algebra over the times of stamps, never over the clock of whoever looks.
import { type ClockOffsets, earliestCommitMs } from './clock.js';
import { isRefundable, requirementOf } from './contract.js';
import { formatEventId } from './event.js';
import type { FireOutcome } from './fire.js';
import type { FrameId } from './frame.js';
import { missingStamps, type TimeOfStamp, timeMet } from './requirement.js';
import type { Stamp, StampName } from './stamp.js';
import type { CanaryTest } from './test.js';

/** The phase of a transfer that broke. */
export type Phase = 'fire' | 'debit' | 'initiation' | 'settlement' | 'observation';

export type FailureSignal = 'refunded' | 'timeout' | 'rejected' | 'unreachable';

export type Verdict =
  | { readonly kind: 'pending' }
  | { readonly kind: 'passed' }
  | {
      readonly kind: 'failed';
      readonly signal: FailureSignal;
      readonly phase: Phase;
      readonly missing: readonly StampName[];
      readonly reason: string;
    }
  /** The platform did its part and our own pipe lost it. */
  | { readonly kind: 'observer'; readonly missing: readonly StampName[]; readonly reason: string }
  /** We could not look back, so nothing can be said. */
  | { readonly kind: 'inconclusive'; readonly reason: string }
  /** The agent's float did not suffice. */
  | { readonly kind: 'unpaid'; readonly reason: string };

export type DecidedVerdict = Exclude<Verdict, { kind: 'pending' }>;

/** The stored label of a verdict. */
export type Outcome = DecidedVerdict['kind'];

export const OUTCOMES: readonly Outcome[] = [
  'passed',
  'failed',
  'observer',
  'inconclusive',
  'unpaid',
];

export const FAILURE_SIGNALS: readonly FailureSignal[] = [
  'refunded',
  'timeout',
  'rejected',
  'unreachable',
];

export const PHASES: readonly Phase[] = [
  'fire',
  'debit',
  'initiation',
  'settlement',
  'observation',
];

/** What a test's workflow knows while it waits. */
export interface TestFacts {
  readonly fire: FireOutcome;
  readonly stamps: readonly Stamp[];
  /** When the first attempt left us; once known, it bars stamps committed after the deadline. */
  readonly firedAtMs?: number | undefined;
}

/** What was found when the deadline had come and everything was asked once more. */
export interface LookBack {
  /** Stamps in the shared store, whether or not their signals arrived. */
  readonly stamps: readonly Stamp[];
  /** Stamps that the EventStores' own answers would have raised, seen by nobody. */
  readonly unseen: readonly Stamp[];
  /** Whether an EventStore holds any event of the test at all, even one that may not stamp. */
  readonly anyEvent?: boolean;
  /** The frames' clocks; for one that could not be measured the assumed error holds. */
  readonly offsets?: ClockOffsets;
  /** Frames whose EventStore did not answer. */
  readonly unreachableFrames: readonly FrameId[];
  /** Whether the shared store itself could be read. */
  readonly storeReachable: boolean;
  readonly fire: FireOutcome;
  readonly firedAtMs: number | undefined;
  /** When all this was asked, epoch milliseconds. */
  readonly askedAtMs: number;
}

const PHASE_OF_STAMP: Readonly<Record<StampName, Phase>> = {
  tokens_xfer: 'debit',
  fee_collected: 'debit',
  cf_initiated: 'initiation',
  cf_settled_local: 'settlement',
  cf_settled_remote: 'settlement',
  cf_refunded: 'settlement',
};

const PASSED: Verdict = { kind: 'passed' };
const PENDING: Verdict = { kind: 'pending' };

/**
 * The verdict while the test still waits: complete, refunded, refused at once, or pending. A stamp
 * committed after the final deadline decides nothing here either, wherever it is met (decision 4).
 */
export function decide(test: CanaryTest, facts: TestFacts, clockErrorMs = 0): Verdict {
  const stamps = facts.stamps.filter(inTime(test, facts.firedAtMs, {}, clockErrorMs));
  const refund = refundVerdict(test, stamps);
  if (refund !== undefined) return refund;
  if (isComplete(test, stamps)) return PASSED;
  return immediateRefusal(facts.fire) ?? PENDING;
}

/**
 * The verdict when the final deadline has passed and everything was asked once more (decisions 4
 * to 6). Only stamps committed by the deadline, by corrected clocks and give or take their error,
 * still complete it: `clockErrorMs` is how far a clock may be from ours that was not measured.
 */
export function decideAfterLookBack(
  test: CanaryTest,
  facts: TestFacts,
  found: LookBack,
  clockErrorMs: number,
): DecidedVerdict {
  const firedAtMs = found.firedAtMs ?? facts.firedAtMs;
  const counts = inTime(test, firedAtMs, found.offsets ?? {}, clockErrorMs);
  const seen = [...facts.stamps, ...found.stamps].filter(counts);
  const anywhere = [...seen, ...found.unseen.filter(counts)];
  const refund = refundVerdict(test, anywhere);
  if (refund !== undefined) return refund;
  if (isComplete(test, seen)) return { kind: 'passed' };
  if (isComplete(test, anywhere)) return observerVerdict(test, seen);
  const fire = clearest(facts.fire, found.fire);
  const early = immediateRefusal(fire) ?? undecided(found);
  if (early !== undefined) return early;
  // An event after the deadline completes nothing, and still shows that the transfer was taken.
  const known = [...facts.stamps, ...found.stamps, ...found.unseen];
  const silent = known.length === 0 && found.anyEvent !== true;
  return (silent ? unfired(fire, firedAtMs) : undefined) ?? timeout(missingOf(test, anywhere));
}

/** The verdict of a test that was cancelled: what is known by then, or that nothing can be said. */
export function decideCancelled(
  test: CanaryTest,
  facts: TestFacts,
  clockErrorMs: number,
): DecidedVerdict {
  const known = decide(test, facts, clockErrorMs);
  if (known.kind !== 'pending') return known;
  return { kind: 'inconclusive', reason: 'cancelled before its verdict' };
}

/**
 * How long to wait on before the final deadline, in milliseconds, 0 when it has passed: a test
 * whose fire was delayed by our own outage gets its whole time.
 */
export function remainingMs(
  test: CanaryTest,
  firedAtMs: number | undefined,
  nowMs: number,
): number {
  return firedAtMs === undefined ? 0 : Math.max(0, firedAtMs + test.deadlines.finalMs - nowMs);
}

/** The earliest time of each stamp over all frames, by one of its three clocks. */
export function earliestTimes(
  stamps: readonly Stamp[],
  timeOf: (stamp: Stamp) => number,
): TimeOfStamp {
  const earliest = new Map<StampName, number>();
  for (const one of stamps) {
    const known = earliest.get(one.name);
    const time = timeOf(one);
    if (known === undefined || time < known) earliest.set(one.name, time);
  }
  return (name) => earliest.get(name);
}

/** Whether these stamps meet the backend's requirement, whichever frames saw them. */
export function isComplete(test: CanaryTest, stamps: readonly Stamp[]): boolean {
  const timeOf = earliestTimes(stamps, (one) => one.seenAtMs);
  return timeMet(requirementOf(test.path.backend), timeOf) !== undefined;
}

function inTime(
  test: CanaryTest,
  firedAtMs: number | undefined,
  offsets: ClockOffsets,
  unmeasuredErrorMs: number,
): (stamp: Stamp) => boolean {
  if (firedAtMs === undefined) return () => true;
  const deadlineMs = firedAtMs + test.deadlines.finalMs;
  return (one) => earliestCommitMs(test, one, offsets, unmeasuredErrorMs) <= deadlineMs;
}

function missingOf(test: CanaryTest, stamps: readonly Stamp[]): readonly StampName[] {
  return missingStamps(
    requirementOf(test.path.backend),
    earliestTimes(stamps, (one) => one.seenAtMs),
  );
}

function refundVerdict(test: CanaryTest, stamps: readonly Stamp[]): DecidedVerdict | undefined {
  if (!isRefundable(test.path.backend)) return undefined;
  const refund = stamps.filter((one) => one.name === 'cf_refunded').sort(byCommit)[0];
  if (refund === undefined) return undefined;
  return {
    kind: 'failed',
    signal: 'refunded',
    phase: 'settlement',
    missing: missingOf(test, stamps),
    reason: `the platform refunded the transfer (${formatEventId(refund.eventId)})`,
  };
}

/** The order of commits; the event's id settles ties, so that arrival order never shows. */
function byCommit(one: Stamp, other: Stamp): number {
  return (
    one.originCommittedAtMs - other.originCommittedAtMs ||
    one.eventId.position - other.eventId.position ||
    Number(one.eventId.producer > other.eventId.producer) -
      Number(one.eventId.producer < other.eventId.producer)
  );
}

/** A clear yes is kept, whoever heard it; else what the workflow itself was told. */
function clearest(told: FireOutcome, found: FireOutcome): FireOutcome {
  return told.kind === 'pending' || found.kind === 'accepted' ? found : told;
}

function immediateRefusal(fire: FireOutcome): DecidedVerdict | undefined {
  if (fire.kind === 'unpaid' && !fire.afterDoubt) return { kind: 'unpaid', reason: fire.message };
  if (fire.kind === 'refused' && !fire.afterDoubt) return rejected(fire.code, fire.message);
  return undefined;
}

function rejected(code: string, message: string): DecidedVerdict {
  return {
    kind: 'failed',
    signal: 'rejected',
    phase: 'fire',
    missing: [],
    reason: `the platform refused the transfer: ${code}: ${message}`,
  };
}

function observerVerdict(test: CanaryTest, seen: readonly Stamp[]): DecidedVerdict {
  const missing = missingOf(test, seen);
  return {
    kind: 'observer',
    missing,
    reason:
      'the EventStore holds what completes the test, ' +
      `no validator brought ${missing.join(', ')}`,
  };
}

function undecided(found: LookBack): DecidedVerdict | undefined {
  const blind = [
    ...(found.storeReachable ? [] : ['the stamp store']),
    ...found.unreachableFrames.map((frame) => `the EventStore of frame ${frame}`),
  ];
  if (blind.length === 0) return undefined;
  return { kind: 'inconclusive', reason: `could not look back at ${blind.join(' and ')}` };
}

/** What the deadline without any event makes of a fire that was never accepted (decision 5). */
function unfired(fire: FireOutcome, firedAtMs: number | undefined): DecidedVerdict | undefined {
  if (fire.kind === 'refused') return rejected(fire.code, fire.message);
  if (fire.kind === 'unpaid') return { kind: 'unpaid', reason: fire.message };
  return fire.kind === 'accepted' ? undefined : unreachable(fire, firedAtMs);
}

/** Where no attempt ever left us, the fault is ours and nothing can be said about the path. */
function unreachable(fire: FireOutcome, firedAtMs: number | undefined): DecidedVerdict {
  if (firedAtMs === undefined) return { kind: 'inconclusive', reason: 'no attempt ever left us' };
  const why = fire.kind === 'unanswered' ? fire.message : 'no answer';
  return {
    kind: 'failed',
    signal: 'unreachable',
    phase: 'fire',
    missing: [],
    reason: `no answer and no event before the final deadline: ${why}`,
  };
}

function timeout(missing: readonly StampName[]): DecidedVerdict {
  const first = missing[0];
  return {
    kind: 'failed',
    signal: 'timeout',
    phase: first === undefined ? 'observation' : PHASE_OF_STAMP[first],
    missing,
    reason: `no ${missing.join(', ')} before the final deadline`,
  };
}
