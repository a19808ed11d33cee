// The verdict after the look-back: decisions 4, 5 and 6, case by case.
import { describe, expect, test } from 'vitest';
import type { ClockOffsets } from '../../src/domain/clock.js';
import type { FireOutcome } from '../../src/domain/fire.js';
import type { Stamp } from '../../src/domain/stamp.js';
import { decideAfterLookBack, type LookBack } from '../../src/domain/verdict.js';
import { ACCEPTED, FIRED_AT_MS, lookBackOf, SHAPES, type Shape, testOf } from './builders.js';
import {
  ASYNC_MISSING,
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
  SETTLED_MISSING,
  UNANSWERED,
  unpaid,
} from './verdict-samples.js';

const CLOCK_ERROR_MS = 50;
const TIMEOUT = 'timeout debit tokens_xfer';

interface Case {
  readonly shape?: Shape;
  readonly fire?: FireOutcome;
  readonly stamps?: readonly Stamp[];
  readonly found?: Partial<LookBack>;
}

function lookBack({ shape = 'async cross frame', fire = ACCEPTED, stamps = [], found }: Case) {
  const facts = { fire, stamps, firedAtMs: FIRED_AT_MS };
  return decideAfterLookBack(
    testOf(SHAPES[shape]),
    facts,
    lookBackOf({ fire, ...found }),
    CLOCK_ERROR_MS,
  );
}

function check(one: Case, verdict: string) {
  expect(brief(lookBack(one))).toBe(verdict);
}

describe('after the look-back: who lost it', () => {
  test.each<readonly [string, Case, string]>([
    ['all signals had come', { stamps: [INITIATED, LOCAL] }, 'passed'],
    [
      'the store has what a lost signal said',
      { stamps: [INITIATED], found: { stamps: [LOCAL] } },
      'passed',
    ],
    ['the store has all of it', { found: { stamps: [INITIATED, REMOTE] } }, 'passed'],
    [
      'only the EventStore has the settlement',
      { stamps: [INITIATED], found: { unseen: [LOCAL] } },
      `observer ${SETTLED_MISSING}`,
    ],
    [
      'only the EventStore has it all',
      { found: { unseen: [INITIATED, LOCAL, SENT] } },
      `observer ${ASYNC_MISSING}`,
    ],
    [
      'seen here, unseen there: one part each',
      { found: { stamps: [REMOTE], unseen: [INITIATED] } },
      'observer cf_initiated',
    ],
    [
      'the refund is in the store only',
      { stamps: [INITIATED], found: { stamps: [REFUNDED] } },
      `refunded settlement ${SETTLED_MISSING}`,
    ],
    [
      'the refund is in the EventStore only',
      { stamps: [INITIATED], found: { unseen: [REFUNDED] } },
      `refunded settlement ${SETTLED_MISSING}`,
    ],
    [
      'a refund beats completion here, too',
      { stamps: [INITIATED, LOCAL], found: { unseen: [REFUNDED] } },
      'refunded settlement',
    ],
    [
      'an unseen refund of 2pc is no refund',
      { shape: '2pc cross frame', found: { unseen: [REFUNDED] } },
      `timeout debit tokens_xfer ${SETTLED_MISSING}`,
    ],
  ])('%s', (_, one, verdict) => check(one, verdict));
});

describe('after the look-back: timeout, with what is missing and the phase', () => {
  test.each<readonly [string, Case, string]>([
    ['nothing but the answer', { shape: 'intra' }, 'timeout debit tokens_xfer'],
    ['the fee alone', { shape: 'intra', stamps: [FEE] }, 'timeout debit tokens_xfer'],
    ['never initiated', { stamps: [SENT] }, `timeout initiation ${ASYNC_MISSING}`],
    ['settled, never initiated', { stamps: [LOCAL] }, 'timeout initiation cf_initiated'],
    [
      'initiated, never settled',
      { stamps: [INITIATED, SENT] },
      `timeout settlement ${SETTLED_MISSING}`,
    ],
    [
      'what only the EventStore has is not missing',
      { found: { unseen: [INITIATED] } },
      `timeout settlement ${SETTLED_MISSING}`,
    ],
    ['2pc: nothing', { shape: '2pc cross frame' }, `timeout debit tokens_xfer ${SETTLED_MISSING}`],
  ])('%s', (_, one, verdict) => check(one, verdict));
});

