// The INFO tier: trends and lags that nobody is woken for, and that explain the next page.
import type { MonitoringConfig } from '../config.js';
import { JOBS } from '../names.js';
import { type Alert, type AlertGroup, percent, windowOf } from './alert.js';

export function informationAlerts(config: MonitoringConfig): AlertGroup {
  return { name: 'information', alerts: [...trendAlerts(config), ...lagAlerts(config)] };
}

type InfoRow = Omit<Alert, 'severity'>;

function asInfo(rows: readonly InfoRow[]): readonly Alert[] {
  return rows.map((row) => ({ ...row, severity: 'info' }));
}

function trendAlerts(config: MonitoringConfig): readonly Alert[] {
  const { limits } = config;
  const trend = windowOf(config, 21_600);
  const swing = windowOf(config, 3_600);
  const locked = 'max by (frame) (protocol_staking_total_value_locked_avt';
  return asInfo([
    {
      alert: 'CapacityTrend',
      component: 'host',
      expr:
        `predict_linear(node_filesystem_avail_bytes{job="${JOBS.node}",` +
        `fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660"}[${trend}], ` +
        `${limits.diskFullHours * 3_600}) < 0`,
      forSeconds: 3_600,
      summary: 'A disk will be full soon if it goes on like this',
      description:
        `{{ $labels.mountpoint }} of {{ $labels.instance }} is full within ` +
        `${limits.diskFullHours} h, by its trend.`,
      dashboard: { name: 'overview' },
      runbook: {
        means: 'A prediction from the last hours; a single large write can cause it.',
        look: 'Which database grows: `pg_database_size_bytes`, `canary_postgres_database_bytes`.',
        mend: 'Plan for space, or for a shorter retention.',
      },
    },
    {
      alert: 'StakeSwing',
      component: 'supply',
      expr:
        `abs(${locked}) - ${locked} offset ${swing})) / ${locked} offset ${swing}) ` +
        `> ${limits.stakeSwingRatio}`,
      forSeconds: 300,
      summary: 'The total value locked moves unusually fast',
      description:
        'Frame {{ $labels.frame }}: what is staked changed by {{ $value | humanizePercentage }} ' +
        `within ${swing}; ${percent(limits.stakeSwingRatio)} is usual.`,
      dashboard: { name: 'economics', variables: ['frame'] },
      runbook: {
        means: 'Somebody large stakes or leaves, or a stake was booked twice.',
        look: '`protocol_recent_staked_avt`, `protocol_recent_unstaked_avt`, and the supply audit.',
        mend: 'Nothing, if the audit is ok.',
      },
    },
  ]);
}

function lagAlerts({ limits }: MonitoringConfig): readonly Alert[] {
  return asInfo([
    {
      alert: 'CanaryWorkerLag',
      component: 'canary',
      expr: 'max by (taskqueue) (temporal_server_approximate_backlog_age_seconds) > 10',
      forSeconds: 300,
      summary: 'Tasks wait for workers',
      description: 'The oldest task of {{ $labels.taskqueue }} waits for {{ $value }} s.',
      dashboard: { name: 'canary' },
      runbook: {
        means: 'Workers are fewer or slower than the work.',
        look: '`canary_workers_alive`, the processor time of the worker, its task slots.',
        mend: 'Start another worker; as many as you like may run.',
      },
    },
    {
      alert: 'CanaryValidatorLag',
      component: 'canary',
      expr:
        'max by (frame, event_type) (canary_validator_lag_seconds) > ' +
        `${limits.validatorLagSeconds}`,
      forSeconds: 300,
      summary: 'A validator sees events late',
      description:
        '{{ $labels.event_type }} of frame {{ $labels.frame }} was seen ' +
        '{{ $value | humanizeDuration }} after its commit.',
      dashboard: { name: 'canary' },
      runbook: {
        means: 'The observer’s share grows; verdicts come later, none is wrong.',
        look: '`canary_validator_stream_state`: does the stream stall, and the poll bring all?',
        mend: 'Look at the EventStore’s stream, then at the worker’s processor time.',
      },
    },
    {
      alert: 'KafkaConsumerLag',
      component: 'service',
      expr:
        'max by (group, topic) (protocol_kafka_consumer_lag_events) > ' +
        `${limits.kafkaLagEvents}`,
      forSeconds: 300,
      summary: 'A consumer of the platform falls behind',
      description: '{{ $labels.group }} is {{ $value }} records behind on {{ $labels.topic }}.',
      dashboard: { name: 'eventStore' },
      runbook: {
        means: 'Events are late in the EventStore: canaries become late with them.',
        look: 'Does the lag grow or shrink? The rate of `eventstore_events_ingested_total`.',
        mend: 'What slows the consumer: its database first.',
      },
    },
  ]);
}
