// 28, sections 5 and 6: how long a transfer takes, today and over thirty days.
import type { PanelPlan } from './model.js';
import {
  badBelow,
  NONE_IS_GOOD,
  OUTCOME_COLOURS,
  one,
  passRatio,
  quantile,
  words,
} from './selectors.js';

const TEST = 'path=~"$path", backend=~"$backend"';
const HALF = [12, 8] as const;
const MONTH = { over: '30d', step: '1h' } as const;

/** Windows of a day are as long as what the page shows of a month; steps of an hour suffice. */
export function thirtyDays(): readonly PanelPlan[] {
  return [
    {
      title: 'Passed, by backend, per day',
      kind: 'chart',
      size: HALF,
      description: 'The trend: what is the shape of the next failure?',
      unit: 'percentunit',
      max: 1,
      softMin: 0.9,
      longTerm: MONTH,
      thresholds: badBelow(0.95, 0.99),
      queries: one(passRatio('backend', `${TEST}, `, '[1d]'), '{{backend}}'),
    },
    {
      title: 'p95 by backend, per day',
      kind: 'chart',
      size: HALF,
      description: 'From the fire to the commits that completed the test.',
      unit: 's',
      min: 0,
      longTerm: MONTH,
      queries: one(
        quantile(0.95, 'backend', 'canary_test_committed_latency_seconds', TEST, '[1d]'),
        '{{backend}}',
      ),
    },
    {
      title: 'Tests by outcome, per day',
      kind: 'stacked',
      size: HALF,
      description: 'A day of fewer tests is a day without eyes.',
      unit: 'suffix: tests',
      longTerm: MONTH,
      colours: OUTCOME_COLOURS,
      queries: one(`sum by (outcome) (increase(canary_tests_total{${TEST}}[1d]))`, '{{outcome}}'),
    },
    {
      title: 'Cycles not clean, and slots missed, per day',
      kind: 'chart',
      size: HALF,
      description: 'Cycles in which any test was not as it should be; slots that did not fire.',
      unit: 'short',
      longTerm: MONTH,
      thresholds: NONE_IS_GOOD,
      queries: [
        { expr: 'sum(increase(canary_cycles_total{clean="false"}[1d]))', legend: 'not clean' },
        { expr: 'sum(increase(canary_missed_slots_total[1d]))', legend: 'slots missed' },
      ],
    },
  ];
}

export function latency(): readonly PanelPlan[] {
  return [...ofThePlatform(), ...asSeen()];
}

function ofThePlatform(): readonly PanelPlan[] {
  const committed = 'canary_test_committed_latency_seconds';
  return [
    {
      title: 'Committed latency: p50, p95, p99',
      kind: 'chart',
      size: HALF,
      description: words(
        'From the fire to the commits that completed the test, by the corrected clocks of the',
        'origins: what the platform took, without the observer. Over 15 minutes.',
      ),
      unit: 's',
      min: 0,
      queries: [0.5, 0.95, 0.99].map((share) => ({
        expr: quantile(share, 'backend', committed, TEST, '[15m]'),
        legend: `{{backend}} p${share * 100}`,
      })),
    },
    {
      title: 'Observer’s share, p95',
      kind: 'chart',
      size: [6, 8],
      description: words(
        'What observing added. If this grows, the monitor is slow and not the platform: never let',
        'an observer interval dominate a measurement.',
      ),
      unit: 's',
      min: 0,
      queries: one(
        quantile(0.95, 'backend', 'canary_observer_share_seconds', TEST, '[15m]'),
        '{{backend}}',
      ),
    },
    {
      title: 'Slowest paths, p95',
      kind: 'bars',
      size: [6, 8],
      description: 'The five slowest paths of the last 15 minutes.',
      unit: 's',
      queries: one(
        `topk(5, ${quantile(0.95, 'path, backend', committed, TEST, '[15m]')} > 0)`,
        '{{path}}',
      ),
    },
  ];
}

function asSeen(): readonly PanelPlan[] {
  return [
    {
      title: 'As validators saw it: p95, and the deadlines',
      kind: 'chart',
      size: HALF,
      description: 'From the fire to our last stamp. Beyond the soft deadline a test is late.',
      unit: 's',
      logarithmic: true,
      queries: [
        {
          expr: quantile(0.95, 'backend', 'canary_test_latency_seconds', TEST, '[15m]'),
          legend: '{{backend}} p95',
        },
        {
          expr: 'canary_deadline_seconds{backend=~"$backend", deadline="soft"}',
          legend: '{{backend}} soft deadline',
        },
      ],
    },
    {
      title: 'Latency of the last cycle',
      kind: 'chart',
      size: HALF,
      description: 'Exact, not estimated from buckets: of the passed tests of each closed cycle.',
      unit: 's',
      min: 0,
      queries: one(
        'canary_cycle_latency_seconds{backend=~"$backend", statistic=~"p50|p95"}',
        '{{backend}} {{statistic}}',
      ),
    },
  ];
}
