// The stored row of a test: the verdict at once, the closing when it can be known.
import type { BaseUnits } from './amount.js';
import type { Backend } from './backend.js';
import type { ClockOffsets } from './clock.js';
import type { FrameEvent, FrameStamp } from './contract.js';
import type { Finding } from './finding.js';
import type { FireOutcome } from './fire.js';
import type { FrameId } from './frame.js';
import { isLate, type Latencies, totalLatencyMs } from './latency.js';
import type { PathId } from './path.js';
import type { Stamp, StampName } from './stamp.js';
import type { CanaryTest, TestId } from './test.js';
import type { DecidedVerdict, FailureSignal, Outcome, Phase } from './verdict.js';

export interface Result {
  readonly testId: TestId;
  readonly cycleId: string;
  readonly pathId: PathId;
  readonly backend: Backend;
  readonly amount: BaseUnits;
  readonly outcome: Outcome;
  readonly failureSignal: FailureSignal | undefined;
  readonly phase: Phase | undefined;
  readonly missing: readonly StampName[];
  readonly reason: string;
  readonly transferId: string | undefined;
  readonly firedAtMs: number | undefined;
  readonly totalLatencyMs: number | undefined;
  readonly late: boolean;
  readonly warmUp: boolean;
  readonly maintenance: boolean;
  readonly decidedAtMs: number;
}

/** What only the close can know (design, decision 9). */
export interface Closing {
  /**
   * Frames whose EventStore could not be asked. What is missing there is unknown, neither absent
   * nor a finding: the test is not `degraded` by it, and not proven clean either.
   */
  readonly unaskedFrames: readonly FrameId[];
  /** Expected stamps that neither a validator nor the EventStore ever brought: `degraded`. */
  readonly absent: readonly FrameStamp[];
  /** Expected events that the platform never emitted: `degraded` as well. */
  readonly absentEvents: readonly FrameEvent[];
  /** Expected stamps that the EventStore holds and no validator brought: our own loss. */
  readonly unobserved: readonly FrameStamp[];
  readonly degraded: boolean;
  readonly latencies: Latencies;
  readonly stamps: readonly Stamp[];
  readonly findings: readonly Finding[];
  readonly closedAtMs: number;
}

/** The row that a decided verdict becomes. */
export function resultOf(
  test: CanaryTest,
  verdict: DecidedVerdict,
  facts: {
    readonly stamps: readonly Stamp[];
    readonly fire: FireOutcome;
    readonly firedAtMs: number | undefined;
    /** The frames' clocks, needed only for a test that was seen late. */
    readonly offsets?: ClockOffsets;
  },
  decidedAtMs: number,
): Result {
  const { firedAtMs, stamps } = facts;
  const passed = verdict.kind === 'passed' && firedAtMs !== undefined;
  return {
    testId: test.testId,
    cycleId: test.cycleId,
    pathId: test.path.id,
    backend: test.path.backend,
    amount: test.amount,
    outcome: verdict.kind,
    failureSignal: verdict.kind === 'failed' ? verdict.signal : undefined,
    phase: phaseOf(verdict),
    missing: verdict.kind === 'failed' || verdict.kind === 'observer' ? verdict.missing : [],
    reason: verdict.kind === 'passed' ? '' : verdict.reason,
    // Events may tell the transfer before the answer to the fire does.
    transferId:
      facts.fire.kind === 'accepted' ? facts.fire.transferId : facts.stamps[0]?.transferId,
    firedAtMs,
    totalLatencyMs: passed ? totalLatencyMs(test, stamps, firedAtMs) : undefined,
    late: passed && isLate(test, stamps, firedAtMs, facts.offsets ?? {}),
    warmUp: test.warmUp,
    maintenance: test.maintenance ?? false,
    decidedAtMs,
  };
}

function phaseOf(verdict: DecidedVerdict): Phase | undefined {
  if (verdict.kind === 'failed') return verdict.phase;
  return verdict.kind === 'observer' ? 'observation' : undefined;
}
