// What is read of paths for a scoreboard of them all. Part of `ports.ts`, in a file of its own.
import type { PathId } from './domain/path.js';
import type { ClosedResult } from './domain/scoreboard.js';

/** Verdicts of one path over a time. */
export interface PathTotals {
  readonly pathId: PathId;
  readonly passed: number;
  readonly failed: number;
  /** Observer, inconclusive and unpaid: not held against the path. */
  readonly undecided: number;
  /** Of the passed ones, by the times that validators saw; the nearest rank. */
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
}

/** What a scoreboard shows of one verdict. */
export interface PathVerdict
  extends Pick<
    ClosedResult,
    | 'testId'
    | 'cycleId'
    | 'pathId'
    | 'outcome'
    | 'failureSignal'
    | 'phase'
    | 'reason'
    | 'absent'
    | 'late'
    | 'degraded'
    | 'unaskedFrames'
    | 'findingCount'
    | 'warmUp'
    | 'maintenance'
    | 'firedAtMs'
    | 'decidedAtMs'
    | 'totalLatencyMs'
    | 'latencies'
  > {
  readonly correctionCount: number;
}

export interface UnpassedPath {
  readonly pathId: PathId;
  readonly sinceMs: number;
}
