// A difference names the transfer behind it, and never another.
import { describe, expect, test } from 'vitest';
import type { Difference } from '../../src/domain/supply-comparison.js';
import type { SupplyEvent } from '../../src/domain/supply-event.js';
import { explainingTransfers } from '../../src/domain/supply-explanation.js';
import { foldEvents, noTotals } from '../../src/domain/supply-fold.js';
import { eventOf, transferOf, weightOf } from './supply-samples.js';

const BUCKETS = 4;

function transfer(id: string, sender: number, receiver: number, amount: bigint): SupplyEvent {
  const facts = { ...transferOf('intra', ['A', 'A'], amount), transferId: id };
  const accounts = { sender: `A1:agent-${sender}`, receiver: `A1:agent-${receiver}` };
  return eventOf('transferred', { ...facts, ...accounts }, 'A', 1);
}

const settled = {
  ...eventOf('settled', transferOf('async', ['B', 'A'], 70n), 'A', 9),
  transferId: 't-settled',
};

const EVENTS = [
  transfer('t-1', 1, 2, 100n),
  transfer('t-2', 2, 1, 100n),
  transfer('t-3', 5, 2, 100n),
  transfer('t-4', 1, 3, 250n),
  transfer('t-5', 5, 2, 99n),
  eventOf('completed', transferOf('2pc', ['A', 'B']), 'A', 8),
  settled,
];

/** What the ledger shows more than the events when it posted these so many times too often. */
function posted(events: readonly SupplyEvent[], factor: bigint): Difference {
  const totals = foldEvents(noTotals(BUCKETS), events, weightOf);
  const buckets = totals.buckets.map(({ sum, weightedSum }) => ({
    sum: sum * factor,
    weightedSum: weightedSum * factor,
  }));
  return {
    buckets,
    circulating: buckets.reduce((total, { sum }) => total + sum, 0n),
    inTransit: -totals.transitNet * factor,
    issuance: (totals.destroyed - totals.issued) * factor,
  };
}

const only = (id: string) => EVENTS.filter((one) => 'transferId' in one && one.transferId === id);
/** One unit more than the event says, from the accounts that it names. */
const altered = posted([transfer('any', 1, 3, 1n)], 1n);

const CASES: Readonly<Record<string, readonly [Difference, readonly string[]]>> = {
  'an event without its posting': [posted(only('t-settled'), -1n), ['t-settled']],
  'a posting made twice': [posted(only('t-3'), 1n), ['t-3']],
  'another amount between the same accounts': [altered, ['t-4']],
  'the same buckets, another account': [posted([transfer('any', 9, 2, 100n)], -1n), []],
  'there and back are the same accounts': [posted(only('t-1'), 1n), ['t-1', 't-2']],
  'two transfers at once': [posted([...only('t-3'), ...only('t-4')], -1n), []],
  'no difference': [posted([], 1n), []],
};

describe('the transfer behind a difference', () => {
  for (const [name, [difference, expected]] of Object.entries(CASES)) {
    test(name, () => {
      expect(explainingTransfers(difference, EVENTS, weightOf)).toEqual(expected);
    });
  }
});
