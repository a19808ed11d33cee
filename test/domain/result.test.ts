// The stored row of a verdict: what each verdict leaves empty, and whether the test was late.
import { describe, expect, test } from 'vitest';
import type { ClockOffsets } from '../../src/domain/clock.js';
import type { FireOutcome } from '../../src/domain/fire.js';
import { type Result, resultOf } from '../../src/domain/result.js';
import type { Stamp } from '../../src/domain/stamp.js';
import type { DecidedVerdict } from '../../src/domain/verdict.js';
import { ACCEPTED, FIRED_AT_MS, SHAPES, stampAt, testOf } from './builders.js';

const DECIDED_AT_MS = FIRED_AT_MS + 120;
const EXACT: ClockOffsets = { A: { offsetMs: 0, errorMs: 0 } };
const SENT = stampAt('tokens_xfer');
const LATE = stampAt('tokens_xfer', 'A', {
  originCommittedAtMs: FIRED_AT_MS + 10_001,
  seenAtMs: FIRED_AT_MS + 10_005,
});

interface Facts {
  readonly verdict: DecidedVerdict;
  readonly stamps?: readonly Stamp[];
  readonly fire?: FireOutcome;
  readonly firedAtMs?: number | undefined;
  readonly offsets?: ClockOffsets;
  readonly warmUp?: boolean;
}

const TIMEOUT: DecidedVerdict = {
  kind: 'failed',
  signal: 'timeout',
  phase: 'debit',
  missing: ['tokens_xfer'],
  reason: 'no tokens_xfer before the final deadline',
};
const OBSERVER: DecidedVerdict = { kind: 'observer', missing: ['tokens_xfer'], reason: 'lost' };
const IN_DOUBT: FireOutcome = { kind: 'unanswered', message: 'connection reset' };

function check(facts: Facts, row: Partial<Result>) {
  const { verdict, stamps = [SENT], fire = ACCEPTED, offsets = EXACT, warmUp = false } = facts;
  const firedAtMs = 'firedAtMs' in facts ? facts.firedAtMs : FIRED_AT_MS;
  const one = testOf(SHAPES.intra, { warmUp });
  const told = { stamps, fire, firedAtMs, offsets };
  expect(resultOf(one, verdict, told, DECIDED_AT_MS)).toEqual({
    testId: one.testId,
    cycleId: one.cycleId,
    pathId: 'A1.1-A1.2-intra',
    backend: 'intra',
    amount: '10000',
    outcome: verdict.kind,
    failureSignal: undefined,
    phase: undefined,
    missing: [],
    reason: '',
    transferId: 'transfer-1',
    firedAtMs,
    totalLatencyMs: undefined,
    late: false,
    warmUp,
    maintenance: false,
    decidedAtMs: DECIDED_AT_MS,
    ...row,
  });
}

describe('the row of', () => {
  const { signal, phase, missing, reason } = TIMEOUT as Extract<DecidedVerdict, { kind: 'failed' }>;
  test.each<readonly [string, Facts, Partial<Result>]>([
    ['passed', { verdict: { kind: 'passed' } }, { totalLatencyMs: 100 }],
    [
      'passed late',
      { verdict: { kind: 'passed' }, stamps: [LATE] },
      { totalLatencyMs: 10_005, late: true },
    ],
    [
      'passed late only by a clock that is ahead',
      {
        verdict: { kind: 'passed' },
        stamps: [LATE],
        offsets: { A: { offsetMs: 2, errorMs: 0 } },
      },
      { totalLatencyMs: 10_005 },
    ],
    [
      'passed, but nobody knows when it was fired',
      { verdict: { kind: 'passed' }, firedAtMs: undefined },
      {},
    ],
    ['passed in warm-up', { verdict: { kind: 'passed' }, warmUp: true }, { totalLatencyMs: 100 }],
    [
      'passed without an answer: the event knows the transfer',
      { verdict: { kind: 'passed' }, fire: IN_DOUBT },
      { totalLatencyMs: 100 },
    ],
    ['failed', { verdict: TIMEOUT }, { failureSignal: signal, phase, missing, reason }],
    [
      'failed, never late',
      { verdict: TIMEOUT, stamps: [LATE] },
      { failureSignal: signal, phase, missing, reason },
    ],
    [
      'failed without an answer or an event',
      { verdict: TIMEOUT, fire: IN_DOUBT, stamps: [] },
      { failureSignal: signal, phase, missing, reason, transferId: undefined },
    ],
    [
      'observer',
      { verdict: OBSERVER },
      { phase: 'observation', missing: ['tokens_xfer'], reason: 'lost' },
    ],
    ['inconclusive', { verdict: { kind: 'inconclusive', reason: 'blind' } }, { reason: 'blind' }],
    ['unpaid', { verdict: { kind: 'unpaid', reason: 'poor' } }, { reason: 'poor' }],
  ])('%s', (_, facts, row) => check(facts, row));
});
