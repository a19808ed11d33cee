// A correction is only what the stored verdict does not explain, over all verdicts and stamps.
import { describe, expect, test } from 'vitest';
import { type CorrectionKind, correctionsOf } from '../../src/domain/correction.js';
import { STAMP_NAMES } from '../../src/domain/stamp.js';
import {
  FAILURE_SIGNALS,
  type FailureSignal,
  OUTCOMES,
  type Outcome,
} from '../../src/domain/verdict.js';
import { SHAPE_NAMES, SHAPES, type Shape, stampAt, testOf } from './builders.js';
import { permutationsOf, subsetsOf } from './exhaustive.js';
import { isCompleteByTheBook } from './platform.js';

interface StoredVerdict {
  readonly outcome: Outcome;
  readonly failureSignal: FailureSignal | undefined;
}

const VERDICTS = OUTCOMES.flatMap((outcome): readonly StoredVerdict[] =>
  outcome === 'failed'
    ? FAILURE_SIGNALS.map((failureSignal) => ({ outcome, failureSignal }))
    : [{ outcome, failureSignal: undefined }],
);

const REFUNDED = stampAt('cf_refunded');
const INITIATED = stampAt('cf_initiated');
const LOCAL = stampAt('cf_settled_local', 'B');

function check(
  shape: Shape,
  verdict: Outcome | FailureSignal,
  stamps: Parameters<typeof correctionsOf>[2],
  kinds: readonly CorrectionKind[],
) {
  const stored = VERDICTS.find((one) => (one.failureSignal ?? one.outcome) === verdict);
  if (stored === undefined) throw new Error(`no such verdict: ${verdict}`);
  const corrections = correctionsOf(testOf(SHAPES[shape]), stored, stamps);
  expect(corrections.map(({ kind }) => kind)).toEqual(kinds);
}

describe('news, and what is none', () => {
  test.each<
    readonly [
      string,
      Outcome | FailureSignal,
      Parameters<typeof correctionsOf>[2],
      readonly CorrectionKind[],
    ]
  >([
    ['a completion after a timeout', 'timeout', [INITIATED, LOCAL], ['completion']],
    ['a completion after a refusal', 'rejected', [INITIATED, LOCAL], ['completion']],
    [
      'a completion after no verdict could be given',
      'inconclusive',
      [INITIATED, LOCAL],
      ['completion'],
    ],
    ['a completion after no money', 'unpaid', [INITIATED, LOCAL], ['completion']],
    [
      'a completion after a refund: both ends have the money',
      'refunded',
      [INITIATED, LOCAL, REFUNDED],
      ['completion'],
    ],
    ['a refund after passed', 'passed', [INITIATED, LOCAL, REFUNDED], ['refund']],
    ['a refund after observer', 'observer', [REFUNDED], ['refund']],
    ['a refund after a timeout', 'timeout', [INITIATED, REFUNDED], ['refund']],
    ['both after a timeout', 'timeout', [INITIATED, LOCAL, REFUNDED], ['refund', 'completion']],
    ['a completion of what passed is no news', 'passed', [INITIATED, LOCAL], []],
    ['a completion of what only we lost is no news', 'observer', [INITIATED, LOCAL], []],
    ['a refund of what was refunded is no news', 'refunded', [INITIATED, REFUNDED], []],
    ['half a completion is no news', 'timeout', [INITIATED], []],
  ])('%s', (_, verdict, stamps, kinds) => check('async cross frame', verdict, stamps, kinds));

  test('a refund of 2pc is a finding, no correction', () => {
    check('2pc cross frame', 'passed', [REFUNDED], []);
  });
});

test.each(SHAPE_NAMES)('%s: every verdict, every set of stamps, every order', (shape) => {
  const one = testOf(SHAPES[shape]);
  for (const names of subsetsOf(STAMP_NAMES)) {
    const refund = names.includes('cf_refunded') && shape.startsWith('async');
    const completion = isCompleteByTheBook(one.path, (name) => names.includes(name));
    const stamps = names.map((name) => stampAt(name));
    for (const stored of VERDICTS) {
      const explained = stored.outcome === 'passed' || stored.outcome === 'observer';
      const expected = [
        ...(refund && stored.failureSignal !== 'refunded' ? ['refund'] : []),
        ...(completion && !explained ? ['completion'] : []),
      ];
      const found = correctionsOf(one, stored, stamps).map(({ kind }) => kind);
      expect(found, `${stored.outcome} ${names.join()}`).toEqual(expected);
    }
    for (const order of permutationsOf(stamps)) {
      const stored = { outcome: 'failed', failureSignal: 'timeout' } as const;
      const found = correctionsOf(one, stored, order).map(({ kind }) => kind);
      expect(found).toEqual([...(refund ? ['refund'] : []), ...(completion ? ['completion'] : [])]);
    }
  }
});

test('a correction says by which events', () => {
  const stored = { outcome: 'failed', failureSignal: 'timeout' } as const;
  expect(correctionsOf(testOf(SHAPES['async cross frame']), stored, [INITIATED, LOCAL])).toEqual([
    {
      kind: 'completion',
      testId: '20261123T183000Z-A1.1-B1.1-async',
      evidence:
        'completed after the verdict failed by cf_initiated@A=teg-a/1, cf_settled_local@B=teg-a/1',
    },
  ]);
});
