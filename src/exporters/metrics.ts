// Every metric of ours: name, type, help, labels. Code interprets these rows and writes no name
// itself. Label sets are closed: paths, frames and agents of the configuration, and fixed lists.
import { TASK_QUEUES } from '../names.js';
import type { Metric } from './family.js';
import { HEALTH_METRICS } from './health-metrics.js';
import { counter, gauge, histogram } from './metric-row.js';
import { OPERATOR_METRICS } from './operator-metrics.js';
import { PROTOCOL_METRICS } from './protocol-metrics.js';
import { SUPPLY_METRICS } from './supply-metrics.js';

const PATH = ['path', 'backend'] as const;
const VALIDATOR = ['frame', 'event_type'] as const;
const INFO = [...VALIDATOR, 'feed', 'worker'] as const;

/** What the exporter computes from the shared stores at each scrape. */
export const METRICS = {
  // From PostgreSQL, accumulated in the transaction that stores each fact.
  tests: counter('canary_tests_total', 'Stored verdicts; reason is none unless the test failed', [
    ...PATH,
    'outcome',
    'reason',
  ]),
  late: counter('canary_late_total', 'Passed tests committed after their soft deadline', PATH),
  degraded: counter('canary_degraded_total', 'Closed tests that lack a stamp or event', PATH),
  unknown: counter('canary_unknown_closes_total', 'Closed, an EventStore never answered', PATH),
  unobserved: counter(
    'canary_unobserved_stamps_total',
    'Expected stamps that an EventStore holds and no validator brought: our own loss',
    PATH,
  ),
  testLatency: histogram(
    'canary_test_latency_seconds',
    'From the fire to the stamps that completed the test, as validators saw them',
    PATH,
  ),
  committedLatency: histogram(
    'canary_test_committed_latency_seconds',
    'From the fire to the commits that completed the test, by the corrected clocks of the origins',
    PATH,
  ),
  observerShare: histogram(
    'canary_observer_share_seconds',
    'What observing added to the latency of a test',
    PATH,
  ),
  findings: counter('canary_findings_total', 'Things that must not be', ['kind']),
  missedEvents: counter(
    'canary_missed_events_total',
    'Canary events that the other feed of the frame brought and this one lost',
    [...VALIDATOR, 'missing'],
  ),
  corrections: counter('canary_corrections_total', 'News about tests judged before', ['kind']),
  missedSlots: counter('canary_missed_slots_total', 'Scheduled slots that did not fire', []),
  cycles: counter('canary_cycles_total', 'Closed cycles', ['clean']),
  lastSuccess: gauge(
    'canary_last_success_timestamp_seconds',
    'When the path passed last, by the time of the verdict; 0 for never',
    PATH,
  ),
  warmUpActive: gauge('canary_warm_up_active', 'Whether results do not page yet', []),

  ...OPERATOR_METRICS,
  ...SUPPLY_METRICS,
  ...PROTOCOL_METRICS,
  ...HEALTH_METRICS,
  // The scoreboard of the cycle closed last, scheduled or fired by hand; 0 before the first close.
  cyclePlanned: gauge('canary_cycle_planned_tests', 'Tests that the last closed cycle planned', []),
  cycleTests: gauge('canary_cycle_tests', 'Tests of the last closed cycle', ['outcome']),
  cycleLost: gauge('canary_cycle_lost_tests', 'Tests of it that ended without a result', []),
  cycleLate: gauge('canary_cycle_late_tests', 'Late tests of the last closed cycle', []),
  cycleDegraded: gauge('canary_cycle_degraded_tests', 'Degraded tests of it', []),
  cycleUnknown: gauge('canary_cycle_unknown_tests', 'Tests of it that are not proven clean', []),
  cycleFindings: gauge('canary_cycle_findings', 'Findings of the last closed cycle', []),
  cycleClean: gauge('canary_cycle_clean', 'Whether the last closed cycle was clean', []),
  cycleStarted: gauge('canary_cycle_started_timestamp_seconds', 'When it was started', []),
  cycleClosed: gauge('canary_cycle_closed_timestamp_seconds', 'When it was closed', []),
  cycleLatency: gauge(
    'canary_cycle_latency_seconds',
    'Latency of the passed tests of the last closed cycle: p50, p95 or max; absent without any',
    ['backend', 'statistic'],
  ),

  // From Redis: tests on their way, validators, workers.
  openTests: gauge('canary_open_tests', 'Registered tests without a verdict', PATH),
  openTestsPastSoftDeadline: gauge(
    'canary_open_tests_past_soft_deadline',
    'Open tests whose soft deadline has passed',
    PATH,
  ),
  validatorStream: gauge(
    'canary_validator_stream_state',
    'The state of the event stream is 1, the others 0; absent: the validator does not report',
    [...VALIDATOR, 'state'],
  ),
  validatorCaughtUp: gauge(
    'canary_validator_caught_up',
    'Whether the watermark has reached the head since the activity started',
    VALIDATOR,
  ),
  validatorReported: gauge(
    'canary_validator_reported_timestamp_seconds',
    'When the validator reported last; 0 for never',
    VALIDATOR,
  ),
  validatorGap: gauge(
    'canary_validator_watermark_gap_events',
    'Places in the log between watermark and head; no series while the validator does not report',
    VALIDATOR,
  ),
  validatorLag: gauge(
    'canary_validator_lag_seconds',
    'From the commit in the store to our eyes, of the last canary event; no series before it',
    VALIDATOR,
  ),
  validatorInfo: gauge('canary_validator_info', 'The feed that counts, the worker', INFO),
  validatorEvents: validatorCounter('events', 'Events delivered by stream and poll'),
  validatorStamped: validatorCounter('stamped', 'Events that stamped a test'),
  validatorMalformed: validatorCounter('malformed', 'Events that are not of the contract'),
  validatorUnregistered: validatorCounter(
    'unregistered',
    'Memos that name no registered test: forged, foreign or expired',
  ),
  validatorBackstopped: validatorCounter('backstopped', 'Events that only the poll brought'),
  validatorReconnects: validatorCounter('reconnects', 'Streams opened again after a silence'),
  workersAlive: gauge('canary_workers_alive', 'Workers that renewed their entry lately', []),

  // From each worker's /readyz.
  workerDependency: gauge(
    'canary_worker_dependency_up',
    'Whether what a worker needs answers that worker; no series while the worker itself does not',
    ['worker', 'dependency'],
  ),

  // From the TEGs, read every 15 s at most.
  agentFloat: gauge('canary_agent_float_avt', 'Balance of a canary agent: available or held', [
    'agent',
    'state',
  ]),
  agentActive: gauge('canary_agent_active', 'Whether the agent may pay; 0: revoked', ['agent']),

  // From the configuration.
  pathInfo: gauge('canary_path_info', 'The configured paths', [
    ...PATH,
    'sender',
    'receiver',
    'sender_frame',
    'receiver_frame',
  ]),
  cycleInterval: gauge('canary_cycle_interval_seconds', 'How often a cycle is due', []),
  deadline: gauge('canary_deadline_seconds', 'The configured deadlines, soft and final', [
    'backend',
    'deadline',
  ]),
  buildInfo: gauge('canary_build_info', 'Version of the exporter', ['version', 'node_version']),

  // The exporter about itself.
  sourceUp: gauge(
    'canary_exporter_source_up',
    'Whether a source answered in whole; while it is away its series are absent, never 0',
    ['source'],
  ),
  sourceSeconds: gauge('canary_exporter_source_duration_seconds', 'How long a source took', [
    'source',
  ]),
  unknownTallies: gauge(
    'canary_exporter_unknown_tallies',
    'Stored counters of paths, outcomes or kinds that this configuration does not know: not shown',
    [],
  ),
};

