// The scoreboard of a cycle: clean exactly as the glossary has it, and what is worth showing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BACKENDS } from '../../src/domain/backend.js';
import {
  type ClosedResult,
  describeScoreboard,
  scoreboardOf,
} from '../../src/domain/scoreboard.js';
import { OUTCOMES } from '../../src/domain/verdict.js';
import { closedResult } from './samples.js';

const PASSED = closedResult();
const FAILED = closedResult({
  outcome: 'failed',
  failureSignal: 'timeout',
  phase: 'debit',
  reason: 'no tokens_xfer before the final deadline',
  totalLatencyMs: undefined,
});

const HELD = closedResult({ ...FAILED, maintenance: true });

describe('what operators hold back is not judged', () => {
  test.each<readonly [string, number, number, readonly ClosedResult[], boolean, boolean, string]>([
    ['paused paths', 3, 1, [PASSED, PASSED], true, true, '2/3 passed, 1 paused'],
    ['a failure beside a pause', 2, 1, [FAILED], true, false, '0/2 passed, 1 failed, 1 paused'],
    ['nothing but pauses', 2, 2, [], false, false, '0/2 passed, 2 paused'],
    [
      'a failure in maintenance',
      2,
      0,
      [PASSED, HELD],
      true,
      true,
      '1/2 passed, 1 failed, 1 in maintenance',
    ],
    [
      'nothing but maintenance, though it passed',
      1,
      0,
      [closedResult({ maintenance: true })],
      false,
      false,
      '1/1 passed, 1 in maintenance',
    ],
    ['a lost test', 3, 1, [PASSED], true, false, '1/3 passed, 1 lost, 1 paused'],
  ])('%s', (_, planned, paused, results, judged, clean, line) => {
    const scoreboard = scoreboardOf('cycle-1', planned, results, paused);
    expect(scoreboard).toMatchObject({ judged, clean, paused });
    expect(describeScoreboard(scoreboard)).toBe(line);
  });
});

function check(planned: number, results: readonly ClosedResult[], clean: boolean, line: string) {
  const scoreboard = scoreboardOf('cycle-1', planned, results);
  expect(scoreboard.clean).toBe(clean);
  expect(describeScoreboard(scoreboard)).toBe(line);
}

describe('clean, and the scoreboard in a line', () => {
  test.each<readonly [string, number, readonly ClosedResult[], boolean, string]>([
    ['all passed', 2, [PASSED, PASSED], true, '2/2 passed'],
    [
      'late alone does not spoil it',
      2,
      [PASSED, closedResult({ late: true })],
      true,
      '2/2 passed, 1 late',
    ],
    [
      'what only we missed does not spoil it',
      1,
      [closedResult({ unobserved: [{ frame: 'A', stamp: 'fee_collected' }] })],
      true,
      '1/1 passed',
    ],
    ['one failed', 2, [PASSED, FAILED], false, '1/2 passed, 1 failed'],
    [
      'one degraded',
      2,
      [PASSED, closedResult({ degraded: true })],
      false,
      '2/2 passed, 1 degraded',
    ],
    [
      'one with findings',
      2,
      [PASSED, closedResult({ findingCount: 3 })],
      false,
      '2/2 passed, 3 findings',
    ],
    [
      'one of which a frame could not be asked',
      2,
      [PASSED, closedResult({ unaskedFrames: ['B'] })],
      false,
      '2/2 passed, 1 unknown',
    ],
    [
      'one that never closed',
      2,
      [PASSED, closedResult({ closedAtMs: undefined })],
      false,
      '2/2 passed, 1 unknown',
    ],
    ['one without a result', 2, [PASSED], false, '1/2 passed, 1 lost'],
    ['nothing planned', 0, [], false, '0/0 passed'],
    [
      'everything at once',
      6,
      [
        PASSED,
        FAILED,
        ...(['observer', 'inconclusive', 'unpaid'] as const).map((outcome) =>
          closedResult({ outcome }),
        ),
      ],
      false,
      '1/6 passed, 1 failed, 1 observer, 1 inconclusive, 1 unpaid, 1 lost',
    ],
  ])('%s', (_, planned, results, clean, line) => check(planned, results, clean, line));

  const anyResult = fc
    .record({
      outcome: fc.constantFrom(...OUTCOMES),
      late: fc.boolean(),
      degraded: fc.boolean(),
      closedAtMs: fc.constantFrom(undefined, 1),
      unaskedFrames: fc.subarray(['A', 'B']),
      findingCount: fc.integer({ min: 0, max: 2 }),
      backend: fc.constantFrom(...BACKENDS),
      warmUp: fc.boolean(),
    })
    .map(closedResult);

  test('the counts add up, and clean means what the glossary says', () => {
    fc.assert(
      fc.property(fc.array(anyResult, { maxLength: 5 }), fc.nat(2), (results, missing) => {
        const planned = results.length + missing;
        const scoreboard = scoreboardOf('cycle-1', planned, results);
        const counted = Object.values(scoreboard.outcomes).reduce((sum, count) => sum + count, 0);
        expect(counted + scoreboard.lost).toBe(planned);
        const spotless = results.every(
          (one) => one.outcome === 'passed' && !one.degraded && one.findingCount === 0,
        );
        const known = results.filter(
          (one) => one.closedAtMs !== undefined && one.unaskedFrames.length === 0,
        );
        expect(scoreboard.unknown).toBe(results.length - known.length);
        expect(scoreboard.clean).toBe(spotless && known.length === planned && planned > 0);
        expect(scoreboard.warmUp).toBe(results.some((one) => one.warmUp));
        const summarised = BACKENDS.map((backend) => scoreboard.latency[backend].count);
        const measured = summarised.reduce((sum, count) => sum + count, 0);
        expect(measured).toBe(scoreboard.outcomes.passed);
      }),
    );
  });
});

