// One frame's ledger against its events, at one cut: what differs, what of it is new, and which
// kind of defect that is. Amounts are base units; a difference is ledger minus events.
import type { FrameId } from './frame.js';
import type { AccountId, SupplyEvent } from './supply-event.js';
import {
  type Bucket,
  circulatingOf,
  type FoldTotals,
  foldEvents,
  noTotals,
  type WeightOf,
} from './supply-fold.js';

/** How much a cut can show: the TEG's own snapshot, or only the EventStore's own figures. */
export type Grade = 'snapshot' | 'projection';

/** What is held against the events at one position (design, decision 12). */
export interface Cut {
  readonly grade: Grade;
  readonly frame: FrameId;
  readonly producer: string;
  /** The last outbox position that the snapshot saw. */
  readonly position: number;
  /** The TEG's clock when it was taken, epoch milliseconds. */
  readonly clockMs: number;
  readonly circulating: bigint;
  readonly inTransit: bigint;
  readonly issuance: bigint;
  /** None where the grade is `projection`: then only sums are compared. */
  readonly buckets: readonly Bucket[];
  readonly unclassed: readonly AccountId[];
}

/** Ledger minus events; all zero where both agree. */
export interface Difference {
  readonly circulating: bigint;
  readonly inTransit: bigint;
  readonly issuance: bigint;
  /** One entry per bucket. */
  readonly buckets: readonly Bucket[];
}

export type DefectClass =
  | 'ledger_above_events'
  | 'ledger_below_events'
  | 'accounts_shifted'
  | 'log_damaged'
  | 'match_broken'
  /** Nothing can be said: what was answered is of no use, so the outcome is unknown. */
  | 'answer_unusable';

/** What a frame's ledger and its events say differently. */
export function compareCut(cut: Cut, totals: FoldTotals): Difference {
  const buckets = cut.grade === 'projection' ? totals.buckets : cut.buckets;
  if (buckets.length !== totals.buckets.length) {
    throw new RangeError(`${buckets.length} buckets against ${totals.buckets.length}`);
  }
  return {
    circulating: cut.circulating - circulatingOf(totals),
    inTransit: cut.inTransit + totals.transitNet,
    issuance: cut.issuance + totals.issued - totals.destroyed,
    buckets: buckets.map((bucket, index) => bucketDifference(bucket, totals.buckets[index])),
  };
}

function bucketDifference(ledger: Bucket, events: Bucket | undefined): Bucket {
  return {
    sum: ledger.sum - (events?.sum ?? 0n),
    weightedSum: ledger.weightedSum - (events?.weightedSum ?? 0n),
  };
}

/** No difference, for so many buckets. */
export function noDifference(bucketCount: number): Difference {
  const zero: Bucket = { sum: 0n, weightedSum: 0n };
  return {
    circulating: 0n,
    inTransit: 0n,
    issuance: 0n,
    buckets: Array.from({ length: bucketCount }, () => zero),
  };
}

/** What of a difference was not there before. */
export function subtractDifference(now: Difference, before: Difference): Difference {
  return {
    circulating: now.circulating - before.circulating,
    inTransit: now.inTransit - before.inTransit,
    issuance: now.issuance - before.issuance,
    buckets: now.buckets.map((bucket, index) => bucketDifference(bucket, before.buckets[index])),
  };
}

export function sumDifferences(one: Difference, other: Difference): Difference {
  return subtractDifference(one, subtractDifference(noDifference(other.buckets.length), other));
}

/** What a ledger that posted these events has and one that did not has not. */
export function postingOf(
  events: readonly SupplyEvent[],
  bucketCount: number,
  weightOf: WeightOf,
): Difference {
  const totals = foldEvents(noTotals(bucketCount), events, weightOf);
  return {
    circulating: circulatingOf(totals),
    inTransit: -totals.transitNet,
    issuance: totals.destroyed - totals.issued,
    buckets: totals.buckets,
  };
}

export function isNoDifference(difference: Difference): boolean {
  const { circulating, inTransit, issuance } = difference;
  const sums = [circulating, inTransit, issuance];
  return sums.every((sum) => sum === 0n) && affectedBuckets(difference).length === 0;
}

/** The buckets that differ, by sum or only by weighted sum. */
export function affectedBuckets({ buckets }: Difference): readonly number[] {
  return buckets.flatMap(({ sum, weightedSum }, index) =>
    sum === 0n && weightedSum === 0n ? [] : [index],
  );
}

/**
 * The class of a new difference: tokens too many or too few in the ledger, or the right sum in
 * other accounts. What stands in transit without a posting, or beside issuance, is counted as the
 * holders see it: circulating decides first.
 */
export function classOf(difference: Difference): DefectClass {
  const { circulating, inTransit, issuance } = difference;
  const surplus = circulating === 0n ? inTransit + issuance : circulating;
  if (surplus > 0n) return 'ledger_above_events';
  if (surplus < 0n) return 'ledger_below_events';
  return 'accounts_shifted';
}
