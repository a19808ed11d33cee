// What counters gained between two readings, in a form that cases can compare.
import type { Tally } from '../../src/domain/tally.js';

/** By `tally {labels}`, exact to a microsecond; counters that gained nothing are left out. */
export function addedBetween(
  before: readonly Tally[],
  after: readonly Tally[],
): Readonly<Record<string, number>> {
  const added = new Map<string, number>();
  const add = ({ tally, labels, add: value }: Tally, sign: 1 | -1) => {
    const key = `${tally} ${JSON.stringify(Object.fromEntries(Object.entries(labels).sort()))}`;
    added.set(key, (added.get(key) ?? 0) + sign * value);
  };
  for (const one of after) add(one, 1);
  for (const one of before) add(one, -1);
  const rounded = [...added].map(([key, value]) => [key, Math.round(value * 1e6) / 1e6] as const);
  return Object.fromEntries(rounded.filter(([, value]) => value !== 0));
}
