// Cases of the alerts on databases, hosts and containers, of the INFO tier and of the monitoring
// itself.
import type { AlertCase } from './alert-case.js';

const EVENTS_A = 'service="event-store",frame="A"';

const DATABASE_CASES: readonly AlertCase[] = [
  {
    alert: 'PostgreSQLDown',
    what: 'the exporter is there and sees no database',
    series: [{ select: `pg_up{${EVENTS_A}}`, values: '1x4 0x20' }],
    silentAt: '3m',
    firesAt: '3m15s',
    says: 'The database {database} (event-store, frame A) is unseen by its exporter at {instance}.',
  },
  {
    alert: 'DBConnectionsHigh',
    what: '85 of 100 connections are taken',
    series: [
      { select: `pg_stat_activity_count{${EVENTS_A},state="idle"}`, values: '85x40' },
      { select: `pg_settings_max_connections{${EVENTS_A}}`, values: '100x40' },
    ],
    silentAt: '4m30s',
    firesAt: '5m30s',
    keeps: ['server'],
    says: '{server} uses 85% of the connections that its server allows; 80 % is the limit.',
  },
  {
    alert: 'DBConnectionsCritical',
    what: '97 of 100 connections are taken',
    series: [
      { select: `pg_stat_activity_count{${EVENTS_A},state="idle"}`, values: '10x3 97x40' },
      { select: `pg_settings_max_connections{${EVENTS_A}}`, values: '100x40' },
    ],
    silentAt: '1m30s',
    firesAt: '2m30s',
    keeps: ['server'],
    says: '{server} uses 97% of the connections that its server allows; 95 % is the limit.',
  },
  {
    alert: 'PostgreSQLHighConnections',
    what: 'one database takes 60 of 100',
    series: [
      { select: `pg_stat_activity_count{${EVENTS_A},state="idle"}`, values: '60x60' },
      { select: `pg_settings_max_connections{${EVENTS_A}}`, values: '100x60' },
    ],
    silentAt: '9m30s',
    firesAt: '10m30s',
    keeps: ['database', 'frame', 'server', 'service'],
    says: '{database} uses 60% of the connections that its server allows; 50 % is the limit.',
  },
  {
    alert: 'EventStoreDeadlockBurst',
    what: 'eight deadlocks',
    series: [{ select: `pg_stat_database_deadlocks{${EVENTS_A}}`, values: '0x24 8x8' }],
    silentAt: '6m',
    firesAt: '6m15s',
    keeps: ['database', 'frame'],
    says: '8 deadlocks in {database} of frame A within 5m.',
  },
  {
    alert: 'PostgreSQLLowCacheHitRatio',
    what: 'one read of five comes from the disk',
    series: [
      {
        select: `pg_stat_database_blks_hit{${EVENTS_A},datname="frame_a_event_store"}`,
        values: '0+8000x100',
      },
      {
        select: `pg_stat_database_blks_read{${EVENTS_A},datname="frame_a_event_store"}`,
        values: '0+2000x100',
      },
    ],
    silentAt: '14m',
    firesAt: '22m',
    keeps: ['database', 'frame', 'service'],
    says: '{database}: cache hits are 80%.',
  },
];

const HOST_CASES: readonly AlertCase[] = [
  {
    alert: 'HostHighCPU',
    what: 'a core is idle for one second of fifteen',
    series: [{ select: 'node_cpu_seconds_total{cpu="0",mode="idle"}', values: '0+0.75x80' }],
    silentAt: '10m',
    firesAt: '11m',
    keeps: ['instance'],
    says: '{instance} is busy 95% of the time.',
  },
  {
    alert: 'HostHighMemory',
    what: 'one byte of twenty is left',
    series: [
      { select: 'node_memory_MemAvailable_bytes', values: '5e8x40' },
      { select: 'node_memory_MemTotal_bytes', values: '1e10x40' },
    ],
    silentAt: '4m45s',
    firesAt: '5m',
    says: '{instance} uses 95% of its memory.',
  },
  {
    alert: 'HostDiskSpaceLow',
    what: 'a tenth is left',
    series: [
      { select: 'node_filesystem_avail_bytes{mountpoint="/"}', values: '1e9x60' },
      { select: 'node_filesystem_size_bytes{mountpoint="/"}', values: '1e10x60' },
    ],
    silentAt: '9m45s',
    firesAt: '10m',
    says: '/ of {instance} has 10% left; 15 % is the limit.',
  },
  {
    alert: 'DiskSpaceCritical',
    what: 'one byte of fifty is left',
    series: [
      { select: 'node_filesystem_avail_bytes{mountpoint="/"}', values: '2e8x40' },
      { select: 'node_filesystem_size_bytes{mountpoint="/"}', values: '1e10x40' },
    ],
    silentAt: '4m45s',
    firesAt: '5m',
    says: '/ of {instance} has 2% left; 5 % is the limit.',
  },
];

