// The verdict while a test waits: decisions 1, 2 and 5, case by case.
import { describe, expect, test } from 'vitest';
import type { FireOutcome } from '../../src/domain/fire.js';
import type { Stamp } from '../../src/domain/stamp.js';
import { decide, earliestTimes, isComplete, remainingMs } from '../../src/domain/verdict.js';
import { ACCEPTED, FIRED_AT_MS, SHAPES, type Shape, stampAt, testOf } from './builders.js';
import {
  brief,
  committed,
  FEE,
  FINAL_MS,
  INITIATED,
  LOCAL,
  PENDING,
  REFUNDED,
  REMOTE,
  refused,
  SENT,
  UNANSWERED,
  unpaid,
} from './verdict-samples.js';

describe('while the test waits', () => {
  function check(shape: Shape, fire: FireOutcome, stamps: readonly Stamp[], verdict: string) {
    const facts = { fire, stamps, firedAtMs: FIRED_AT_MS };
    expect(brief(decide(testOf(SHAPES[shape]), facts))).toBe(verdict);
  }

  test.each<readonly [string, Shape, FireOutcome, readonly Stamp[], string]>([
    ['nothing yet', 'intra', PENDING, [], 'pending'],
    ['accepted is not enough', 'intra', ACCEPTED, [], 'pending'],
    ['the fee is not enough', 'intra', ACCEPTED, [FEE], 'pending'],
    ['the required stamp', 'intra', ACCEPTED, [SENT], 'passed'],
    ['events tell the truth before the answer', 'intra', PENDING, [SENT], 'passed'],
    ['initiated only', 'async cross frame', ACCEPTED, [INITIATED, SENT, FEE], 'pending'],
    ['settled only', 'async cross frame', ACCEPTED, [REMOTE, LOCAL], 'pending'],
    ['settled as the sender saw it', 'async cross frame', ACCEPTED, [INITIATED, REMOTE], 'passed'],
    ['settled as the receiver saw it', 'async cross frame', ACCEPTED, [INITIATED, LOCAL], 'passed'],
    ['2pc: sent', '2pc cross frame', ACCEPTED, [SENT], 'passed'],
    ['2pc: settled', '2pc cross frame', ACCEPTED, [LOCAL], 'passed'],
    ['2pc: initiated is no part of it', '2pc cross frame', ACCEPTED, [INITIATED], 'pending'],
    [
      'a stamp counts by name, whichever frame saw it',
      'intra',
      ACCEPTED,
      [{ ...SENT, frame: 'C' }],
      'passed',
    ],
    [
      'a refund',
      'async cross frame',
      ACCEPTED,
      [REFUNDED],
      'refunded settlement cf_initiated cf_settled_local cf_settled_remote',
    ],
    [
      'a refund names what is missing',
      'async cross frame',
      ACCEPTED,
      [INITIATED, REFUNDED],
      'refunded settlement cf_settled_local cf_settled_remote',
    ],
    [
      'a refund beats completion',
      'async cross frame',
      ACCEPTED,
      [INITIATED, LOCAL, REFUNDED],
      'refunded settlement',
    ],
    [
      'a refund beats a refusal',
      'async cross frame',
      refused(false),
      [REFUNDED],
      'refunded settlement cf_initiated cf_settled_local cf_settled_remote',
    ],
    ['intra knows no refund', 'intra', ACCEPTED, [REFUNDED], 'pending'],
    ['2pc knows no refund', '2pc cross frame', ACCEPTED, [REFUNDED, SENT], 'passed'],
    ['a clear refusal', 'intra', refused(false), [], 'rejected fire'],
    ['a refusal after doubt waits', 'intra', refused(true), [], 'pending'],
    ['completion beats a refusal', 'intra', refused(false), [SENT], 'passed'],
    ['completion after a doubtful refusal', 'intra', refused(true), [SENT], 'passed'],
    ['no money', 'intra', unpaid(false), [], 'unpaid'],
    ['no money after doubt waits', 'intra', unpaid(true), [], 'pending'],
    ['no answer waits', 'intra', UNANSWERED, [], 'pending'],
  ])('%s (%s)', (_, shape, fire, stamps, verdict) => check(shape, fire, stamps, verdict));

  test.each<readonly [string, Stamp, string]>([
    ['at the final deadline completes', { ...SENT, ...committed(0) }, 'passed'],
    [
      'after it does not, for the workflow may have slept over it',
      { ...SENT, ...committed(1) },
      'pending',
    ],
  ])('a stamp committed %s', (_, stamp, verdict) => check('intra', ACCEPTED, [stamp], verdict));

  test('a refund committed after the final deadline does not decide either', () => {
    const late = { ...REFUNDED, ...committed(1) };
    check('async cross frame', ACCEPTED, [late], 'pending');
  });

  test('of two refunds the first committed is named, in whatever order they come', () => {
    const second = { ...REFUNDED, eventId: { producer: 'teg-b', position: 3 } };
    const tied = { ...second, eventId: { producer: 'teg-a', position: 12 } };
    const later = { ...second, originCommittedAtMs: REFUNDED.originCommittedAtMs + 1 };
    const told = [
      [REFUNDED, later],
      [tied, REFUNDED],
      [second, { ...REFUNDED, eventId: { producer: 'teg-a', position: 3 } }],
    ];
    const reasons = told.map((stamps) =>
      [stamps, stamps.toReversed()].map((order) => {
        const verdict = decide(testOf(SHAPES['async cross frame']), {
          fire: ACCEPTED,
          stamps: order,
        });
        return verdict.kind === 'failed' ? verdict.reason.match(/\(.*\)/)?.[0] : verdict.kind;
      }),
    );
    expect(reasons).toEqual([
      ['(teg-a/9)', '(teg-a/9)'],
      ['(teg-a/9)', '(teg-a/9)'],
      ['(teg-a/3)', '(teg-a/3)'],
    ]);
  });

  test('with a known clock error it is added to the deadline', () => {
    const facts = {
      fire: ACCEPTED,
      stamps: [{ ...SENT, ...committed(1) }],
      firedAtMs: FIRED_AT_MS,
    };
    expect(decide(testOf(SHAPES.intra), facts, 1).kind).toBe('passed');
  });

  test('while the fire time is unknown no stamp is too late', () => {
    const facts = { fire: ACCEPTED, stamps: [{ ...SENT, ...committed(1) }] };
    expect(decide(testOf(SHAPES.intra), facts).kind).toBe('passed');
  });
});

