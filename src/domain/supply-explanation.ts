// Which transfer stands behind a difference between ledger and events: one whose posting is exactly
// that difference, once too often or once too seldom; where there is none, those that moved another
// amount between the very same accounts. The 64-bit weights leave nothing to chance.
import { type Difference, postingOf } from './supply-comparison.js';
import type { SupplyEvent } from './supply-event.js';
import { effectOf, type WeightOf } from './supply-fold.js';

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
    const posting = vectorOf(postingOf([event], bucketCount, weightOf));
    return isMultiple(wanted, posting) ? [{ transferId, isOnce: isOnce(wanted, posting) }] : [];
  });
  const once = found.filter((one) => one.isOnce);
  const named = once.length > 0 ? once : found;
  return [...new Set(named.map(({ transferId }) => transferId))];
}

function isOnce(wanted: Vector, posting: Vector): boolean {
  return (
    wanted.every((value, index) => value === posting[index]) ||
    wanted.every((value, index) => value === -(posting[index] ?? 0n))
  );
}

function vectorOf({ buckets, inTransit, issuance }: Difference): Vector {
  return [...buckets.flatMap((one) => [one.sum, one.weightedSum]), inTransit, issuance];
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
