// The rows of the results table as the domain's values, and back.
import type { Backend } from '../domain/backend.js';
import type { FrameEvent, FrameStamp } from '../domain/contract.js';
import type { FrameId } from '../domain/frame.js';
import type { Result } from '../domain/result.js';
import type { Stamp, StampName } from '../domain/stamp.js';
import type { FailureSignal, Outcome, Phase } from '../domain/verdict.js';
import type { StoredResult, WholeResult } from '../ports.js';
import { storableText } from './storable-text.js';

/** A row with the number of findings and corrections beside it. pg brings numeric as text. */
export interface ResultRow {
  readonly test_id: string;
  readonly cycle_id: string;
  readonly path_id: string;
  readonly backend: Backend;
  readonly amount_base_units: string;
  readonly outcome: Outcome;
  readonly failure_signal: FailureSignal | null;
  readonly phase: Phase | null;
  readonly missing: readonly StampName[];
  readonly reason: string;
  readonly transfer_id: string | null;
  readonly fired_at: Date | null;
  readonly total_latency_ms: number | null;
  readonly late: boolean;
  readonly warm_up: boolean;
  readonly maintenance: boolean;
  readonly decided_at: Date;
  readonly closed_at: Date | null;
  readonly unasked_frames: readonly FrameId[];
  readonly degraded: boolean;
  readonly absent: readonly FrameStamp[];
  readonly absent_events: readonly FrameEvent[];
  readonly unobserved: readonly FrameStamp[];
  readonly closed_total_latency_ms: number | null;
  readonly committed_latency_ms: number | null;
  readonly observer_share_ms: number | null;
  readonly finding_count: number;
  readonly correction_count: number;
  readonly clean: boolean;
  readonly acknowledged_by: string | null;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_reason: string | null;
}

export interface WholeResultRow extends ResultRow {
  readonly stamps: readonly Stamp[];
}

/** The columns that a verdict fills, in the order of `verdictValues`. */
export const VERDICT_COLUMNS = [
  'test_id',
  'cycle_id',
  'path_id',
  'backend',
  'amount_base_units',
  'outcome',
  'failure_signal',
  'phase',
  'missing',
  'reason',
  'transfer_id',
  'fired_at',
  'total_latency_ms',
  'late',
  'warm_up',
  'maintenance',
  'decided_at',
] as const;

/** What a list shows of a row: all but the stamps, which would be half of what is sent. */
export const LISTED_COLUMNS = [
  ...VERDICT_COLUMNS,
  'closed_at',
  'unasked_frames',
  'degraded',
  'absent',
  'absent_events',
  'unobserved',
  'closed_total_latency_ms',
  'committed_latency_ms',
  'observer_share_ms',
  'clean',
] as const;

/** A verdict's values, in the order of `VERDICT_COLUMNS`. */
export function verdictValues(result: Result): readonly unknown[] {
  return [
    result.testId,
    result.cycleId,
    result.pathId,
    result.backend,
    result.amount,
    result.outcome,
    result.failureSignal,
    result.phase,
    [...result.missing],
    storableText(result.reason),
    result.transferId === undefined ? undefined : storableText(result.transferId),
    timeOf(result.firedAtMs),
    result.totalLatencyMs,
    result.late,
    result.warmUp,
    result.maintenance,
    timeOf(result.decidedAtMs),
  ];
}

export function storedResultOf(row: ResultRow): StoredResult {
  return {
    testId: row.test_id,
    cycleId: row.cycle_id,
    pathId: row.path_id,
    backend: row.backend,
    amount: row.amount_base_units,
    outcome: row.outcome,
    failureSignal: row.failure_signal ?? undefined,
    phase: row.phase ?? undefined,
    missing: row.missing,
    reason: row.reason,
    transferId: row.transfer_id ?? undefined,
    firedAtMs: row.fired_at?.getTime(),
    totalLatencyMs: row.total_latency_ms ?? undefined,
    late: row.late,
    warmUp: row.warm_up,
    maintenance: row.maintenance,
    decidedAtMs: row.decided_at.getTime(),
    closedAtMs: row.closed_at?.getTime(),
    unaskedFrames: row.unasked_frames,
    degraded: row.degraded,
    absent: row.absent,
    absentEvents: row.absent_events,
    unobserved: row.unobserved,
    latencies: {
      totalMs: row.closed_total_latency_ms ?? undefined,
      committedMs: row.committed_latency_ms ?? undefined,
      observerShareMs: row.observer_share_ms ?? undefined,
    },
    findingCount: row.finding_count,
    correctionCount: row.correction_count,
    clean: row.clean,
    acknowledgement: acknowledgementOf(row),
  };
}

export function wholeResultOf(row: WholeResultRow): WholeResult {
  return { ...storedResultOf(row), stamps: row.stamps };
}

function acknowledgementOf({
  acknowledged_at: at,
  acknowledged_by: by,
  acknowledged_reason: reason,
}: ResultRow): StoredResult['acknowledgement'] {
  return at === null || by === null || reason === null
    ? undefined
    : { by, atMs: at.getTime(), reason };
}

/** A moment as a timestamptz parameter, exact to the millisecond. */
export function timeOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
