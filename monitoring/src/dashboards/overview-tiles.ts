// 01: its tiles. Each title names the dashboard that tells more, and a click opens it.
import type { MonitoringConfig } from '../config.js';
import { frameDashboard, JOBS, TIERS } from '../names.js';
import { alertTable } from './alert-table.js';
import type { PanelPlan } from './model.js';
import {
  APPLICATION,
  badAbove,
  badBelow,
  drillTo,
  drillToFrame,
  errorRatio,
  NO_CADVISOR_VALUE,
  NO_CONTAINERS,
  NO_KAFKA,
  ONE_IS_GOOD,
  one,
  passRatio,
  quantile,
  UP,
  words,
  YES,
  ZERO_IS_GOOD,
} from './selectors.js';

const TILE = [6, 4] as const;

export function tiles(config: MonitoringConfig): readonly PanelPlan[] {
  return [
    ...supplyTiles(config),
    ...serviceTiles(config),
    ...canaryTiles(),
    ...storeTiles(config),
    kafkaTile(config),
    ...config.topology.frames.slice(1).map(({ id }) => frameTile(id)),
    ...supportTiles(config),
    alertTable(),
  ];
}

function supplyTiles({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: '29 — Supply Auditor: delta',
      kind: 'stat',
      size: TILE,
      description: words(
        'Ledger minus events at the last conclusive audit. Anything but exactly 0 means that',
        'tokens were made or lost: stop everything and investigate now.',
      ),
      unit: 'suffix: AVT',
      thresholds: ZERO_IS_GOOD,
      named: true,
      queries: one('supply_audit_delta_avt', 'frame {{frame}}'),
      drill: drillTo('auditor'),
    },
    {
      title: '29 — Supply Auditor: proven ago',
      kind: 'stat',
      size: TILE,
      description: 'Since ledger and events of a frame were last held against each other.',
      unit: 's',
      thresholds: badAbove(limits.auditAgeSeconds / 2, limits.auditAgeSeconds),
      named: true,
      queries: one('supply_audit_last_conclusive_age_seconds', 'frame {{frame}}'),
      drill: drillTo('auditor'),
    },
    {
      title: '04 — EventStore: ledger freshness',
      kind: 'stat',
      size: TILE,
      description: words(
        'Time since the newest event was stored. Beyond its limit the supply audit has nothing',
        'new to go by (SupplyLedgerStale).',
      ),
      unit: 's',
      thresholds: badAbove(limits.ledgerStaleSeconds / 6, limits.ledgerStaleSeconds),
      named: true,
      queries: one(
        `max by (frame) (eventstore_ledger_freshness_seconds{job="${JOBS.eventStore}"})`,
        'frame {{frame}}',
      ),
      drill: drillTo('eventStore', { frame: 'frame' }),
    },
    {
      title: '04 — EventStore: federation drift',
      kind: 'stat',
      size: TILE,
      description: words(
        'Events that one frame emitted for another and that one does not have yet. A few are on',
        'their way; a growing number means that the frames drift apart.',
      ),
      unit: 'suffix: events',
      thresholds: badAbove(50, 500),
      named: true,
      queries: one('protocol_federation_drift_events', '{{frame}} to {{peer}}'),
      drill: drillTo('eventStore'),
    },
  ];
}

function serviceTiles({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: '02 — Registry & Service Health: up',
      kind: 'stat',
      size: TILE,
      description: 'The worst instance of each kind of service (ServiceDown, FederationPeerDown).',
      unit: 'none',
      mappings: UP,
      thresholds: ONE_IS_GOOD,
      named: true,
      queries: one(`min by (job) (up{${APPLICATION}})`, '{{job}}'),
      drill: drillTo('services', { service: 'job' }),
    },
    {
      title: '02 — Registry & Service Health: 5xx',
      kind: 'stat',
      size: TILE,
      description: 'The part of requests that ended in a 5xx, over five minutes (HighErrorRate).',
      unit: 'percentunit',
      decimals: 1,
      thresholds: badAbove(limits.errorRatio / 5, limits.errorRatio),
      named: true,
      queries: one(errorRatio('job', APPLICATION, '[5m]'), '{{job}}'),
      drill: drillTo('services', { service: 'job' }),
    },
    {
      title: '02 — Registry & Service Health: p95',
      kind: 'stat',
      size: TILE,
      description: 'Time to answer of the slowest twentieth, over five minutes (HighLatencyP95).',
      unit: 's',
      thresholds: badAbove(limits.latencyP95Seconds / 2, limits.latencyP95Seconds),
      named: true,
      queries: one(
        quantile(0.95, 'job', 'http_request_duration_seconds', APPLICATION, '[5m]'),
        '{{job}}',
      ),
      drill: drillTo('services', { service: 'job' }),
    },
    {
      title: '03 — TEG / Token Economics: transfers',
      kind: 'stat',
      size: TILE,
      description:
        'Transfers that settled, per second over five minutes. Canaries alone make some.',
      unit: 'ops',
      thresholds: [
        [Number.NEGATIVE_INFINITY, 'red'],
        [0.000_001, 'green'],
      ],
      named: true,
      queries: one(
        'sum by (frame) (rate(protocol_transfers_total{result="settled"}[5m]))',
        'frame {{frame}}',
      ),
      drill: drillTo('economics', { frame: 'frame' }),
    },
  ];
}

