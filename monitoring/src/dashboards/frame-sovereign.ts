// One additional frame by itself: its registries, TEG and EventStore, its databases, its supply.
import type { MonitoringConfig } from '../config.js';
import { frameDashboard } from '../names.js';
import type { DashboardPlan, PanelPlan } from './model.js';
import {
  APPLICATION,
  badAbove,
  badBelow,
  drillTo,
  EVENT_STORE,
  errorRatio,
  NONE_IS_GOOD,
  ONE_IS_GOOD,
  one,
  quantile,
  UP,
  words,
  ZERO_IS_GOOD,
} from './selectors.js';

const TILE = [6, 4] as const;
const THIRD = [8, 7] as const;
const R = '[$__rate_interval]';

export function frameSovereign(config: MonitoringConfig, frame: string): DashboardPlan {
  return {
    ...frameDashboard(frame),
    description: words(
      `Frame ${frame} as a platform of its own: its registries, its TEG, its EventStore, and what`,
      'it and the other frames know of each other.',
    ),
    variables: [],
    annotations: ['registryRestarts', 'tegRestarts', 'eventStoreRestarts'],
    sections: [
      { title: `Frame ${frame} at a glance`, panels: tiles(config, frame) },
      { title: 'Services', panels: services(config, frame) },
      { title: 'Ledger and federation', panels: ledger(config, frame) },
      { title: 'Canaries to and from this frame', panels: canaries(frame) },
      { title: 'Business and databases', collapsed: true, panels: business(config, frame) },
    ],
  };
}

function tiles({ limits }: MonitoringConfig, frame: string): readonly PanelPlan[] {
  return [
    {
      title: 'Services up',
      kind: 'stat',
      size: TILE,
      description: `The worst instance of each kind (Frame${frame}RegistryDown and its like).`,
      unit: 'none',
      mappings: UP,
      thresholds: ONE_IS_GOOD,
      named: true,
      queries: one(`min by (job) (up{${APPLICATION}, frame="${frame}"})`, '{{job}}'),
      drill: drillTo('services', { service: 'job' }),
    },
    {
      title: 'Ledger freshness',
      kind: 'stat',
      size: TILE,
      description: `Time since the newest event was stored (Frame${frame}LedgerStale).`,
      unit: 's',
      thresholds: badAbove(limits.ledgerStaleSeconds / 6, limits.ledgerStaleSeconds),
      queries: one(
        `max(eventstore_ledger_freshness_seconds{${EVENT_STORE}, frame="${frame}"})`,
        'freshness',
      ),
      drill: drillTo('eventStore'),
    },
    {
      title: 'Supply delta of the frame',
      kind: 'stat',
      size: TILE,
      description: 'Ledger less events at the last conclusive audit; must be exactly 0.',
      unit: 'suffix: AVT',
      thresholds: ZERO_IS_GOOD,
      queries: one(`supply_audit_delta_avt{frame="${frame}"}`, 'delta'),
      drill: drillTo('auditor'),
    },
    {
      title: '5xx ratio',
      kind: 'stat',
      size: TILE,
      description: `Requests that failed, over five minutes (Frame${frame}HighErrorRate).`,
      unit: 'percentunit',
      decimals: 1,
      named: true,
      thresholds: badAbove(limits.errorRatio / 5, limits.errorRatio),
      queries: one(errorRatio('job', `${APPLICATION}, frame="${frame}"`, '[5m]'), '{{job}}'),
      drill: drillTo('services', { service: 'job' }),
    },
  ];
}

function services({ limits }: MonitoringConfig, frame: string): readonly PanelPlan[] {
  const own = `${APPLICATION}, frame="${frame}"`;
  return [
    {
      title: 'Request rate',
      kind: 'chart',
      size: THIRD,
      description: 'Requests that each service of the frame answers.',
      unit: 'reqps',
      min: 0,
      queries: one(`sum by (job) (rate(http_requests_total{${own}}${R}))`, '{{job}}'),
    },
    {
      title: 'p95 latency',
      kind: 'chart',
      size: THIRD,
      description: 'Time to answer of the slowest twentieth.',
      unit: 's',
      min: 0,
      thresholds: badAbove(limits.latencyP95Seconds / 2, limits.latencyP95Seconds),
      queries: one(quantile(0.95, 'job', 'http_request_duration_seconds', own), '{{job}}'),
    },
    {
      title: 'Up, over time',
      kind: 'states',
      size: THIRD,
      description: 'A band per instance, red where Prometheus could not reach it.',
      unit: 'none',
      mappings: UP,
      thresholds: ONE_IS_GOOD,
      queries: one(`up{${own}}`, '{{job}} {{instance}}'),
    },
  ];
}

function ledger(config: MonitoringConfig, frame: string): readonly PanelPlan[] {
  return [...ledgerOf(config, frame), ...agentsOf(frame)];
}