/** The families of the SDK that are joined in carry the worker they came from. */
export const WORKER_LABEL = 'worker';

/** A family of the Temporal server that is let through. */
export interface ServerMetric {
  /** Its name at the server (server 1.32, `common/metrics/metric_defs.go`). */
  readonly from: string;
  readonly metric: Metric;
  /** Only series with these label values count; whatever else they are labelled with is dropped. */
  readonly where: Where;
  /** How series that differ in dropped labels alone become one. */
  readonly merge: 'sum' | 'max';
}

type Where = Readonly<Record<string, readonly string[]>>;

const QUEUES: Where = { taskqueue: Object.values(TASK_QUEUES) };
const TASKS: Where = { ...QUEUES, task_type: ['Workflow', 'Activity'] };
/** The calls that a test waits for; polls are left out, for they wait by design. */
const CALLS: Where = {
  service_name: ['frontend'],
  operation: [
    'StartWorkflowExecution',
    'SignalWorkflowExecution',
    'RespondWorkflowTaskCompleted',
    'RespondActivityTaskCompleted',
    'RecordActivityTaskHeartbeat',
    'PatchSchedule',
  ],
};

/** The allow-list (design, decision 16): what tells why tests are slow, late or not fired. */
export const SERVER_METRICS: readonly ServerMetric[] = [
  serverCounter('service_requests', 'Requests', ['service_name', 'operation']),
  serverCounter('service_error_with_type', 'Failed requests', ['service_name', 'error_type']),
  serverCounter('service_errors_resource_exhausted', 'Requests beyond a limit', ['service_name']),
  serverHistogram('service_latency', 'seconds', 'Time to answer', ['operation'], CALLS),
  serverCounter('persistence_requests', 'Database requests', ['service_name', 'operation']),
  serverCounter('persistence_error_with_type', 'Failed database requests', [
    'service_name',
    'error_type',
  ]),
  serverHistogram('persistence_latency', 'seconds', 'Database requests', ['service_name']),
  serverCounter('visibility_persistence_error_with_type', 'Failed visibility requests', [
    'error_type',
  ]),
  serverHistogram('visibility_persistence_latency', 'seconds', 'Visibility requests', []),
  serverHistogram(
    'task_schedule_to_start_latency',
    'seconds',
    'From a task scheduled to a worker that takes it',
    ['taskqueue', 'task_type'],
    TASKS,
  ),
  serverCounter('no_poller_tasks', 'Tasks added though no worker polled', ['taskqueue'], QUEUES),
  serverGauge('approximate_backlog_count', 'approximate_backlog_tasks', 'sum'),
  serverGauge('approximate_backlog_age_seconds', 'approximate_backlog_age_seconds', 'max'),
  serverHistogram('task_latency_queue', 'seconds', 'From an internal task to its end', []),
  serverCounter('task_errors', 'Failed internal tasks', []),
  serverCounter('heartbeat_timeout', 'Activities whose heartbeat stayed away', []),
  serverCounter('start_to_close_timeout', 'Activities or workflow tasks that took too long', []),
  serverCounter('workflow_success', 'Workflows completed', ['taskqueue'], QUEUES),
  serverCounter('workflow_failed', 'Workflows failed', ['taskqueue'], QUEUES),
  serverCounter('workflow_timeout', 'Workflows timed out', ['taskqueue'], QUEUES),
  serverCounter('workflow_terminate', 'Workflows terminated', ['taskqueue'], QUEUES),
  serverHistogram('history_size', 'bytes', 'Histories of ended workflows', [], {
    operation: ['CompletionStats'],
  }),
  serverHistogram('history_count', 'events', 'Histories of ended workflows', [], {
    operation: ['CompletionStats'],
  }),
  serverHistogram('schedule_action_delay', 'seconds', 'From a slot to its start', []),
  serverCounter('schedule_action_success', 'Slots fired', []),
  serverCounter('schedule_action_errors', 'Slots that could not be fired', []),
  serverCounter('schedule_missed_catchup_window', 'Slots given up as too old', []),
  serverCounter('restarts', 'Starts of a service', ['service_name']),
];

