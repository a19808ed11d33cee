// Transfers across registries as the audit keeps them: every event of each, and whether it must be
// looked at again. Intra transfers have one posting and nothing to be matched with.
import type { FrameId } from './frame.js';
import type { SupplyEvent } from './supply-event.js';
import {
  type Cuts,
  isCompletion,
  isSend,
  type MatchFinding,
  matchTransfer,
  type OpenLimits,
  type Overdue,
  overdueOf,
  type TransferTrace,
  traceOf,
} from './supply-matching.js';

export interface TransferRecord {
  readonly transferId: string;
  /** Sent and not completed, or with an event that no matching has judged yet. */
  readonly open: boolean;
  readonly traces: readonly TransferTrace[];
}

/** The two rounds of cuts, and what the clocks of the TEGs said in the first. */
export interface Rounds {
  readonly first: Cuts;
  readonly second: Cuts;
  readonly clocksMs: Readonly<Record<FrameId, number>>;
}

export interface Matched {
  readonly records: readonly TransferRecord[];
  readonly findings: readonly MatchFinding[];
  readonly overdue: readonly Overdue[];
}

/** What matching keeps of newly folded events. */
export function tracesOf(events: readonly SupplyEvent[]): readonly TransferTrace[] {
  return events.flatMap((event) => {
    const trace = traceOf(event);
    return trace === undefined || trace.backend === 'intra' ? [] : [trace];
  });
}

/** The known records with new traces added; each of them is open until it is judged. */
export function withTraces(
  known: readonly TransferRecord[],
  traces: readonly TransferTrace[],
): readonly TransferRecord[] {
  const records = new Map(known.map((record) => [record.transferId, record]));
  for (const trace of traces) {
    const record = records.get(trace.transferId);
    if (record === undefined) {
      const { transferId } = trace;
      records.set(transferId, { transferId, open: true, traces: [trace] });
    } else if (!record.traces.some((one) => sameTrace(one, trace))) {
      records.set(trace.transferId, { ...record, open: true, traces: [...record.traces, trace] });
    }
  }
  return [...records.values()];
}

function sameTrace(one: TransferTrace, other: TransferTrace): boolean {
  return one.frame === other.frame && one.id.position === other.id.position;
}

/** Judges every record by both rounds of cuts. */
export function matchRecords(
  records: readonly TransferRecord[],
  rounds: Rounds,
  limits: OpenLimits,
): Matched {
  const overdue = records.flatMap(
    ({ traces }) => overdueOf(traces, rounds, rounds.clocksMs, limits) ?? [],
  );
  return {
    records: records.map((record) => ({ ...record, open: isOpen(record, rounds) })),
    findings: records.flatMap(({ traces }) => matchTransfer(traces, rounds.first, rounds.second)),
    overdue,
  };
}

function isOpen({ traces }: TransferRecord, { first }: Rounds): boolean {
  const isUnjudged = traces.some(({ frame, id }) => id.position > (first[frame] ?? 0));
  return isUnjudged || (traces.some(isSend) && !traces.some(isCompletion));
}