function canaryTiles(): readonly PanelPlan[] {
  return [
    {
      title: '28 — Canary Reactor: passed, last hour',
      kind: 'stat',
      size: TILE,
      description: words(
        'Of the tests that passed or failed, those that passed. Tests that only the observer',
        'spoiled do not count.',
      ),
      unit: 'percentunit',
      decimals: 2,
      thresholds: badBelow(0.95, 0.99),
      queries: one(passRatio('', '', '[1h]'), 'passed'),
      drill: drillTo('canary'),
    },
    {
      title: '28 — Canary Reactor: last cycle clean',
      kind: 'stat',
      size: TILE,
      description: 'Whether every test of the last closed cycle passed, in time and fully seen.',
      unit: 'none',
      mappings: YES,
      thresholds: ONE_IS_GOOD,
      queries: one('canary_cycle_clean', 'clean'),
      drill: drillTo('canary'),
    },
  ];
}

function storeTiles({ limits }: MonitoringConfig): readonly PanelPlan[] {
  const { connectionsCriticalRatio, connectionsHighRatio } = limits;
  return [
    {
      title: '05 — PostgreSQL: up',
      kind: 'stat',
      size: TILE,
      description: 'Databases whose exporter reaches them, the worst per service (PostgreSQLDown).',
      unit: 'none',
      mappings: UP,
      thresholds: ONE_IS_GOOD,
      named: true,
      queries: one('min by (service) (pg_up)', '{{service}}'),
      drill: drillTo('postgres'),
    },
    {
      title: '05 — PostgreSQL: connections used',
      kind: 'stat',
      size: TILE,
      description: 'Of the connections that the fullest server allows (DBConnectionsHigh).',
      unit: 'percentunit',
      decimals: 0,
      thresholds: badAbove(connectionsHighRatio, connectionsCriticalRatio),
      queries: one(
        words(
          'max(sum by (server) (pg_stat_activity_count)',
          '/ max by (server) (pg_settings_max_connections))',
        ),
        'used',
      ),
      drill: drillTo('postgres'),
    },
  ];
}

function kafkaTile({ limits }: MonitoringConfig): PanelPlan {
  return {
    title: '04 — EventStore: Kafka lag',
    kind: 'stat',
    size: TILE,
    description: 'Records that the slowest consumer group of the platform has not committed yet.',
    unit: 'suffix: events',
    thresholds: badAbove(limits.kafkaLagEvents / 5, limits.kafkaLagEvents),
    queries: one('max(protocol_kafka_consumer_lag_events)', 'slowest group', {
      emptyBecause: NO_KAFKA,
    }),
    drill: drillTo('eventStore'),
  };
}

function frameTile(frame: string): PanelPlan {
  return {
    title: `${frameDashboard(frame).title}: up`,
    kind: 'stat',
    size: TILE,
    description: `The worst instance of each kind of service of frame ${frame}.`,
    unit: 'none',
    mappings: UP,
    thresholds: ONE_IS_GOOD,
    named: true,
    queries: one(`min by (job) (up{${APPLICATION}, frame="${frame}"})`, '{{job}}'),
    drill: drillToFrame(frame),
  };
}

function supportTiles({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: 'Container Resources (cAdvisor): memory',
      kind: 'stat',
      size: TILE,
      description: 'The container that uses most of the memory it may use (ContainerMemoryHigh).',
      unit: 'percentunit',
      decimals: 0,
      thresholds: badAbove(limits.containerMemoryRatio * 0.8, limits.containerMemoryRatio),
      queries: one(
        words(
          'max(container_memory_working_set_bytes{name!=""}',
          '/ (container_spec_memory_limit_bytes{name!=""} > 0))',
        ),
        'fullest',
        { emptyBecause: NO_CONTAINERS },
      ),
      noValue: NO_CADVISOR_VALUE,
      drill: drillTo('containers'),
    },
    {
      title: 'This monitoring: up',
      kind: 'stat',
      size: TILE,
      description: 'What looks at everything else: exporters, Prometheus, Alertmanager, long term.',
      unit: 'none',
      mappings: UP,
      thresholds: ONE_IS_GOOD,
      named: true,
      queries: one(
        `min by (tier) (up{tier=~"${TIERS.canary}|${TIERS.infrastructure}|${TIERS.monitoring}"})`,
        '{{tier}}',
      ),
    },
  ];
}
