// A ledger against its events at one cut: what differs, what of it is new, what kind it is.
import { describe, expect, test } from 'vitest';
import {
  affectedBuckets,
  type Cut,
  classOf,
  compareCut,
  isNoDifference,
  noDifference,
  subtractDifference,
} from '../../src/domain/supply-comparison.js';
import { foldEvents, noTotals } from '../../src/domain/supply-fold.js';
import { eventOf, headOf, transferOf, weightOf } from './supply-samples.js';

const BUCKETS = 4;
const EVENTS = [
  { ...headOf('A', 1), kind: 'issued' as const, account: 'A1:agent-1', amountBaseUnits: 1_000n },
  eventOf('initiated', transferOf('async', ['A', 'B']), 'A', 2),
];
const TOTALS = foldEvents(noTotals(BUCKETS), EVENTS, weightOf);

/** What an honest ledger says after those events: agent 1 has 900, 100 are on their way. */
const HONEST: Cut = {
  grade: 'snapshot',
  frame: 'A',
  producer: 'teg-a',
  position: 2,
  clockMs: 5_000,
  circulating: 900n,
  inTransit: 100n,
  issuance: -1_000n,
  buckets: TOTALS.buckets,
  unclassed: [],
};

/** The ledger after a leak: changes of accounts by their number, of transit and of issuance. */
function leaked(
  changes: Readonly<Record<number, bigint>>,
  { inTransit = 0n, issuance = 0n } = {},
): Cut {
  const buckets = HONEST.buckets.map((bucket) => ({ ...bucket }));
  let { circulating } = HONEST;
  for (const [account, amount] of Object.entries(changes)) {
    const bucket = buckets[Number(account) % BUCKETS];
    if (bucket === undefined) throw new Error(`no bucket for ${account}`);
    bucket.sum += amount;
    bucket.weightedSum += amount * BigInt(account);
    circulating += amount;
  }
  return {
    ...HONEST,
    buckets,
    circulating,
    inTransit: HONEST.inTransit + inTransit,
    issuance: HONEST.issuance + issuance,
  };
}

const CASES = {
  'one unit created': [leaked({ 1: 1n }, { issuance: -1n }), [1], 'ledger_above_events'],
  'one unit destroyed': [leaked({ 2: -1n }, { issuance: 1n }), [2], 'ledger_below_events'],
  'one unit moved to another bucket': [leaked({ 1: -1n, 2: 1n }), [1, 2], 'accounts_shifted'],
  'one unit moved inside a bucket': [leaked({ 1: -1n, 5: 1n }), [1], 'accounts_shifted'],
  'plus one and minus one at once': [leaked({ 3: 1n, 2: -1n }), [2, 3], 'accounts_shifted'],
  'a credit without its posting': [leaked({}, { inTransit: -1n }), [], 'ledger_below_events'],
} as const;

describe('a cut', () => {
  test('of an honest ledger does not differ', () => {
    expect(compareCut(HONEST, TOTALS)).toEqual(noDifference(BUCKETS));
    expect(isNoDifference(compareCut(HONEST, TOTALS))).toBe(true);
  });

  for (const [name, [cut, buckets, defect]] of Object.entries(CASES)) {
    test(name, () => {
      const difference = compareCut(cut, TOTALS);
      expect(isNoDifference(difference)).toBe(false);
      expect(affectedBuckets(difference)).toEqual(buckets);
      expect(classOf(difference)).toBe(defect);
      expect(isNoDifference(subtractDifference(difference, difference))).toBe(true);
    });
  }

  test('only what is new counts after an earlier difference', () => {
    const before = compareCut(leaked({ 1: 1n }, { issuance: -1n }), TOTALS);
    const now = compareCut(leaked({ 1: 1n, 2: -1n }, { issuance: 0n }), TOTALS);
    const news = subtractDifference(now, before);
    expect(affectedBuckets(news)).toEqual([2]);
    expect(classOf(news)).toBe('ledger_below_events');
  });

  test('with another number of buckets is our own mistake', () => {
    expect(() => compareCut({ ...HONEST, buckets: [] }, TOTALS)).toThrow(RangeError);
  });
});
