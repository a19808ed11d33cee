// 05: every PostgreSQL of platform and reactor: connections, locks, slow queries, cache, replicas.
import type { MonitoringConfig } from '../config.js';
import { DASHBOARDS } from '../names.js';
import type { DashboardPlan, PanelPlan } from './model.js';
import { replication, statements, storage } from './postgresql-storage.js';
import { badAbove, badBelow, NONE_IS_GOOD, ONE_IS_GOOD, one, UP, words } from './selectors.js';

/** Each exporter tells of its own database alone; what it says of the server it says once each. */
const OWN = 'database=~"$database"';
/** What belongs to no database (shared tables) has a line without a name. */
const EACH = `${OWN}, datname!=""`;
const TILE = [6, 4] as const;
const THIRD = [8, 7] as const;
const R = '[$__rate_interval]';

export function postgresql(config: MonitoringConfig): DashboardPlan {
  return {
    ...DASHBOARDS.postgres,
    description: words(
      'The databases behind registries, TEGs and EventStores: how full, how fast, who waits for',
      'whom, and how far replicas are behind.',
    ),
    variables: ['database'],
    annotations: ['tegRestarts', 'eventStoreRestarts'],
    sections: [
      { title: 'At a glance', panels: tiles(config) },
      { title: 'Connections', panels: connections(config) },
      { title: 'Locks and slow queries', panels: [...waiting(), ...statements()] },
      { title: 'Cache and work', panels: work(config) },
      { title: 'Replication', panels: replication() },
      { title: 'Sizes', collapsed: true, panels: storage() },
    ],
  };
}

function tiles({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: 'Databases up',
      kind: 'stat',
      size: TILE,
      description: 'Whether the exporter reaches each database (PostgreSQLDown).',
      unit: 'none',
      mappings: UP,
      thresholds: ONE_IS_GOOD,
      named: true,
      queries: one(`min by (database) (pg_up{${OWN}})`, '{{database}}'),
    },
    {
      title: 'Connections used',
      kind: 'stat',
      size: TILE,
      description: 'Of those that the server allows (DBConnectionsHigh, DBConnectionsCritical).',
      unit: 'percentunit',
      decimals: 0,
      thresholds: badAbove(limits.connectionsHighRatio, limits.connectionsCriticalRatio),
      queries: one(
        words(
          `max(sum by (server) (pg_stat_activity_count{${OWN}})`,
          `/ max by (server) (pg_settings_max_connections{${OWN}}))`,
        ),
        'fullest server',
      ),
    },
    {
      title: 'Cache hits, lowest database',
      kind: 'stat',
      size: TILE,
      description: 'Blocks found in memory, over five minutes (PostgreSQLLowCacheHitRatio).',
      unit: 'percentunit',
      decimals: 1,
      thresholds: badBelow(limits.cacheHitRatio, 0.97),
      queries: one(`min(${cacheHits('[5m]')})`, 'lowest'),
    },
    {
      title: 'Deadlocks, last hour',
      kind: 'stat',
      size: TILE,
      description: 'Transactions that waited for each other (EventStoreDeadlockBurst).',
      unit: 'short',
      decimals: 0,
      thresholds: badAbove(1, limits.deadlocks),
      queries: one(`sum(increase(pg_stat_database_deadlocks{${EACH}}[1h]))`, 'deadlocks'),
    },
  ];
}

function connections({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: 'Connections by database',
      kind: 'chart',
      size: THIRD,
      description: 'Every connection, whatever it does.',
      unit: 'short',
      min: 0,
      queries: one(`max by (datname) (pg_stat_database_numbackends{${EACH}})`, '{{datname}}'),
    },
    {
      title: 'Connections by state',
      kind: 'stacked',
      size: THIRD,
      description: 'Idle in transaction holds locks and does nothing: it should be rare.',
      unit: 'short',
      queries: one(
        `sum by (state) (max by (datname, state) (pg_stat_activity_count{${OWN}}))`,
        '{{state}}',
      ),
    },
    {
      title: 'Part of the connections allowed',
      kind: 'chart',
      size: THIRD,
      description: 'At 1 nobody gets in any more (PostgreSQLHighConnections).',
      unit: 'percentunit',
      min: 0,
      max: 1,
      thresholds: badAbove(limits.connectionsHighRatio, limits.connectionsCriticalRatio),
      queries: one(
        words(
          `sum by (server) (pg_stat_activity_count{${OWN}})`,
          `/ max by (server) (pg_settings_max_connections{${OWN}})`,
        ),
        '{{server}}',
      ),
    },
  ];
}

