// Metric counters accumulate in the transaction that stores the row (design, decision 10): the rows
// that each stored fact adds, as data. A tally is a counter, or one bucket of a histogram.
import type { Correction } from './correction.js';
import type { Finding } from './finding.js';
import { missedEventLabels } from './missed-event.js';
import type { Closing, Result } from './result.js';
import type { Scoreboard } from './scoreboard.js';
import type { AuditOutcome } from './supply-certificate.js';
import type { SupplyFinding } from './supply-finding.js';

export interface Tally {
  readonly tally: TallyName;
  readonly labels: Readonly<Record<string, string>>;
  readonly add: number;
}

export type TallyName =
  | 'tests'
  | 'maintenance_tests'
  | 'late'
  | 'degraded'
  | 'unknown'
  | 'unobserved'
  | 'findings'
  | 'missed_events'
  | 'corrections'
  | 'missed_slots'
  | 'cycles'
  | 'pruned'
  | 'audits'
  | 'missed_audits'
  | 'supply_findings'
  | HistogramTally;

export type HistogramTally =
  | 'latency_bucket'
  | 'latency_sum'
  | 'latency_count'
  | 'committed_latency_bucket'
  | 'committed_latency_sum'
  | 'committed_latency_count'
  | 'observer_share_bucket'
  | 'observer_share_sum'
  | 'observer_share_count';

type Histogram = 'latency' | 'committed_latency' | 'observer_share';

/** Upper bounds in seconds. The last bucket, +Inf, is the count. */
export const BUCKETS_SECONDS: Readonly<Record<Histogram, readonly number[]>> = {
  latency: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
  committed_latency: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
  observer_share: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
};

/** `none` stands where an outcome has no reason, so that the label set is closed. */
export const NO_REASON = 'none';

/** What a newly stored verdict adds; in a maintenance window it counts for nothing else. */
export function talliesOfResult(result: Result): readonly Tally[] {
  const path = { path: result.pathId, backend: result.backend };
  const reason = result.failureSignal ?? NO_REASON;
  if (result.maintenance) {
    const labels = { ...path, outcome: result.outcome };
    return [{ tally: 'maintenance_tests', labels, add: 1 }];
  }
  return [
    { tally: 'tests', labels: { ...path, outcome: result.outcome, reason }, add: 1 },
    ...(result.late ? [{ tally: 'late', labels: path, add: 1 } as const] : []),
    ...histogramTallies('latency', path, result.totalLatencyMs),
  ];
}

/** What a newly stored close adds; nothing in a maintenance window, but for its findings. */
export function talliesOfClosing(result: Result, closing: Closing): readonly Tally[] {
  if (result.maintenance) return [];
  const path = { path: result.pathId, backend: result.backend };
  const { latencies } = closing;
  return [
    ...(closing.degraded ? [{ tally: 'degraded', labels: path, add: 1 } as const] : []),
    ...(closing.unaskedFrames.length > 0
      ? [{ tally: 'unknown', labels: path, add: 1 } as const]
      : []),
    ...(closing.unobserved.length > 0
      ? [{ tally: 'unobserved', labels: path, add: closing.unobserved.length } as const]
      : []),
    ...histogramTallies('committed_latency', path, latencies.committedMs),
    ...histogramTallies('observer_share', path, latencies.observerShareMs),
  ];
}

export function talliesOfFinding(finding: Finding): readonly Tally[] {
  const missed = missedEventLabels(finding);
  return [
    { tally: 'findings', labels: { kind: finding.kind }, add: 1 },
    ...(missed === undefined ? [] : [{ tally: 'missed_events', labels: missed, add: 1 } as const]),
  ];
}

export function tallyOfCorrection(correction: Correction): Tally {
  return { tally: 'corrections', labels: { kind: correction.kind }, add: 1 };
}

/** What a newly closed cycle adds: nothing where there was nothing to judge it by. */
export function talliesOfCycle({ clean, judged }: Scoreboard): readonly Tally[] {
  return judged ? [{ tally: 'cycles', labels: { clean: String(clean) }, add: 1 }] : [];
}

/** What a slot adds that is newly known not to have fired. */
export const MISSED_SLOT_TALLY: Tally = { tally: 'missed_slots', labels: {}, add: 1 };

/** What a newly stored audit adds. */
export function talliesOfAudit(audit: {
  readonly certificates: readonly { readonly document: { readonly outcome: AuditOutcome } }[];
  readonly found: readonly SupplyFinding[];
  readonly missedSlotsMs: readonly number[];
}): readonly Tally[] {
  const missed = audit.missedSlotsMs.length;
  return [
    ...audit.certificates.map(
      ({ document: { outcome } }) => ({ tally: 'audits', labels: { outcome }, add: 1 }) as const,
    ),
    ...audit.found.map(
      (one) => ({ tally: 'supply_findings', labels: { class: one.class }, add: 1 }) as const,
    ),
    ...(missed === 0 ? [] : [{ tally: 'missed_audits', labels: {}, add: missed } as const]),
  ];
}

function histogramTallies(
  histogram: Histogram,
  labels: Readonly<Record<string, string>>,
  valueMs: number | undefined,
): readonly Tally[] {
  if (valueMs === undefined) return [];
  const seconds = valueMs / 1_000;
  const bound = BUCKETS_SECONDS[histogram].find((le) => seconds <= le);
  return [
    ...(bound === undefined
      ? []
      : [
          {
            tally: `${histogram}_bucket`,
            labels: { ...labels, le: String(bound) },
            add: 1,
          } as const,
        ]),
    { tally: `${histogram}_sum`, labels, add: seconds },
    { tally: `${histogram}_count`, labels, add: 1 },
  ];
}
