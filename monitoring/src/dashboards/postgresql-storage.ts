// 05: replicas and sizes.
import type { PanelPlan } from './model.js';
import { badAbove, NO_QUERIES, NO_REPLICA, one, words } from './selectors.js';

const OWN = 'database=~"$database"';
/** What belongs to no database (shared tables) has a line without a name. */
const EACH = `${OWN}, datname!=""`;
const THIRD = [8, 7] as const;
const R = '[$__rate_interval]';

export function replication(): readonly PanelPlan[] {
  return [
    {
      title: 'Replication lag',
      kind: 'chart',
      size: THIRD,
      description: 'Time by which each server is behind the one it copies; 0 on a primary.',
      unit: 's',
      min: 0,
      thresholds: badAbove(10, 60),
      queries: one(`max by (server) (pg_replication_lag{${OWN}})`, '{{server}}', {
        emptyBecause: NO_QUERIES,
      }),
    },
    {
      title: 'Replication lag in bytes',
      kind: 'chart',
      size: THIRD,
      description: 'Bytes of log that each replica has not replayed yet.',
      unit: 'bytes',
      queries: one(
        words('max by (application_name, server)', `(pg_stat_replication_pg_wal_lsn_diff{${OWN}})`),
        '{{application_name}} of {{server}}',
        { emptyBecause: NO_REPLICA },
      ),
    },
    {
      title: 'Replication slots: log kept back',
      kind: 'chart',
      size: THIRD,
      description: 'A slot that nobody reads keeps log until the disk is full.',
      unit: 'bytes',
      queries: one(
        `max by (slot_name, server) (pg_replication_slots_pg_wal_lsn_diff{${OWN}})`,
        '{{slot_name}} of {{server}}',
        { emptyBecause: NO_REPLICA },
      ),
    },
  ];
}

export function storage(): readonly PanelPlan[] {
  return [
    {
      title: 'Size',
      kind: 'chart',
      size: THIRD,
      description: 'Bytes of each database on disk.',
      unit: 'bytes',
      queries: one(`max by (datname) (pg_database_size_bytes{${EACH}})`, '{{datname}}'),
    },
    {
      title: 'Temporary files',
      kind: 'chart',
      size: THIRD,
      description: 'Sorts and joins that did not fit in memory.',
      unit: 'Bps',
      queries: one(
        `max by (datname) (rate(pg_stat_database_temp_bytes{${EACH}}${R}))`,
        '{{datname}}',
      ),
    },
  ];
}

export function statements(): readonly PanelPlan[] {
  return [
    {
      title: 'Statements that take most time, last hour',
      kind: 'bars',
      size: [12, 8],
      description: 'Time spent in each statement, all its calls together.',
      unit: 's',
      queries: one(
        `topk(10, increase(pg_stat_statements_seconds_total{${OWN}}[1h]))`,
        '{{database}}: {{query}}',
        { emptyBecause: `${NO_QUERIES}, or pg_stat_statements is not in the database` },
      ),
    },
    {
      title: 'Longest statement that runs, and sessions that wait for a lock',
      kind: 'chart',
      size: [12, 8],
      description: 'Seconds of the oldest statement; sessions that another one keeps waiting.',
      unit: 'short',
      min: 0,
      queries: [
        {
          expr: `max by (database) (pg_activity_longest_query_seconds{${OWN}})`,
          legend: '{{database}} seconds',
          emptyBecause: NO_QUERIES,
        },
        {
          expr: `max by (database) (pg_activity_waiting_for_locks{${OWN}}) > 0`,
          legend: '{{database}} waiting',
          emptyBecause: 'nobody waits for a lock',
        },
      ],
    },
  ];
}
