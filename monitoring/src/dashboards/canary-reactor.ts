// 28: the canaries. Eight sections; the first two answer whether the platform moves tokens now.

import type { MonitoringConfig } from '../config.js';
import { DASHBOARDS } from '../names.js';
import { PATHS, RED } from './api-panels.js';
import { failures } from './canary-failures.js';
import { latency, thirtyDays } from './canary-latency.js';
import { upstream, validators } from './canary-pipeline.js';
import { restarts } from './canary-restarts.js';
import type { DashboardPlan, PanelPlan } from './model.js';
import {
  badAbove,
  badBelow,
  drillTo,
  NO_COLOUR,
  ONE_IS_GOOD,
  OUTCOME_COLOURS,
  one,
  passRatio,
  quantile,
  words,
  YES,
} from './selectors.js';

const TEST = 'path=~"$path", backend=~"$backend"';
const TILE = [4, 4] as const;

export function canaryReactor(config: MonitoringConfig): DashboardPlan {
  return {
    ...DASHBOARDS.canary,
    description: words(
      'Real tokens over every path, once a cycle. Whether they arrive, how fast, and what broke',
      'where they do not. Marks show restarts of workers and registries: within ten minutes',
      'after one, failures are the warm-up of the observer and do not page.',
    ),
    variables: ['backend', 'path', 'frame'],
    annotations: ['workerRestarts', 'registryRestarts', 'warmUp'],
    sections: [
      { title: '1 Pass rate', panels: [...tiles(), ...passRates()] },
      { title: '2 Every path', panels: [scoreboard()] },
      { title: '3 Validator pipeline', panels: validators(config) },
      {
        title: '4 Upstream: pressure on EventStore and TEG database',
        collapsed: true,
        panels: upstream(config),
      },
      { title: '5 Thirty days, from the long-term store', collapsed: true, panels: thirtyDays() },
      { title: '6 Latency and the observer’s share', panels: latency() },
      { title: '7 Failures and their phases', collapsed: true, panels: [...failures(), PATHS] },
      {
        title: '8 Warm-up, workers and restarts',
        collapsed: true,
        panels: [...restarts(config), RED],
      },
    ],
  };
}

function tiles(): readonly PanelPlan[] {
  return [
    ratioTile('Passed, last hour', '[1h]'),
    ratioTile('Passed, last day', '[1d]'),
    {
      title: 'Last cycle clean',
      kind: 'stat',
      size: TILE,
      description: 'Every test of the last closed cycle passed, in time and fully seen.',
      unit: 'none',
      mappings: YES,
      thresholds: ONE_IS_GOOD,
      queries: one('canary_cycle_clean', 'clean'),
    },
    {
      title: 'Last cycle closed',
      kind: 'stat',
      size: TILE,
      description: 'How long ago, in cycles that are due since. More than three: no test is run.',
      unit: 'suffix: cycles ago',
      decimals: 1,
      thresholds: badAbove(3, 10),
      queries: one(
        words(
          '(time() - canary_cycle_closed_timestamp_seconds)',
          '/ canary_cycle_interval_seconds',
        ),
        'ago',
      ),
    },
    {
      title: 'On their way now',
      kind: 'stat',
      size: TILE,
      description:
        'Registered tests without a verdict, and those of them beyond the soft deadline.',
      unit: 'short',
      named: true,
      queries: [
        { expr: `sum(canary_open_tests{${TEST}})`, legend: 'open' },
        {
          expr: `sum(canary_open_tests_past_soft_deadline{${TEST}})`,
          legend: 'past soft deadline',
          thresholds: badAbove(1, 5),
        },
      ],
    },
    {
      title: 'Warm-up',
      kind: 'stat',
      size: TILE,
      description: 'While it lasts, results are stored and shown but do not page.',
      unit: 'none',
      mappings: [
        { value: 0, text: 'over', colour: 'green' },
        { value: 1, text: 'warming up', colour: 'blue' },
      ],
      thresholds: NO_COLOUR,
      queries: one('canary_warm_up_active', 'warm-up'),
    },
  ];
}

