// The fold, row by row of the design's table 4b, and the laws that every sequence obeys.
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { BACKENDS } from '../../src/domain/backend.js';
import type { SupplyEvent } from '../../src/domain/supply-event.js';
import { circulatingOf, foldEvents, noTotals, supplyDelta } from '../../src/domain/supply-fold.js';
import { eventOf, headOf, transferOf, weightOf } from './supply-samples.js';

/** Bucket = account number modulo 4: agent 1, agent 2, treasury 3. */
const BUCKETS = 4;

interface Row {
  readonly event: SupplyEvent;
  /** Sums of the buckets of agent 1, agent 2 and treasury 3. */
  readonly accounts: readonly [bigint, bigint, bigint];
  readonly transitNet?: bigint;
  readonly issued?: bigint;
  readonly destroyed?: bigint;
}

const inside = ['A', 'A'] as const;
const across = ['A', 'B'] as const;
const head = headOf('A', 1);
const account = 'A1:agent-1';
const amountBaseUnits = 100n;
const fee = { transferId: 't-1', payer: account, treasury: 'treasury/3', amountBaseUnits: 1n };

const TABLE: Readonly<Record<string, Row>> = {
  issued: {
    event: { ...head, kind: 'issued', account, amountBaseUnits },
    accounts: [100n, 0n, 0n],
    issued: 100n,
  },
  destroyed: {
    event: { ...head, kind: 'destroyed', account, amountBaseUnits },
    accounts: [-100n, 0n, 0n],
    destroyed: 100n,
  },
  'transferred, intra': {
    event: eventOf('transferred', transferOf('intra', inside), 'A', 1),
    accounts: [-100n, 100n, 0n],
  },
  'transferred, 2pc in one frame': {
    event: eventOf('transferred', transferOf('2pc', inside), 'A', 1),
    accounts: [-100n, 100n, 0n],
  },
  'transferred, 2pc across frames': {
    event: eventOf('transferred', transferOf('2pc', across), 'A', 1),
    accounts: [-100n, 0n, 0n],
    transitNet: -100n,
  },
  'transferred, async': {
    event: eventOf('transferred', transferOf('async', across), 'A', 1),
    accounts: [0n, 0n, 0n],
  },
  'fee collected': { event: { ...head, kind: 'fee', ...fee }, accounts: [-1n, 0n, 1n] },
  initiated: {
    event: eventOf('initiated', transferOf('async', across), 'A', 1),
    accounts: [-100n, 0n, 0n],
    transitNet: -100n,
  },
  settled: {
    event: eventOf('settled', transferOf('async', across), 'B', 1),
    accounts: [0n, 100n, 0n],
    transitNet: 100n,
  },
  'refunded: the amount, not the fee': {
    event: eventOf('refunded', transferOf('async', across), 'A', 1),
    accounts: [100n, 0n, 0n],
    transitNet: 100n,
  },
  completed: {
    event: eventOf('completed', transferOf('2pc', across), 'A', 1),
    accounts: [0n, 0n, 0n],
  },
  'moved, as a stake': {
    event: { ...head, kind: 'moved', from: account, to: 'stake/2', amountBaseUnits },
    accounts: [-100n, 100n, 0n],
  },
  marker: { event: { ...head, kind: 'marker' }, accounts: [0n, 0n, 0n] },
  unreadable: { event: { ...head, kind: 'unreadable', problem: 'no' }, accounts: [0n, 0n, 0n] },
};

describe('table 4b', () => {
  for (const [name, row] of Object.entries(TABLE)) {
    test(name, () => {
      const totals = foldEvents(noTotals(BUCKETS), [row.event], weightOf);
      expect({
        accounts: totals.buckets.slice(1).map(({ sum }) => sum),
        transitNet: totals.transitNet,
        issued: totals.issued,
        destroyed: totals.destroyed,
      }).toEqual({ transitNet: 0n, issued: 0n, destroyed: 0n, ...pick(row) });
    });
  }
});

function pick({ event: _, ...expected }: Row) {
  return expected;
}

const KINDS = ['transferred', 'initiated', 'settled', 'refunded', 'completed'] as const;
const frames = fc.constantFrom(inside, across);
const amounts = fc.bigInt({ min: 1n, max: 10n ** 24n });
const anyEvent: fc.Arbitrary<SupplyEvent> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...KINDS), fc.constantFrom(...BACKENDS), frames, amounts)
    .map(([kind, backend, pair, amount]) =>
      eventOf(kind, transferOf(backend, pair, amount), 'A', 1),
    ),
  fc
    .tuple(fc.constantFrom('issued' as const, 'destroyed' as const), fc.nat(20), amounts)
    .map(([kind, n, amount]) => ({
      ...head,
      kind,
      account: `A1:agent-${n}`,
      amountBaseUnits: amount,
    })),
);

property.prop([fc.array(anyEvent)])('events never contradict the invariant', (events) => {
  const totals = foldEvents(noTotals(BUCKETS), events, weightOf);
  expect(supplyDelta(totals, circulatingOf(totals))).toBe(0n);
});

property.prop([fc.array(anyEvent), fc.array(anyEvent)])(
  'order and batches do not count',
  (a, b) => {
    const forwards = foldEvents(noTotals(BUCKETS), [...a, ...b], weightOf);
    const batches = foldEvents(foldEvents(noTotals(BUCKETS), b, weightOf), a, weightOf);
    expect(batches).toEqual(forwards);
  },
);
