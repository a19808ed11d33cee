// What each stored fact adds to counters and histograms: each once, from a closed set of labels.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CORRECTION_KINDS } from '../../src/domain/correction.js';
import { FINDING_KINDS } from '../../src/domain/finding.js';
import type { Latencies } from '../../src/domain/latency.js';
import type { Closing } from '../../src/domain/result.js';
import { scoreboardOf } from '../../src/domain/scoreboard.js';
import {
  BUCKETS_SECONDS,
  MISSED_SLOT_TALLY,
  NO_REASON,
  type Tally,
  talliesOfClosing,
  talliesOfCycle,
  talliesOfFinding,
  talliesOfResult,
  tallyOfCorrection,
} from '../../src/domain/tally.js';
import { FAILURE_SIGNALS, OUTCOMES } from '../../src/domain/verdict.js';
import { closedResult } from './samples.js';

const PATH = { path: 'A1.1-A1.2-intra', backend: 'intra' };
const NO_LATENCIES: Latencies = {
  totalMs: undefined,
  committedMs: undefined,
  observerShareMs: undefined,
};

function closingOf(overrides: Partial<Closing>): Closing {
  return {
    unaskedFrames: [],
    absent: [],
    absentEvents: [],
    unobserved: [],
    degraded: false,
    latencies: NO_LATENCIES,
    stamps: [],
    findings: [],
    closedAtMs: 0,
    ...overrides,
  };
}

/** Tallies in words: name, labels that are not the path's, and what is added. */
function brief(tallies: readonly Tally[]): readonly string[] {
  return tallies.map(({ tally, labels, add }) => {
    const { path, backend, ...others } = labels;
    return [tally, ...Object.values(others), add].join(' ');
  });
}

describe('a stored verdict', () => {
  test.each([
    [
      'passed',
      {},
      ['tests passed none 1', 'latency_bucket 0.1 1', 'latency_sum 0.1', 'latency_count 1'],
    ],
    [
      'failed',
      { outcome: 'failed', failureSignal: 'timeout', totalLatencyMs: undefined },
      ['tests failed timeout 1'],
    ],
    [
      'late',
      { late: true, totalLatencyMs: 40_000 },
      ['tests passed none 1', 'late 1', 'latency_bucket 60 1', 'latency_sum 40', 'latency_count 1'],
    ],
    [
      'slower than every bucket',
      { totalLatencyMs: 300_001 },
      ['tests passed none 1', 'latency_sum 300.001', 'latency_count 1'],
    ],
    [
      'as fast as can be',
      { totalLatencyMs: 0 },
      ['tests passed none 1', 'latency_bucket 0.01 1', 'latency_sum 0', 'latency_count 1'],
    ],
  ] as const)('%s', (_, overrides, words) => {
    expect(brief(talliesOfResult(closedResult(overrides)))).toEqual(words);
  });

  test('every outcome and reason has one series, and is counted once in it', () => {
    const series = OUTCOMES.flatMap((outcome) =>
      [undefined, ...FAILURE_SIGNALS].map((failureSignal) => {
        const tallies = talliesOfResult(closedResult({ outcome, failureSignal }));
        const tests = tallies.filter(({ tally }) => tally === 'tests');
        const labels = { ...PATH, outcome, reason: failureSignal ?? NO_REASON };
        expect(tests).toEqual([{ tally: 'tests', labels, add: 1 }]);
        return JSON.stringify(labels);
      }),
    );
    expect(new Set(series).size).toBe(series.length);
  });
});

describe('a stored close', () => {
  const unobserved = [
    { frame: 'A', stamp: 'fee_collected' },
    { frame: 'B', stamp: 'cf_initiated' },
  ] as const;
  const latencies = { totalMs: 96, committedMs: 90, observerShareMs: 6 };
  test.each<readonly [string, Partial<Closing>, readonly string[]]>([
    ['without a blemish or a measured clock', {}, []],
    ['degraded', { degraded: true }, ['degraded 1']],
    ['two frames not asked', { unaskedFrames: ['A', 'B'] }, ['unknown 1']],
    ['two stamps unobserved', { unobserved }, ['unobserved 2']],
    [
      'measured',
      { latencies },
      [
        'committed_latency_bucket 0.1 1',
        'committed_latency_sum 0.09',
        'committed_latency_count 1',
        'observer_share_bucket 0.01 1',
        'observer_share_sum 0.006',
        'observer_share_count 1',
      ],
    ],
  ])('%s', (_, overrides, words) => {
    expect(brief(talliesOfClosing(closedResult(), closingOf(overrides)))).toEqual(words);
  });
});

test('a test in maintenance is counted by itself, whatever it was', () => {
  const held = closedResult({ maintenance: true, late: true, totalLatencyMs: 9 });
  expect(brief(talliesOfResult(held))).toEqual(['maintenance_tests passed 1']);
  expect(talliesOfClosing(held, closingOf({ degraded: true, unaskedFrames: ['A'] }))).toEqual([]);
});

test('a cycle without anything to judge it by is not counted', () => {
  expect(talliesOfCycle(scoreboardOf('cycle-1', 2, [], 2))).toEqual([]);
});

test('a closed cycle is counted by whether it was clean, a missed slot by itself', () => {
  const passed = scoreboardOf('cycle-1', 1, [closedResult()]);
  const lost = scoreboardOf('cycle-1', 1, []);
  expect(brief([...talliesOfCycle(passed), ...talliesOfCycle(lost), MISSED_SLOT_TALLY])).toEqual([
    'cycles true 1',
    'cycles false 1',
    'missed_slots 1',
  ]);
});

test('findings and corrections are counted by kind', () => {
  const fact = { testId: 'x', subject: 'y', evidence: 'z' };
  for (const kind of FINDING_KINDS) {
    expect(talliesOfFinding({ kind, ...fact })[0]).toEqual({
      tally: 'findings',
      labels: { kind },
      add: 1,
    });
  }
  for (const kind of CORRECTION_KINDS) {
    const tally = { tally: 'corrections', labels: { kind }, add: 1 };
    expect(tallyOfCorrection({ kind, ...fact })).toEqual(tally);
  }
});

describe('histograms', () => {
  test('bounds rise', () => {
    for (const bounds of Object.values(BUCKETS_SECONDS)) {
      expect(bounds).toEqual([...new Set(bounds)].toSorted((one, other) => one - other));
    }
  });

  test('buckets, and what exceeds them, sum to the count; each value is in its own bucket', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400_000)), (valuesMs) => {
        const tallies = valuesMs.flatMap((totalLatencyMs) =>
          talliesOfResult(closedResult({ totalLatencyMs })),
        );
        const summed = (name: string, le?: string) =>
          tallies
            .filter(({ tally, labels }) => tally === name && (le ?? labels.le) === labels.le)
            .reduce((sum, { add }) => sum + add, 0);
        const above = (bound: number) => valuesMs.filter((ms) => ms / 1_000 > bound).length;
        const last = BUCKETS_SECONDS.latency.at(-1) ?? 0;
        expect(summed('latency_count')).toBe(valuesMs.length);
        expect(summed('latency_bucket') + above(last)).toBe(valuesMs.length);
        let below = 0;
        for (const bound of BUCKETS_SECONDS.latency) {
          below += summed('latency_bucket', String(bound));
          expect(below).toBe(valuesMs.length - above(bound));
        }
      }),
      { numRuns: 50 },
    );
  });
});