function ledgerOf({ limits }: MonitoringConfig, frame: string): readonly PanelPlan[] {
  const pair = '{{frame}} to {{peer}}';
  return [
    {
      title: 'Write rate',
      kind: 'stacked',
      size: THIRD,
      description: 'Events of the frame and of others that entered its log.',
      unit: 'ops',
      queries: one(
        words(
          `sum by (origin) (rate(eventstore_events_total{${EVENT_STORE},`,
          `frame="${frame}"}${R}))`,
        ),
        '{{origin}}',
      ),
    },
    {
      title: 'Circulating, by both voices',
      kind: 'chart',
      size: THIRD,
      description: 'By the events and by the ledger: two lines on each other.',
      unit: 'suffix: AVT',
      queries: one(`protocol_supply_circulating_avt{frame="${frame}"}`, '{{source}}'),
    },
    {
      title: 'Federation drift',
      kind: 'chart',
      size: THIRD,
      description: 'Events that one side emitted and the other does not have, in both directions.',
      unit: 'suffix: events',
      thresholds: badAbove(50, 500),
      queries: [
        { expr: `protocol_federation_drift_events{frame="${frame}"}`, legend: pair },
        { expr: `protocol_federation_drift_events{peer="${frame}"}`, legend: pair },
      ],
    },
    {
      title: 'Drift in time',
      kind: 'chart',
      size: THIRD,
      description: 'The newest event received lies this far behind the newest emitted.',
      unit: 's',
      thresholds: badAbove(30, limits.auditAgeSeconds),
      queries: [
        { expr: `protocol_federation_drift_seconds{frame="${frame}"}`, legend: pair },
        { expr: `protocol_federation_drift_seconds{peer="${frame}"}`, legend: pair },
      ],
    },
  ];
}

function agentsOf(frame: string): readonly PanelPlan[] {
  return [
    {
      title: 'Agents enrolled and revoked',
      kind: 'chart',
      size: THIRD,
      description: 'mTLS identities of the registries of the frame.',
      unit: 'short',
      queries: [
        {
          expr: `ironhand_enrolled_agents{frame="${frame}"}`,
          legend: '{{registry}} enrolled',
        },
        { expr: `ironhand_revoked_agents{frame="${frame}"}`, legend: '{{registry}} revoked' },
      ],
    },
    {
      title: 'Entries that do not match',
      kind: 'stat',
      size: THIRD,
      description: 'SPIRE entries without an agent, and agents without an entry: both must be 0.',
      unit: 'none',
      thresholds: NONE_IS_GOOD,
      named: true,
      queries: [
        { expr: `sum(ironhand_orphan_entries{frame="${frame}"})`, legend: 'orphan' },
        { expr: `sum(ironhand_missing_entries{frame="${frame}"})`, legend: 'missing' },
      ],
    },
  ];
}

/** Tests of the paths that begin or end in the frame, by the table of paths. */
function canaries(frame: string): readonly PanelPlan[] {
  const ratio = (side: string) => {
    const of = (outcomes: string) =>
      words(
        `sum(increase(canary_tests_total{outcome=~"${outcomes}"}[15m])`,
        `* on (path, backend) group_left ()`,
        `max by (path, backend) (canary_path_info{${side}_frame="${frame}"}))`,
      );
    return `${of('passed')} / ${of('passed|failed')}`;
  };
  return [
    {
      title: 'Canaries passed',
      kind: 'chart',
      size: [24, 7],
      description: 'Of the tests that passed or failed, those that passed, over 15 minutes.',
      unit: 'percentunit',
      max: 1,
      softMin: 0.9,
      thresholds: badBelow(0.95, 0.99),
      queries: [
        { expr: ratio('sender'), legend: `from frame ${frame}` },
        { expr: ratio('receiver'), legend: `to frame ${frame}` },
      ],
      drill: drillTo('canary'),
    },
  ];
}

function business({ limits }: MonitoringConfig, frame: string): readonly PanelPlan[] {
  return [
    {
      title: 'Transfers settled',
      kind: 'chart',
      size: THIRD,
      description: 'By backend, users and canaries together.',
      unit: 'ops',
      queries: one(
        words(
          'sum by (backend) (rate(protocol_transfers_total',
          `{frame="${frame}", result="settled"}${R}))`,
        ),
        '{{backend}}',
      ),
    },
    {
      title: 'Staked',
      kind: 'chart',
      size: THIRD,
      description: 'Total value locked in the frame.',
      unit: 'suffix: AVT',
      queries: one(`protocol_staking_total_value_locked_avt{frame="${frame}"}`, 'staked'),
    },
    {
      title: 'Database connections, part of those allowed',
      kind: 'chart',
      size: THIRD,
      description: 'Of the databases of the frame.',
      unit: 'percentunit',
      min: 0,
      thresholds: badAbove(limits.connectionsHighRatio, limits.connectionsCriticalRatio),
      queries: one(
        words(
          `sum by (database) (pg_stat_activity_count{frame="${frame}"})`,
          `/ max by (database) (pg_settings_max_connections{frame="${frame}"})`,
        ),
        '{{database}}',
      ),
      drill: drillTo('postgres', { database: 'database' }),
    },
  ];
}
