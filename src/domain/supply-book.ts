// What the auditor keeps of one frame from one audit to the next.
import type { FrameId } from './frame.js';
import { type Cut, type Difference, type Grade, noDifference } from './supply-comparison.js';
import type { SupplyEvent } from './supply-event.js';
import { type FoldTotals, noTotals } from './supply-fold.js';
import { LOG_START, type LogPlace } from './supply-log.js';
import { NOTHING_READ, type Reading } from './supply-reading.js';

export interface FrameBook {
  readonly frame: FrameId;
  /** The TEG whose events are folded; `undefined` before the first cut. */
  readonly producer: string | undefined;
  readonly place: LogPlace;
  readonly reading: Reading;
  /** At `reading.position`, with what was given up left out. */
  readonly totals: FoldTotals;
  readonly conclusive: Conclusive;
  /** Cuts that were not reached in time, the lowest position first. */
  readonly pending: readonly PendingCut[];
  /** Folded since the last comparison, which still counted them as missing. */
  readonly lateSince: readonly SupplyEvent[];
  /** Folded since the last comparison without their content being understood. */
  readonly unreadableSince: readonly SupplyEvent[];
}

/** Where ledger and events were last held against each other. */
export interface Conclusive {
  readonly position: number;
  readonly difference: Difference;
  /** The sequence below every event that was folded since: where an explanation begins. */
  readonly sequence: number;
  /** Epoch milliseconds of the auditor's clock; `undefined` before the first. */
  readonly atMs: number | undefined;
  /** What the ledger was seen by; `undefined` before the first. */
  readonly grade: Grade | undefined;
}

export interface PendingCut {
  readonly auditId: string;
  readonly cut: Cut;
}

export function newBook(frame: FrameId, bucketCount: number): FrameBook {
  return {
    frame,
    producer: undefined,
    place: LOG_START,
    reading: NOTHING_READ,
    totals: noTotals(bucketCount),
    conclusive: {
      position: 0,
      difference: noDifference(bucketCount),
      sequence: LOG_START.sequence,
      atMs: undefined,
      grade: undefined,
    },
    pending: [],
    lateSince: [],
    unreadableSince: [],
  };
}
