// Counters and histograms out of tallies: cumulative, consistent, closed, and none lost unseen.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Closing, Result } from '../../src/domain/result.js';
import {
  BUCKETS_SECONDS,
  type Tally,
  talliesOfClosing,
  talliesOfResult,
} from '../../src/domain/tally.js';
import { tallyFamilies } from '../../src/exporters/tally-families.js';
import { writeFamilies } from '../../src/exporters/write-text.js';
import { testOf } from '../support/samples.js';
import { SETTINGS, seriesNamed } from './page.js';

const paths = SETTINGS.paths.slice(0, 4);

function resultOf(pathId: string, totalLatencyMs: number | undefined): Result {
  const { path, ...test } = testOf(pathId);
  return {
    ...test,
    pathId,
    backend: path.backend,
    outcome: 'passed',
    failureSignal: undefined,
    phase: undefined,
    missing: [],
    reason: '',
    transferId: undefined,
    firedAtMs: 0,
    totalLatencyMs,
    late: false,
    maintenance: false,
    decidedAtMs: 0,
  };
}

function closingOf(committedMs: number | undefined, observerShareMs: number | undefined): Closing {
  return {
    unaskedFrames: [],
    absent: [],
    absentEvents: [],
    unobserved: [],
    degraded: false,
    latencies: { totalMs: undefined, committedMs, observerShareMs },
    stamps: [],
    findings: [],
    closedAtMs: 0,
  };
}

/** The tallies as a store accumulates them: one row per name and label set. */
function accumulated(tallies: readonly Tally[]): readonly Tally[] {
  const rows = new Map<string, Tally>();
  for (const one of tallies) {
    const key = JSON.stringify([one.tally, Object.entries(one.labels).sort()]);
    rows.set(key, { ...one, add: (rows.get(key)?.add ?? 0) + one.add });
  }
  return [...rows.values()];
}

const latencyMs = fc.option(
  fc.oneof(
    fc.double({ min: 0, max: 400_000, noNaN: true }),
    fc.constantFrom(...BUCKETS_SECONDS.latency.map((bound) => bound * 1_000)),
  ),
  { nil: undefined },
);
const observation = fc.record({
  path: fc.constantFrom(...paths.slice(1)),
  total: latencyMs,
  committed: latencyMs,
  share: latencyMs,
});

const HISTOGRAMS = [
  { name: 'canary_test_latency_seconds', bounds: BUCKETS_SECONDS.latency, of: 'total' },
  {
    name: 'canary_test_committed_latency_seconds',
    bounds: BUCKETS_SECONDS.committed_latency,
    of: 'committed',
  },
  { name: 'canary_observer_share_seconds', bounds: BUCKETS_SECONDS.observer_share, of: 'share' },
] as const;

interface Observed {
  readonly labels: string;
  readonly values: readonly number[];
}

function bucketsOf(name: string, bounds: readonly number[], observed: readonly Observed[]) {
  return Object.fromEntries(
    observed.flatMap(({ labels, values }) =>
      [...bounds, Number.POSITIVE_INFINITY].map((bound) => {
        const le = bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound);
        const within = values.filter((one) => one <= bound).length;
        return [`${name}_bucket{${labels},le="${le}"}`, String(within)];
      }),
    ),
  );
}

test('every bucket holds what is not above its bound, +Inf the count, sum the sum', () => {
  fc.assert(
    fc.property(fc.array(observation, { maxLength: 40 }), (observations) => {
      const tallies = observations.flatMap(({ path, total, committed, share }) => {
        const result = resultOf(path.id, total);
        return [
          ...talliesOfResult(result),
          ...talliesOfClosing(result, closingOf(committed, share)),
        ];
      });
      const page = writeFamilies(tallyFamilies(accumulated(tallies), paths));
      for (const { name, bounds, of } of HISTOGRAMS) {
        const seconds = paths.map((path) => ({
          labels: `path="${path.id}",backend="${path.backend}"`,
          values: observations
            .filter((one) => one.path === path)
            .flatMap((one) => (one[of] === undefined ? [] : [one[of] / 1_000])),
        }));
        expect(seriesNamed(page, `${name}_bucket`)).toEqual(bucketsOf(name, bounds, seconds));
        expect(seriesNamed(page, `${name}_count`)).toEqual(
          Object.fromEntries(
            seconds.map(({ labels, values }) => [`${name}_count{${labels}}`, `${values.length}`]),
          ),
        );
        const sums = seriesNamed(page, `${name}_sum`);
        for (const { labels, values } of seconds) {
          const sum = values.reduce((total, one) => total + one, 0);
          expect(Number(sums[`${name}_sum{${labels}}`])).toBeCloseTo(sum, 6);
        }
      }
    }),
    { numRuns: 50 },
  );
});

test('a bucket of an older table counts in every larger bucket of today', () => {
  const labels = { path: 'A1.1-A1.2-intra', backend: 'intra' };
  const tallies: readonly Tally[] = [
    { tally: 'latency_bucket', labels: { ...labels, le: '0.07' }, add: 3 },
    { tally: 'latency_count', labels, add: 3 },
  ];
  const page = writeFamilies(tallyFamilies(tallies, paths));
  const buckets = seriesNamed(page, 'canary_test_latency_seconds_bucket');
  const at = (le: string) =>
    buckets[
      `canary_test_latency_seconds_bucket{path="A1.1-A1.2-intra",backend="intra",le="${le}"}`
    ];
  expect([at('0.05'), at('0.1'), at('300'), at('+Inf')]).toEqual(['0', '3', '3', '3']);
});

test('what the configuration does not know is counted and not shown', () => {
  const known = { path: 'A1.1-A1.2-intra', backend: 'intra' };
  const gone = { path: 'Z1.1-Z1.2-intra', backend: 'intra' };
  const tallies: readonly Tally[] = [
    { tally: 'late', labels: known, add: 5 },
    { tally: 'late', labels: gone, add: 7 },
    { tally: 'latency_bucket', labels: { ...gone, le: '1' }, add: 7 },
    { tally: 'tests', labels: { ...known, outcome: 'failed', reason: 'refunded' }, add: 1 },
    { tally: 'findings', labels: { kind: 'ghost' }, add: 1 },
  ];
  const page = writeFamilies(tallyFamilies(tallies, paths));
  expect(page).not.toContain('Z1.1');
  expect(page).not.toContain('ghost');
  expect(seriesNamed(page, 'canary_exporter_unknown_tallies')).toEqual({
    canary_exporter_unknown_tallies: '4',
  });
  expect(
    seriesNamed(page, 'canary_late_total')[
      'canary_late_total{path="A1.1-A1.2-intra",backend="intra"}'
    ],
  ).toBe('5');
});
