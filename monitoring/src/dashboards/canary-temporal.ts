// 28, section 8: what Temporal says of itself and of our workers.
import type { PanelPlan } from './model.js';
import { badAbove, NEVER_YET, one, quantile } from './selectors.js';

const THIRD = [8, 7] as const;
const R = '[$__rate_interval]';

export function temporal(): readonly PanelPlan[] {
  return [...waiting(), ...endings(), ...trouble(), ...schedule()];
}

function waiting(): readonly PanelPlan[] {
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
  ];
}

function endings(): readonly PanelPlan[] {
  return [
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

function trouble(): readonly PanelPlan[] {
  return [
    {
      title: 'Temporal: age of the backlog',
      kind: 'chart',
      size: THIRD,
      description: 'How long the oldest task of each queue has waited.',
      unit: 's',
      thresholds: badAbove(5, 30),
      queries: one(
        'temporal_server_approximate_backlog_age_seconds',
        '{{taskqueue}} {{task_type}}',
      ),
    },
    {
      title: 'Temporal: calls that tests wait for, p95',
      kind: 'chart',
      size: THIRD,
      description: 'Time to answer, by operation; polls are left out, for they wait by design.',
      unit: 's',
      queries: one(
        quantile(0.95, 'operation', 'temporal_server_service_latency_seconds', ''),
        '{{operation}}',
      ),
    },
    {
      title: 'Temporal: errors',
      kind: 'chart',
      size: THIRD,
      description: 'Of every kind. Some are harmless: a worker that asks for what has ended.',
      unit: 'ops',
      queries: ERRORS.map(([name, legend]) => ({
        expr: `sum(rate(temporal_server_${name}_total${R}))`,
        legend,
        emptyBecause: NEVER_YET,
      })),
    },
  ];
}

function schedule(): readonly PanelPlan[] {
  return [
    {
      title: 'Temporal: from a slot to its start, p95',
      kind: 'chart',
      size: [12, 7],
      description: 'How late the schedule fires. A canary fired late is not late itself.',
      unit: 's',
      queries: one(
        quantile(0.95, '', 'temporal_server_schedule_action_delay_seconds', '', '[15m]'),
        'p95',
        { emptyBecause: NEVER_YET },
      ),
    },
    {
      title: 'Temporal: starts of its services, last day',
      kind: 'bars',
      size: [12, 7],
      description: 'Each start interrupts every poll for some seconds.',
      unit: 'short',
      decimals: 0,
      queries: one(
        'sum by (service_name) (increase(temporal_server_restarts_total[1d]))',
        '{{service_name}}',
        { emptyBecause: NEVER_YET },
      ),
    },
  ];
}

/** The counters of what goes wrong in the server. */
const ERRORS = [
  ['service_error_with_type', 'requests'],
  ['service_errors_resource_exhausted', 'beyond a limit'],
  ['persistence_error_with_type', 'database'],
  ['visibility_persistence_error_with_type', 'visibility'],
  ['task_errors', 'internal tasks'],
  ['no_poller_tasks', 'tasks without a poller'],
  ['heartbeat_timeout', 'heartbeats that stayed away'],
  ['start_to_close_timeout', 'timeouts'],
] as const;
