// Which transfer stands behind a difference between ledger and events: the one whose event, taken
// some number of times, is exactly that difference. The 64-bit weights make a chance hit unlikely
// beyond concern, so what is named is named rightly, and what is not is left unnamed.
import type { Difference } from './supply-comparison.js';
import type { SupplyEvent } from './supply-event.js';
import { effectOf, foldEvents, noTotals, type WeightOf } from './supply-fold.js';

/** A difference as one row of numbers: circulating follows from the buckets and is left out. */
type Vector = readonly bigint[];

/** The transfers of those events that explain a difference, each once; usually one or none. */
export function explainingTransfers(
  difference: Difference,
  events: readonly SupplyEvent[],
  weightOf: WeightOf,
): readonly string[] {
  const wanted = vectorOf(difference);
  if (isZero(wanted)) return [];
  const bucketCount = difference.buckets.length;
  const found = events.flatMap((event) => {
    const transferId = transferIdOf(event);
    if (transferId === undefined || movesNothing(event)) return [];
    return isMultiple(wanted, postingOf(event, bucketCount, weightOf)) ? [transferId] : [];
  });
  return [...new Set(found)];
}

function vectorOf({ buckets, inTransit, issuance }: Difference): Vector {
  return [...buckets.flatMap((one) => [one.sum, one.weightedSum]), inTransit, issuance];
}

/** What a ledger that posted only this event would show. */
function postingOf(event: SupplyEvent, bucketCount: number, weightOf: WeightOf): Vector {
  const totals = foldEvents(noTotals(bucketCount), [event], weightOf);
  const sums = totals.buckets.flatMap((one) => [one.sum, one.weightedSum]);
  return [...sums, -totals.transitNet, totals.destroyed - totals.issued];
}

function movesNothing(event: SupplyEvent): boolean {
  const { changes, transitNet } = effectOf(event);
  return changes.length === 0 && transitNet === 0n;
}

/** Whether one row is the other times some factor, in whole numbers only. */
function isMultiple(wanted: Vector, posting: Vector): boolean {
  const pivot = posting.findIndex((value) => value !== 0n);
  const scale = posting[pivot];
  const factor = wanted[pivot];
  if (scale === undefined || factor === undefined || factor === 0n) return false;
  return wanted.every((value, index) => value * scale === factor * (posting[index] ?? 0n));
}

function isZero(vector: Vector): boolean {
  return vector.every((value) => value === 0n);
}

function transferIdOf(event: SupplyEvent): string | undefined {
  return 'transferId' in event ? event.transferId : undefined;
}