describe('after the look-back: committed by the deadline', () => {
  const late = { ...SENT, ...committed(CLOCK_ERROR_MS + 1) };
  const just = { ...SENT, ...committed(CLOCK_ERROR_MS), seenAtMs: FIRED_AT_MS + 10 * FINAL_MS };
  test.each<readonly [string, Case, string]>([
    ['just in time, seen much later', { found: { stamps: [just] } }, 'passed'],
    ['just in time, unseen', { found: { unseen: [just] } }, 'observer tokens_xfer'],
    ['too late, though signalled', { stamps: [late] }, 'timeout debit tokens_xfer'],
    ['too late, in the store', { found: { stamps: [late] } }, 'timeout debit tokens_xfer'],
    ['too late, in the EventStore', { found: { unseen: [late] } }, 'timeout debit tokens_xfer'],
    [
      'too late in one frame, in time in another',
      { found: { stamps: [late], unseen: [SENT] } },
      'observer tokens_xfer',
    ],
    [
      'the fire time only the workflow knows',
      { stamps: [late], found: { firedAtMs: undefined } },
      'timeout debit tokens_xfer',
    ],
  ])('%s', (_, one, verdict) => check({ shape: 'intra', ...one }, verdict));

  test.each<readonly [string, number, ClockOffsets, string]>([
    ['a clock ahead is corrected', 300, { A: { offsetMs: 300, errorMs: 0 } }, 'passed'],
    ['a clock ahead by less', 300, { A: { offsetMs: 299, errorMs: 0 } }, TIMEOUT],
    ['a clock behind', 0, { A: { offsetMs: -1, errorMs: 0 } }, TIMEOUT],
    ['within the error', 5, { A: { offsetMs: 0, errorMs: 5 } }, 'passed'],
    ['another frame’s clock says nothing', 300, { B: { offsetMs: 300, errorMs: 0 } }, TIMEOUT],
    ['a clock that was not measured', CLOCK_ERROR_MS, {}, 'passed'],
  ])('%s', (_, pastDeadlineMs, offsets, verdict) => {
    const stamps = [{ ...SENT, ...committed(pastDeadlineMs) }];
    check({ shape: 'intra', found: { stamps, offsets } }, verdict);
  });

  test('a refund after the deadline is not this verdict’s', () => {
    const refund = { ...REFUNDED, ...committed(CLOCK_ERROR_MS + 1) };
    check({ stamps: [refund, INITIATED] }, `timeout settlement ${SETTLED_MISSING}`);
  });
});