describe('smaller parts', () => {
  test('the earliest time of each stamp over all frames, by the clock that is asked for', () => {
    const stamps = [
      stampAt('cf_initiated', 'B', { seenAtMs: 9, originCommittedAtMs: 1 }),
      stampAt('cf_initiated', 'A', { seenAtMs: 5, originCommittedAtMs: 2 }),
    ];
    expect(earliestTimes(stamps, (one) => one.seenAtMs)('cf_initiated')).toBe(5);
    expect(earliestTimes(stamps, (one) => one.originCommittedAtMs)('cf_initiated')).toBe(1);
    expect(earliestTimes(stamps, (one) => one.seenAtMs)('tokens_xfer')).toBeUndefined();
  });

  test('complete whichever frames saw it', () => {
    expect(isComplete(testOf(SHAPES['async cross frame']), [INITIATED, LOCAL])).toBe(true);
    expect(isComplete(testOf(SHAPES['async cross frame']), [LOCAL])).toBe(false);
  });

  test.each([
    [undefined, 5, 0],
    [FIRED_AT_MS, FIRED_AT_MS, FINAL_MS],
    [FIRED_AT_MS, FIRED_AT_MS + FINAL_MS - 1, 1],
    [FIRED_AT_MS, FIRED_AT_MS + FINAL_MS, 0],
    [FIRED_AT_MS, FIRED_AT_MS + 2 * FINAL_MS, 0],
  ])('fired at %s, now %s: %s ms left', (firedAtMs, nowMs, leftMs) => {
    expect(remainingMs(testOf(SHAPES.intra), firedAtMs, nowMs)).toBe(leftMs);
  });
});
