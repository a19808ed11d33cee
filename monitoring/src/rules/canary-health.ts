// Alerts on the reactor itself: who watches must not fall asleep unnoticed.
import type { MonitoringConfig } from '../config.js';
import type { Alert, AlertGroup } from './alert.js';
import { windowOf } from './alert.js';
import { outsideWarmUp } from './warm-up.js';

const LINK = { name: 'canary' } as const;

const PROCESS_ALERTS: readonly Alert[] = [
  {
    alert: 'CanaryWorkersGone',
    severity: 'critical',
    component: 'canary',
    expr: 'max(canary_workers_alive) == 0',
    forSeconds: 60,
    summary: 'No worker runs: nothing is tested and nothing audited',
    description: 'No worker has renewed its entry. What was in flight waits in Temporal.',
    dashboard: LINK,
    runbook: {
      means: 'Nothing in flight is lost; nothing new is seen until a worker is back.',
      look: 'The worker’s process and its newest log lines; Temporal, Redis.',
      mend: 'Start a worker. It goes on where the last one stopped.',
    },
  },
  {
    alert: 'CanaryDependencyDown',
    severity: 'warning',
    component: 'canary',
    expr: 'min by (worker, dependency) (canary_worker_dependency_up) == 0',
    forSeconds: 120,
    summary: 'A worker cannot reach something that it needs',
    description: '{{ $labels.worker }} does not reach {{ $labels.dependency }}.',
    dashboard: LINK,
    runbook: {
      means: 'The worker waits and loses nothing, but tests may end as inconclusive.',
      look: '`npm run canary -- doctor`, and `/readyz` of the worker, say what fails and why.',
      mend: 'Bring back the dependency; the worker goes on by itself.',
    },
  },
  {
    alert: 'CanarySourceDown',
    severity: 'warning',
    component: 'canary',
    expr: 'max by (source) (canary_exporter_source_up) == 0',
    forSeconds: 300,
    summary: 'The exporter cannot read one of its sources',
    description: 'Metrics of {{ $labels.source }} are absent, and alerts on them are blind.',
    dashboard: LINK,
    runbook: {
      means: 'What the source would say is absent, never stale.',
      look: 'Whether the source is away or answers nonsense: the exporter’s log names it.',
      mend: 'Bring back the source.',
    },
  },
  {
    alert: 'CanaryStoreDown',
    severity: 'critical',
    component: 'canary',
    expr: 'max by (store) (canary_store_up) == 0',
    forSeconds: 120,
    summary: 'One of the reactor’s own stores is away',
    description: 'Our {{ $labels.store }} does not answer.',
    dashboard: LINK,
    runbook: {
      means: 'Without PostgreSQL verdicts wait to be stored; without Redis no stamp is kept.',
      look: 'The store’s process, its disk, its connections.',
      mend: 'Bring it back. Results that could not be written are written then.',
    },
  },
  {
    alert: 'CanaryStoreForgets',
    severity: 'warning',
    component: 'canary',
    expr: 'max(canary_redis_evicted_keys_total) > 0',
    forSeconds: 0,
    summary: 'Redis evicts keys: stamps are lost',
    description: 'Redis forgot {{ $value }} keys before their time for want of memory.',
    dashboard: LINK,
    runbook: {
      means: 'A test whose stamps are forgotten looks like one whose events never came.',
      look: '`canary_redis_used_memory_bytes` and `canary_redis_max_memory_bytes`.',
      mend: 'Set `maxmemory-policy noeviction` and give it the memory that it needs.',
    },
  },
];

export function canaryHealthAlerts(config: MonitoringConfig): AlertGroup {
  return {
    name: 'canary-health',
    alerts: [...PROCESS_ALERTS, ...cycleAlerts(config), ...agentAlerts(config)],
  };
}

