// 28, section 8: warm-up and restarts, and what the reactor itself stands on: its workers, its
// sources, its stores, Temporal, and the money of the canaries.
import type { MonitoringConfig } from '../config.js';
import { temporal } from './canary-temporal.js';
import type { PanelPlan } from './model.js';
import { NO_COLOUR, NONE_IS_GOOD, ONE_IS_GOOD, one, REGISTRIES, UP, words } from './selectors.js';

const THIRD = [8, 7] as const;
const HALF = [12, 5] as const;

export function restarts(config: MonitoringConfig): readonly PanelPlan[] {
  return [...lives(), ...held(), ...temporal(), ...stores(), ...money(config)];
}

/** What operators have taken out. */
function held(): readonly PanelPlan[] {
  return [
    {
      title: 'Paths that are paused',
      kind: 'chart',
      size: HALF,
      description:
        'By an operator’s order; nothing is fired on them, and no alert misses a result.',
      unit: 'short',
      min: 0,
      queries: one('sum by (backend) (canary_path_paused)', '{{backend}}'),
    },
    {
      title: 'Paths in a maintenance window',
      kind: 'chart',
      size: HALF,
      description: 'Tests go on; their results are marked, and count for neither alert nor budget.',
      unit: 'short',
      min: 0,
      queries: one('sum by (backend) (canary_path_maintenance)', '{{backend}}'),
    },
  ];
}

function lives(): readonly PanelPlan[] {
  return [
    {
      title: 'Warm-up, over time',
      kind: 'states',
      size: [24, 4],
      description: 'Blue where results did not page yet.',
      unit: 'none',
      mappings: [
        { value: 0, text: 'over', colour: 'green' },
        { value: 1, text: 'warming up', colour: 'blue' },
      ],
      thresholds: NO_COLOUR,
      queries: one('canary_warm_up_active', 'warm-up'),
    },
    {
      title: 'Workers alive',
      kind: 'chart',
      size: THIRD,
      description:
        'Workers that renewed their entry lately. One is enough to test, two to restart.',
      unit: 'short',
      min: 0,
      queries: one('canary_workers_alive', 'alive'),
    },
    {
      title: 'What each worker needs',
      kind: 'states',
      size: THIRD,
      description: 'As the worker itself sees it; a band begins where a worker was started.',
      unit: 'none',
      mappings: UP,
      thresholds: ONE_IS_GOOD,
      queries: one(
        'min by (worker, dependency) (canary_worker_dependency_up)',
        '{{dependency}} of {{worker}}',
      ),
    },
    {
      title: 'Registries: running since',
      kind: 'chart',
      size: THIRD,
      description: 'A line that falls to 0 is a restart.',
      unit: 's',
      queries: one(
        `time() - process_start_time_seconds{${REGISTRIES}}`,
        '{{registry}} {{instance}}',
      ),
    },
    {
      title: 'Sources of the exporter',
      kind: 'states',
      size: [12, 9],
      description: 'While a source is away its series are absent, never 0.',
      unit: 'none',
      mappings: UP,
      thresholds: ONE_IS_GOOD,
      queries: one('canary_exporter_source_up', '{{source}}'),
    },
    {
      title: 'How long each source takes',
      kind: 'chart',
      size: [12, 9],
      description: 'Of one reading; the slow ones are read beside the scrape, not in it.',
      unit: 's',
      queries: one('canary_exporter_source_duration_seconds', '{{source}}'),
    },
  ];
}

function stores(): readonly PanelPlan[] {
  return [...postgresAndRedis(), ...storeTrends()];
}

function postgresAndRedis(): readonly PanelPlan[] {
  return [
    {
      title: 'Our stores: time to answer',
      kind: 'chart',
      size: THIRD,
      description: 'PostgreSQL holds verdicts, Redis stamps. Without a line: it does not answer.',
      unit: 's',
      queries: one('canary_store_ping_seconds', '{{store}}'),
    },
    {
      title: 'Our PostgreSQL: connections',
      kind: 'chart',
      size: THIRD,
      description: 'To our database and to others of the same server, and how many it allows.',
      unit: 'short',
      queries: [
        {
          expr: 'sum by (owner, state) (canary_postgres_connections)',
          legend: '{{owner}} {{state}}',
        },
        { expr: 'canary_postgres_connections_max', legend: 'allowed' },
      ],
    },
    {
      title: 'Our Redis: memory and forgotten keys',
      kind: 'chart',
      size: THIRD,
      description: 'A key forgotten before its time is a lost stamp: it must not happen.',
      unit: 'bytes',
      queries: [
        { expr: 'canary_redis_used_memory_bytes', legend: 'used' },
        { expr: 'redis_memory_used_rss_bytes', legend: 'resident {{instance}}' },
      ],
    },
  ];
}

function storeTrends(): readonly PanelPlan[] {
  return [
    {
      title: 'Our stores, over time',
      kind: 'states',
      size: [6, 7],
      description: 'Red where a store did not answer questions about itself.',
      unit: 'none',
      mappings: UP,
      thresholds: ONE_IS_GOOD,
      queries: one('canary_store_up', '{{store}}'),
    },
    {
      title: 'Our database: size',
      kind: 'chart',
      size: [6, 7],
      description: 'Grows until results are pruned, then stays.',
      unit: 'bytes',
      queries: one('canary_postgres_database_bytes', 'database'),
    },
    {
      title: 'Our Redis: connections',
      kind: 'chart',
      size: [6, 7],
      description: 'A slope is a leak of connections.',
      unit: 'short',
      queries: one('canary_redis_clients', 'connections'),
    },
    {
      title: 'Our Redis: keys forgotten, last day',
      kind: 'stat',
      size: [6, 7],
      description: 'For want of memory; each may have been a stamp.',
      unit: 'short',
      decimals: 0,
      thresholds: NONE_IS_GOOD,
      queries: one('sum(increase(canary_redis_evicted_keys_total[1d]))', 'keys'),
    },
  ];
}

function money({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: 'Float of each canary agent',
      kind: 'chart',
      size: [12, 7],
      description: words(
        'What each may still spend. Fees eat it; once it is gone, its tests end as unpaid.',
        `The alert begins below ${limits.floatAvt} AVT.`,
      ),
      unit: 'suffix: AVT',
      queries: one('canary_agent_float_avt{state="available"}', '{{agent}}'),
    },
    {
      title: 'Agents that may pay',
      kind: 'stat',
      size: [12, 7],
      description: 'no: the agent is revoked, and no canary can pay from it.',
      unit: 'none',
      mappings: UP,
      thresholds: ONE_IS_GOOD,
      named: true,
      queries: one('canary_agent_active', '{{agent}}'),
    },
  ];
}
