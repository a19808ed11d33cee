// 28, section 8: warm-up and restarts, and what the reactor itself stands on: its workers, its
// sources, its stores, Temporal, and the money of the canaries.
import type { MonitoringConfig } from '../config.js';
import type { PanelPlan } from './model.js';
import {
  badAbove,
  NEVER_YET,
  NO_COLOUR,
  NONE_IS_GOOD,
  ONE_IS_GOOD,
  one,
  quantile,
  REGISTRIES,
  UP,
  words,
} from './selectors.js';

const THIRD = [8, 7] as const;
const R = '[$__rate_interval]';

export function restarts(config: MonitoringConfig): readonly PanelPlan[] {
  return [...lives(), ...temporal(), ...stores(), ...money(config)];
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

function temporal(): readonly PanelPlan[] {
  return [
    {
      title: 'Temporal: tasks wait for a worker, p95',
      kind: 'chart',
      size: THIRD,
      description: 'From scheduled to taken. More than a second: too few workers or slots.',
      unit: 's',
      thresholds: badAbove(1, 5),
      queries: one(
        quantile(
          0.95,
          'taskqueue, task_type',
          'temporal_server_task_schedule_to_start_latency_seconds',
          '',
        ),
        '{{taskqueue}} {{task_type}}',
      ),
    },
    {
      title: 'Temporal: backlog',
      kind: 'chart',
      size: THIRD,
      description: 'Tasks that nobody has taken yet.',
      unit: 'short',
      queries: one('temporal_server_approximate_backlog_tasks', '{{taskqueue}} {{task_type}}'),
    },
    {
      title: 'Temporal: database, p95',
      kind: 'chart',
      size: THIRD,
      description: 'What slows every workflow when it grows.',
      unit: 's',
      queries: one(
        quantile(0.95, 'service_name', 'temporal_server_persistence_latency_seconds', ''),
        '{{service_name}}',
      ),
    },
    {
      title: 'Temporal: workflows ended',
      kind: 'chart',
      size: THIRD,
      description: 'A failed workflow is a fault of ours: a failed canary completes its workflow.',
      unit: 'ops',
      queries: ['success', 'failed', 'timeout', 'terminate'].map((how) => ({
        expr: `sum(rate(temporal_server_workflow_${how}_total${R}))`,
        legend: how,
      })),
    },
    {
      title: 'Temporal: slots',
      kind: 'chart',
      size: THIRD,
      description: 'Fired, failed to fire, and given up as too old.',
      unit: 'ops',
      queries: ['action_success', 'action_errors', 'missed_catchup_window'].map((what) => ({
        expr: `sum(rate(temporal_server_schedule_${what}_total${R}))`,
        legend: what.replaceAll('_', ' '),
        emptyBecause: NEVER_YET,
      })),
    },
    {
      title: 'Temporal: slots free in each worker',
      kind: 'chart',
      size: THIRD,
      description: 'At 0 the worker takes nothing more.',
      unit: 'short',
      min: 0,
      queries: one(
        'min by (worker, worker_type) (temporal_worker_task_slots_available)',
        '{{worker_type}} of {{worker}}',
      ),
    },
  ];
}

function stores(): readonly PanelPlan[] {
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
    {
      title: 'Our Redis: keys forgotten, last day',
      kind: 'stat',
      size: [4, 7],
      description: 'For want of memory; each may have been a stamp.',
      unit: 'short',
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
        'What each may still spend. Fees eat it; once it is gone, its tests end as unpaid. About',
        `${limits.floatTests} tests of reserve is when the alert begins.`,
      ),
      unit: 'suffix: AVT',
      queries: one('canary_agent_float_avt{state="available"}', '{{agent}}'),
    },
    {
      title: 'Agents that may pay',
      kind: 'stat',
      size: [8, 7],
      description: 'no: the agent is revoked, and no canary can pay from it.',
      unit: 'none',
      mappings: UP,
      thresholds: ONE_IS_GOOD,
      named: true,
      queries: one('canary_agent_active', '{{agent}}'),
    },
  ];
}