describe('after the look-back: the fire', () => {
  test.each<readonly [string, Case, string]>([
    ['refused after doubt, no event', { fire: refused(true) }, 'rejected fire'],
    [
      'refused after doubt, an event',
      { fire: refused(true), stamps: [INITIATED] },
      `timeout settlement ${SETTLED_MISSING}`,
    ],
    [
      'refused after doubt, an unseen event',
      { fire: refused(true), found: { unseen: [FEE] } },
      `timeout initiation ${ASYNC_MISSING}`,
    ],
    [
      'refused after doubt, an event that may not stamp',
      { fire: refused(true), found: { anyEvent: true } },
      `timeout initiation ${ASYNC_MISSING}`,
    ],
    [
      'refused after doubt, all events',
      { fire: refused(true), stamps: [INITIATED, LOCAL] },
      'passed',
    ],
    [
      'no answer, an event after the deadline: the transfer was taken, and late',
      { fire: UNANSWERED, found: { unseen: [{ ...INITIATED, ...committed(CLOCK_ERROR_MS + 1) }] } },
      `timeout initiation ${ASYNC_MISSING}`,
    ],
    [
      'refused after doubt, a stamp after the deadline',
      { fire: refused(true), stamps: [{ ...INITIATED, ...committed(CLOCK_ERROR_MS + 1) }] },
      `timeout initiation ${ASYNC_MISSING}`,
    ],
    ['unpaid after doubt, no event', { fire: unpaid(true) }, 'unpaid'],
    [
      'unpaid after doubt, an event',
      { fire: unpaid(true), stamps: [SENT] },
      `timeout initiation ${ASYNC_MISSING}`,
    ],
    ['no answer, no event', { fire: UNANSWERED }, 'unreachable fire'],
    ['still asking, no event', { fire: PENDING }, 'unreachable fire'],
    [
      'no answer, an event',
      { fire: UNANSWERED, found: { unseen: [SENT] } },
      `timeout initiation ${ASYNC_MISSING}`,
    ],
    [
      'no answer here, but one in the store',
      { fire: UNANSWERED, found: { fire: ACCEPTED } },
      `timeout initiation ${ASYNC_MISSING}`,
    ],
    [
      'the answer reached only the store',
      { fire: PENDING, found: { fire: refused(false) } },
      'rejected fire',
    ],
    [
      'nothing ever left us',
      { fire: PENDING, found: { fire: UNANSWERED, firedAtMs: undefined } },
      'unreachable fire',
    ],
  ])('%s', (_, one, verdict) => check(one, verdict));

  test('no attempt ever left us, as far as anybody knows: nothing can be said of the path', () => {
    const found = lookBackOf({ fire: UNANSWERED, firedAtMs: undefined });
    const facts = { fire: PENDING, stamps: [], firedAtMs: undefined };
    expect(decideAfterLookBack(testOf(SHAPES.intra), facts, found, 0).kind).toBe('inconclusive');
  });
});

describe('after the look-back: what could not be asked', () => {
  const blind = { unreachableFrames: ['B'] };
  const noStore = { storeReachable: false };
  test.each<readonly [string, Case, string]>([
    ['a frame is away', { found: blind }, 'inconclusive'],
    ['the store is away', { found: noStore }, 'inconclusive'],
    ['no answer, and a frame is away', { fire: UNANSWERED, found: blind }, 'inconclusive'],
    [
      'refused after doubt, and a frame is away',
      { fire: refused(true), found: blind },
      'inconclusive',
    ],
    [
      'what is known decides: passed',
      { stamps: [INITIATED, LOCAL], found: { ...blind, ...noStore } },
      'passed',
    ],
    [
      'what is known decides: refunded',
      { stamps: [REFUNDED], found: { ...blind, ...noStore } },
      `refunded settlement ${ASYNC_MISSING}`,
    ],
    [
      'what is known decides: observer',
      { stamps: [INITIATED], found: { ...blind, unseen: [LOCAL] } },
      `observer ${SETTLED_MISSING}`,
    ],
    [
      'what is known decides: rejected',
      { fire: refused(false), found: { ...blind, ...noStore } },
      'rejected fire',
    ],
    ['what is known decides: unpaid', { fire: unpaid(false), found: blind }, 'unpaid'],
  ])('%s', (_, one, verdict) => check(one, verdict));
});

describe('what a verdict tells people', () => {
  test.each<readonly [Case, string]>([
    [
      { fire: refused(false) },
      'the platform refused the transfer: agent_revoked: A1:canary-1 is revoked',
    ],
    [{ fire: unpaid(true) }, 'needs 0.010010, has 0.000000'],
    [{ fire: UNANSWERED }, 'no answer and no event before the final deadline: connection reset'],
    [{ stamps: [INITIATED] }, 'no cf_settled_local, cf_settled_remote before the final deadline'],
    [{ stamps: [REFUNDED] }, 'the platform refunded the transfer (teg-a/9)'],
    [
      { found: { unseen: [INITIATED, LOCAL] } },
      'the EventStore holds what completes the test, no validator brought ' +
        'cf_initiated, cf_settled_local, cf_settled_remote',
    ],
    [
      { found: { storeReachable: false, unreachableFrames: ['A', 'B'] } },
      'could not look back at the stamp store and the EventStore of frame A ' +
        'and the EventStore of frame B',
    ],
  ])('%#: %s', (one, reason) => expect(lookBack(one)).toMatchObject({ reason }));
});