function cycleAlerts(config: MonitoringConfig): readonly Alert[] {
  const window = windowOf(config, 600);
  return [
    {
      alert: 'CanarySlotMissed',
      severity: 'warning',
      component: 'canary',
      expr: outsideWarmUp(config, `max(increase(canary_missed_slots_total[${window}])) > 0.5`, 600),
      forSeconds: 0,
      summary: 'A scheduled cycle did not fire',
      description: `{{ printf "%.0f" $value }} slots within ${window} fired nothing.`,
      dashboard: LINK,
      runbook: {
        means: 'For this minute nobody watched. Slots are counted and named, never repeated.',
        look: 'The schedule `canary-cycle` in the Temporal UI; were workers or Temporal away?',
        mend: 'Nothing, if it was a restart; else what kept the workers from firing.',
      },
    },
    {
      alert: 'CanaryFinding',
      severity: 'warning',
      component: 'canary',
      expr: outsideWarmUp(
        config,
        `max by (kind) (increase(canary_findings_total[${window}])) > 0.5`,
        600,
      ),
      forSeconds: 0,
      summary: 'Something was seen that must not be',
      description: `{{ printf "%.0f" $value }} findings of {{ $labels.kind }} within ${window}.`,
      dashboard: LINK,
      runbook: {
        means: 'An impossible stamp, a wrong amount, a second copy: the contract is broken.',
        look: '`npm run canary -- results` and `canary result <test-id>`: kind, subject, evidence.',
        mend: 'Hold the supply audit against it: a finding that moved money shows there, too.',
      },
    },
    {
      alert: 'CanaryStampsUnobserved',
      severity: 'warning',
      component: 'canary',
      expr: outsideWarmUp(
        config,
        `sum by (backend) (increase(canary_unobserved_stamps_total[${window}])) > 2.5`,
        600,
      ),
      forSeconds: 0,
      summary: 'Validators miss events that the EventStore holds',
      description:
        `{{ $labels.backend }}: {{ printf "%.0f" $value }} stamps were found only ` + `by looking.`,
      dashboard: LINK,
      runbook: {
        means: 'Our own eyes are weak. Verdicts stay right, for the close looks back.',
        look: '`canary_validator_stream_state`, `canary_validator_watermark_gap_events`.',
        mend: 'Restart the validator that lags: its workflow begins a new activity.',
      },
    },
  ];
}

function agentAlerts({ limits }: MonitoringConfig): readonly Alert[] {
  const float = 'min by (agent) (canary_agent_float_avt{state="available"})';
  const ahead = `min by (agent) (predict_linear(canary_agent_float_avt{state="available"}[6h], ${
    limits.floatHours * 3_600
  }))`;
  return [
    {
      alert: 'CanaryFloatRunningOut',
      severity: 'warning',
      component: 'canary',
      expr: `${float} < ${limits.floatAvt} or ${ahead} < 0`,
      forSeconds: 600,
      summary: 'A canary agent will not be able to pay much longer',
      description:
        `{{ $labels.agent }}: {{ $value }} AVT (below ${limits.floatAvt} now, or below ` +
        `nothing in ` +
        `${limits.floatHours} h at this pace).`,
      dashboard: LINK,
      runbook: {
        means: 'Fees eat the float. At its end the agent’s paths are `unpaid` and unobserved.',
        look: '`npm run canary -- doctor`; do failing async tests keep amounts away for long?',
        mend: 'Fund the agent.',
      },
    },
    {
      alert: 'CanaryAgentRevoked',
      severity: 'warning',
      component: 'canary',
      expr: 'min by (agent) (canary_agent_active) == 0',
      forSeconds: 60,
      summary: 'A canary agent was revoked and cannot pay',
      description: '{{ $labels.agent }} is not active: its paths are rejected.',
      dashboard: LINK,
      runbook: {
        means: 'The registry revoked an agent that the configuration pays with.',
        look: 'The registry’s enrolments: who revoked it, and why.',
        mend: 'Enrol it again, or configure another agent.',
      },
    },
  ];
}