/** A count that a validator keeps in memory: it begins anew with each of its activities. */
function validatorCounter(what: string, help: string): Metric<(typeof VALIDATOR)[number]> {
  const note = 'begins at 0 again with each activity, so look at its rate';
  return counter(`canary_validator_${what}_total`, `${help}; ${note}`, VALIDATOR);
}

function serverCounter(
  from: string,
  help: string,
  labels: readonly string[],
  where: Where = {},
): ServerMetric {
  const metric = counter(`temporal_server_${from}_total`, `Temporal server: ${help}`, labels);
  return { from, metric, where, merge: 'sum' };
}

function serverHistogram(
  from: string,
  unit: 'seconds' | 'bytes' | 'events',
  help: string,
  labels: readonly string[],
  where: Where = {},
): ServerMetric {
  const metric = histogram(`temporal_server_${from}_${unit}`, `Temporal server: ${help}`, labels);
  return { from, metric, where, merge: 'sum' };
}

/** A gauge of a task queue's backlog. */
function serverGauge(from: string, name: string, merge: ServerMetric['merge']): ServerMetric {
  const help = 'Temporal server: tasks that wait for a worker';
  const labels = ['taskqueue', 'task_type'];
  return { from, metric: gauge(`temporal_server_${name}`, help, labels), where: TASKS, merge };
}