function waiting(): readonly PanelPlan[] {
  return [
    {
      title: 'Locks by mode',
      kind: 'stacked',
      size: THIRD,
      description: 'Held and wanted. Exclusive ones that stay are where others wait.',
      unit: 'short',
      queries: one(
        `sum by (mode) (max by (datname, mode) (pg_locks_count{${OWN}})) > 0`,
        '{{mode}}',
        { emptyBecause: 'no lock is held at the moment of a scrape' },
      ),
    },
    {
      title: 'Slow queries: longest transaction',
      kind: 'chart',
      size: THIRD,
      description: 'How long the oldest open transaction of each database and state has run.',
      unit: 's',
      min: 0,
      thresholds: badAbove(5, 30),
      queries: one(
        `max by (datname, state) (pg_stat_activity_max_tx_duration{${OWN}})`,
        '{{datname}} {{state}}',
      ),
    },
    {
      title: 'Deadlocks and conflicts',
      kind: 'chart',
      size: THIRD,
      description: 'Transactions ended by force. EventStores are where they come in bursts.',
      unit: 'ops',
      thresholds: NONE_IS_GOOD,
      queries: [
        {
          expr: `max by (datname) (rate(pg_stat_database_deadlocks{${EACH}}${R}))`,
          legend: '{{datname}} deadlocks',
        },
        {
          expr: `max by (datname) (rate(pg_stat_database_conflicts{${EACH}}${R}))`,
          legend: '{{datname}} conflicts',
        },
      ],
    },
  ];
}

function work({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: 'Cache hit ratio',
      kind: 'chart',
      size: THIRD,
      description: 'Blocks found in memory of those wanted.',
      unit: 'percentunit',
      max: 1,
      softMin: 0.9,
      thresholds: badBelow(limits.cacheHitRatio, 0.97),
      queries: one(cacheHits(R), '{{datname}}'),
    },
    {
      title: 'Transactions',
      kind: 'chart',
      size: THIRD,
      description: 'Committed and rolled back. Many rollbacks are retries or faults.',
      unit: 'ops',
      queries: [
        {
          expr: `max by (datname) (rate(pg_stat_database_xact_commit{${EACH}}${R}))`,
          legend: '{{datname}} committed',
        },
        {
          expr: `max by (datname) (rate(pg_stat_database_xact_rollback{${EACH}}${R}))`,
          legend: '{{datname}} rolled back',
        },
      ],
    },
    {
      title: 'Rows read and written',
      kind: 'chart',
      size: THIRD,
      description: 'Rows returned without many fetched are scans of whole tables.',
      unit: 'ops',
      logarithmic: true,
      queries: [
        {
          expr: `sum(max by (datname) (rate(pg_stat_database_tup_returned{${EACH}}${R})))`,
          legend: 'returned',
        },
        {
          expr: `sum(max by (datname) (rate(pg_stat_database_tup_fetched{${EACH}}${R})))`,
          legend: 'fetched',
        },
        {
          expr: `sum(max by (datname) (rate(pg_stat_database_tup_inserted{${EACH}}${R})))`,
          legend: 'inserted',
        },
        {
          expr: `sum(max by (datname) (rate(pg_stat_database_tup_updated{${EACH}}${R})))`,
          legend: 'updated',
        },
      ],
    },
  ];
}

function cacheHits(window: string): string {
  const rateOf = (what: string) =>
    `max by (datname) (rate(pg_stat_database_${what}{${EACH}}${window}))`;
  return `${rateOf('blks_hit')} / (${rateOf('blks_hit')} + ${rateOf('blks_read')} > 0)`;
}