describe('latency per backend, of what passed', () => {
  test('by nearest rank, so that every figure was really measured', () => {
    const results = [
      ...[10, 20, 30, 40].map((totalLatencyMs) =>
        closedResult({
          totalLatencyMs,
          latencies: {
            totalMs: totalLatencyMs,
            committedMs: totalLatencyMs - 5,
            observerShareMs: totalLatencyMs / 10,
          },
        }),
      ),
      closedResult({ ...FAILED, totalLatencyMs: 9_999 }),
    ];
    const { latency } = scoreboardOf('cycle-1', 5, results);
    expect(latency.intra).toEqual({
      count: 4,
      p50Ms: 20,
      p95Ms: 40,
      maxMs: 40,
      observerShareP50Ms: 2,
    });
    expect(latency.async).toEqual({
      count: 0,
      p50Ms: undefined,
      p95Ms: undefined,
      maxMs: undefined,
      observerShareP50Ms: undefined,
    });
  });
});

describe('what is notable', () => {
  test('worst first, the simply passed left out', () => {
    const results = [
      PASSED,
      closedResult({ testId: '1', late: true }),
      closedResult({ testId: '2', outcome: 'observer', reason: 'lost' }),
      closedResult({ testId: '3', outcome: 'unpaid', reason: 'poor' }),
      { ...FAILED, testId: '4' },
      closedResult({ testId: '5', outcome: 'inconclusive', reason: 'blind' }),
      { ...FAILED, testId: '6' },
    ];
    const { notable } = scoreboardOf('cycle-1', results.length, results);
    expect(notable.map(({ testId }) => testId)).toEqual(['4', '6', '5', '3', '2', '1']);
  });

  test('with its flags, and with what never came where the verdict gives no reason', () => {
    const one = closedResult({
      late: true,
      degraded: true,
      findingCount: 2,
      absent: [{ frame: 'B', stamp: 'cf_initiated' }],
      absentEvents: [{ frame: 'A', eventType: 'CrossRegistryTransferCompleted' }],
      unobserved: [{ frame: 'A', stamp: 'fee_collected' }],
    });
    const blind = closedResult({ unaskedFrames: ['B'] });
    expect(scoreboardOf('cycle-1', 1, [blind]).notable).toMatchObject([
      { outcome: 'passed', flags: ['unknown'], reason: 'the EventStore of B could not be asked' },
    ]);
    const open = closedResult({ closedAtMs: undefined });
    expect(scoreboardOf('cycle-1', 1, [open]).notable).toMatchObject([
      { flags: ['unknown'], reason: 'never closed' },
    ]);
    expect(scoreboardOf('cycle-1', 2, [one, FAILED]).notable).toMatchObject([
      { flags: [], reason: 'no tokens_xfer before the final deadline', phase: 'debit' },
      {
        flags: ['late', 'degraded', '2 findings', 'unobserved'],
        reason: 'never came: cf_initiated at B, CrossRegistryTransferCompleted of A',
      },
    ]);
  });
});