function ratioTile(title: string, window: string): PanelPlan {
  return {
    title,
    kind: 'stat',
    size: TILE,
    description: 'Of the tests that passed or failed, those that passed.',
    unit: 'percentunit',
    decimals: 2,
    thresholds: badBelow(0.95, 0.99),
    queries: one(passRatio('', `${TEST}, `, window), 'passed'),
  };
}

function passRates(): readonly PanelPlan[] {
  return [
    {
      title: 'Tests by outcome, per minute',
      kind: 'stacked',
      size: [10, 8],
      description: words(
        'Observer, inconclusive and unpaid say nothing of the platform: they are our own faults,',
        'stores that did not answer, and canaries without money.',
      ),
      unit: 'suffix: tests',
      colours: OUTCOME_COLOURS,
      queries: one(
        `sum by (outcome) (rate(canary_tests_total{${TEST}}[$__rate_interval])) * 60`,
        '{{outcome}}',
        { minStep: '1m' },
      ),
    },
    {
      title: 'Passed, by backend, over 15 minutes',
      kind: 'chart',
      size: [8, 8],
      description: 'One failed test of some hundred shows as a dip, not as a cliff.',
      unit: 'percentunit',
      max: 1,
      softMin: 0.9,
      thresholds: badBelow(0.95, 0.99),
      queries: one(passRatio('backend', `${TEST}, `, '[15m]'), '{{backend}}'),
    },
    {
      title: 'The last closed cycle',
      kind: 'bars',
      size: [6, 8],
      description: 'Tests planned, how they ended, and what was not as it should be.',
      unit: 'suffix: tests',
      queries: [
        { expr: 'canary_cycle_planned_tests', legend: 'planned' },
        { expr: 'sum by (outcome) (canary_cycle_tests)', legend: '{{outcome}}' },
        { expr: 'canary_cycle_lost_tests', legend: 'lost' },
        { expr: 'canary_cycle_late_tests', legend: 'late' },
        { expr: 'canary_cycle_degraded_tests', legend: 'degraded' },
        { expr: 'canary_cycle_unknown_tests', legend: 'not proven' },
        { expr: 'canary_cycle_findings', legend: 'findings' },
      ],
    },
  ];
}

function scoreboard(): PanelPlan {
  const over = (outcome: string) =>
    words(
      'sum by (path, backend)',
      `(increase(canary_tests_total{${TEST}, outcome=~"${outcome}"}[$__range]))`,
    );
  return {
    title: 'Scoreboard of the chosen range',
    kind: 'table',
    size: [24, 14],
    description: words(
      'A line per path. Click on one to see that path alone. Counts are estimates of Prometheus;',
      'exact ones are in the result store.',
    ),
    unit: 'short',
    columns: { path: 'Path', backend: 'Backend' },
    sortBy: { column: 'Passed', descending: false },
    drill: drillTo('canary', { path: 'path' }),
    queries: [
      {
        expr: passRatio('path, backend', `${TEST}, `, '[$__range]'),
        legend: 'Passed',
        unit: 'percentunit',
        thresholds: badBelow(0.95, 0.99),
      },
      { expr: over('passed|failed'), legend: 'Judged', decimals: 0 },
      { expr: over('failed'), legend: 'Failed', decimals: 0, thresholds: badAbove(0.5, 3) },
      {
        expr: over('observer|inconclusive|unpaid'),
        legend: 'Not judged',
        decimals: 0,
        thresholds: badAbove(0.5, 3),
      },
      {
        expr: quantile(
          0.95,
          'path, backend',
          'canary_test_committed_latency_seconds',
          TEST,
          '[$__range]',
        ),
        legend: 'p95',
        unit: 's',
      },
      {
        expr: words(
          'time() - (max by (path, backend)',
          `(canary_last_success_timestamp_seconds{${TEST}}) > 0)`,
        ),
        legend: 'Passed ago',
        unit: 's',
        thresholds: badAbove(300, 600),
      },
      {
        expr: `sum by (path, backend) (canary_open_tests{${TEST}})`,
        legend: 'Open',
      },
    ],
  };
}
