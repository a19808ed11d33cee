// Matching of sends with completions: every defect, the two rounds of cuts, and what is overdue.
import { describe, expect, test } from 'vitest';
import type { TransferFacts, TransferKind } from '../../src/domain/supply-event.js';
import {
  type Cuts,
  matchTransfer,
  overdueOf,
  type TransferTrace,
  traceOf,
} from '../../src/domain/supply-matching.js';
import { eventOf, headOf, transferOf } from './supply-samples.js';

const ASYNC = transferOf('async', ['A', 'B']);
const TWO_PHASE = transferOf('2pc', ['A', 'B']);
const ALL: Cuts = { A: 99, B: 99 };

type Step = readonly [
  TransferKind,
  frame: string,
  position: number,
  changed?: Partial<TransferFacts>,
];

function traces(transfer: TransferFacts, steps: readonly Step[]): readonly TransferTrace[] {
  return steps.map(([kind, frame, position, changed]) => {
    const trace = traceOf(eventOf(kind, { ...transfer, ...changed }, frame, position));
    if (trace === undefined) throw new Error(`${kind} leaves no trace`);
    return trace;
  });
}

interface Case {
  readonly transfer: TransferFacts;
  readonly steps: readonly Step[];
  readonly first?: Cuts;
  readonly second?: Cuts;
  readonly defects: readonly string[];
}

const sentAsync: readonly Step[] = [
  ['transferred', 'A', 1],
  ['initiated', 'A', 2],
];

const CASES: Readonly<Record<string, Case>> = {
  'async, settled once': {
    transfer: ASYNC,
    steps: [...sentAsync, ['settled', 'B', 1]],
    defects: [],
  },
  'async, refunded once': {
    transfer: ASYNC,
    steps: [...sentAsync, ['refunded', 'A', 9]],
    defects: [],
  },
  'async, open': { transfer: ASYNC, steps: sentAsync, defects: [] },
  '2pc, settled and completed': {
    transfer: TWO_PHASE,
    steps: [
      ['transferred', 'A', 1],
      ['settled', 'B', 1],
      ['completed', 'A', 5],
    ],
    defects: [],
  },
  'settled twice': {
    transfer: ASYNC,
    steps: [...sentAsync, ['settled', 'B', 1], ['settled', 'B', 2]],
    defects: ['settled_twice'],
  },
  'refunded twice': {
    transfer: ASYNC,
    steps: [...sentAsync, ['refunded', 'A', 8], ['refunded', 'A', 9]],
    defects: ['refunded_twice'],
  },
  'settled and refunded': {
    transfer: ASYNC,
    steps: [...sentAsync, ['settled', 'B', 1], ['refunded', 'A', 9]],
    defects: ['settled_and_refunded'],
  },
  'settled without a send': {
    transfer: ASYNC,
    steps: [['settled', 'B', 1]],
    defects: ['completion_without_send'],
  },
  'the send lies between the first and the second cut': {
    transfer: ASYNC,
    steps: [...sentAsync, ['settled', 'B', 1]],
    first: { A: 1, B: 1 },
    second: { A: 2, B: 5 },
    defects: [],
  },
  'the send lies beyond the second cut, which no honest platform can do': {
    transfer: ASYNC,
    steps: [...sentAsync, ['settled', 'B', 1]],
    first: { A: 1, B: 1 },
    second: { A: 1, B: 5 },
    defects: ['completion_without_send'],
  },
  'a completion beyond the first cut is left to the next audit': {
    transfer: ASYNC,
    steps: [['settled', 'B', 7]],
    first: { A: 1, B: 6 },
    defects: [],
  },
  'sent twice': {
    transfer: ASYNC,
    steps: [...sentAsync, ['initiated', 'A', 3]],
    defects: ['sent_twice'],
  },
  'another amount arrives': {
    transfer: ASYNC,
    steps: [...sentAsync, ['settled', 'B', 1, { amountBaseUnits: 101n }]],
    defects: ['wrong_amount'],
  },
  'another account is paid': {
    transfer: ASYNC,
    steps: [...sentAsync, ['settled', 'B', 1, { receiver: 'B1:agent-7' }]],
    defects: ['wrong_account'],
  },
  'another frame settles': {
    transfer: ASYNC,
    steps: [...sentAsync, ['settled', 'A', 3]],
    defects: ['wrong_frame'],
  },
  'async: TokensTransferred disagrees with Initiated': {
    transfer: ASYNC,
    steps: [
      ['transferred', 'A', 1, { amountBaseUnits: 99n }],
      ['initiated', 'A', 2],
    ],
    defects: ['wrong_amount'],
  },
  'the backends disagree': {
    transfer: ASYNC,
    steps: [...sentAsync, ['settled', 'B', 1, { backend: '2pc' }]],
    defects: ['disagreement'],
  },
};

describe('matching', () => {
  for (const [name, { transfer, steps, first = ALL, second = ALL, defects }] of Object.entries(
    CASES,
  )) {
    test(name, () => {
      const findings = matchTransfer(traces(transfer, steps), first, second);
      expect(findings.map(({ defect }) => defect)).toEqual(defects);
      expect(findings.every((one) => one.transferId === 't-1' && one.evidence !== '')).toBe(true);
    });
  }

  test('a fee belongs to a transfer and is no part of matching', () => {
    const fee = { transferId: 't-1', payer: 'a/1', treasury: 't/3', amountBaseUnits: 1n };
    expect(traceOf({ ...headOf('A', 1), kind: 'fee', ...fee })).toBeUndefined();
  });
});

/** Initiated at 2,000 ms of A's clock; async may be open for 10 s. */
const LIMITS = { intra: 0, async: 10_000, '2pc': 3_000 };

interface OverdueCase {
  readonly steps: readonly Step[];
  readonly clockMs: number;
  readonly first?: Cuts;
  readonly second?: Cuts;
  readonly ageMs: number | undefined;
}

const OVERDUE: Readonly<Record<string, OverdueCase>> = {
  'at the limit': { steps: sentAsync, clockMs: 12_000, ageMs: undefined },
  'past the limit': { steps: sentAsync, clockMs: 12_001, ageMs: 10_001 },
  'settled in time': {
    steps: [...sentAsync, ['settled', 'B', 1]],
    clockMs: 60_000,
    ageMs: undefined,
  },
  'refunded between the cuts': {
    steps: [...sentAsync, ['refunded', 'A', 7]],
    clockMs: 60_000,
    first: { A: 5, B: 5 },
    ageMs: undefined,
  },
  'sent after the first cut': {
    steps: sentAsync,
    clockMs: 60_000,
    first: { A: 1, B: 5 },
    ageMs: undefined,
  },
};

describe('overdue', () => {
  for (const [name, one] of Object.entries(OVERDUE)) {
    test(name, () => {
      const cuts = { first: one.first ?? ALL, second: one.second ?? ALL };
      const overdue = overdueOf(traces(ASYNC, one.steps), cuts, { A: one.clockMs }, LIMITS);
      expect(overdue?.ageMs).toBe(one.ageMs);
    });
  }
});