const CONTAINER_CASES: readonly AlertCase[] = [
  {
    alert: 'ContainerRestarting',
    what: 'it is started for the third time again',
    series: [{ select: 'container_start_time_seconds', values: '1000x8 1135x8 1270x8 1405x8' }],
    silentAt: '6m30s',
    firesAt: '6m45s',
    keeps: ['instance', 'name'],
    says: '{name} started 3 times within 15m.',
  },
  {
    alert: 'ContainerMemoryHigh',
    what: 'nineteen parts of twenty of the limit are used',
    series: [
      { select: 'container_memory_working_set_bytes', values: '4e8x4 4.75e8x40' },
      { select: 'container_spec_memory_limit_bytes', values: '5e8x60' },
    ],
    silentAt: '6m',
    firesAt: '6m15s',
    keeps: ['instance', 'name'],
    says: '{name} uses 95% of its limit.',
  },
];

const INFORMATION_CASES: readonly AlertCase[] = [
  {
    alert: 'CapacityTrend',
    what: 'a disk loses what it has within a day',
    series: [{ select: 'node_filesystem_avail_bytes{mountpoint="/"}', values: '1e10-4e6x2000' }],
    silentAt: '59m',
    firesAt: '2h',
    says: '/ of {instance} is full within 24 h, by its trend.',
  },
  {
    alert: 'StakeSwing',
    what: 'a third of the stake leaves',
    series: [
      {
        select: 'protocol_staking_total_value_locked_avt{frame="A"}',
        values: '900x280 600x80',
      },
    ],
    silentAt: '1h14m',
    firesAt: '1h16m',
    keeps: ['frame'],
    says: 'Frame A: what is staked changed by 33.33% within 1h; 20 % is usual.',
  },
  {
    alert: 'CanaryWorkerLag',
    what: 'tasks wait for half a minute',
    series: [
      {
        select: 'temporal_server_approximate_backlog_age_seconds{taskqueue="canary"}',
        values: '30x40',
      },
    ],
    silentAt: '4m45s',
    firesAt: '5m',
    keeps: ['taskqueue'],
    says: 'The oldest task of canary waits for 30 s.',
  },
  {
    alert: 'CanaryValidatorLag',
    what: 'an event is seen after twenty seconds',
    series: [
      {
        select: 'canary_validator_lag_seconds{frame="A",event_type="TokensTransferred"}',
        values: '20x40',
      },
    ],
    silentAt: '4m45s',
    firesAt: '5m',
    keeps: ['frame', 'event_type'],
    says: 'TokensTransferred of frame A was seen 20s after its commit.',
  },
  {
    alert: 'KafkaConsumerLag',
    what: 'an EventStore is five thousand records behind',
    series: [{ select: 'protocol_kafka_consumer_lag_events', values: '5000x40' }],
    silentAt: '4m45s',
    firesAt: '5m',
    keeps: ['group', 'topic'],
    says: '{group} is 5000 records behind on {topic}.',
  },
];

const SELF_CASES: readonly AlertCase[] = [
  {
    alert: 'TargetDown',
    what: 'the node exporter goes',
    series: [{ select: 'up{job="node-exporter"}', values: '1x4 0x40' }],
    silentAt: '6m',
    firesAt: '6m15s',
    says: 'node-exporter at {instance} has not answered its scrapes.',
  },
];

export const INFRASTRUCTURE_CASES: readonly AlertCase[] = [
  ...DATABASE_CASES,
  ...HOST_CASES,
  ...CONTAINER_CASES,
  ...INFORMATION_CASES,
  ...SELF_CASES,
];
