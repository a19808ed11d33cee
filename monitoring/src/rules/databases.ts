// Alerts on PostgreSQL: the databases of the frames and our own, one exporter each.
import type { MonitoringConfig } from '../config.js';
import { JOBS } from '../names.js';
import { type Alert, type AlertGroup, percent, windowOf } from './alert.js';

const PG = `job="${JOBS.postgres}"`;

export function databaseAlerts(config: MonitoringConfig): AlertGroup {
  return {
    name: 'databases',
    alerts: [postgresDown(), ...connectionAlerts(config), ...performanceAlerts(config)],
  };
}

function postgresDown(): Alert {
  return {
    alert: 'PostgreSQLDown',
    severity: 'critical',
    component: 'database',
    expr: `pg_up{${PG}} == 0 or up{${PG}} == 0`,
    forSeconds: 120,
    summary: 'A database does not answer, or its exporter does not',
    description:
      'The database {{ $labels.database }} ({{ $labels.service }}, frame {{ $labels.frame }}) is ' +
      'unseen by its exporter at {{ $labels.instance }}.',
    dashboard: { name: 'postgres', variables: ['database'] },
    runbook: {
      means: 'Nothing that needs this database works; what it had committed is there.',
      look: 'Does `up` or `pg_up` fail? `up` is the exporter itself, `pg_up` the database.',
      mend: 'Restart what is away. Services connect again by themselves.',
    },
  };
}

function connectionAlerts({ limits }: MonitoringConfig): readonly Alert[] {
  const ofServer = { whose: '{{ $labels.server }}', ratio: 'server:pg_connections:ratio' };
  return [
    connections(ofServer, {
      alert: 'DBConnectionsHigh',
      limit: limits.connectionsHighRatio,
      forSeconds: 300,
      summary: 'The connections of a database server run short',
    }),
    connections(ofServer, {
      alert: 'DBConnectionsCritical',
      limit: limits.connectionsCriticalRatio,
      forSeconds: 60,
      summary: 'Almost every connection of a database server is taken',
    }),
    connections(
      { whose: '{{ $labels.database }}', ratio: 'database:pg_connections:ratio' },
      {
        alert: 'PostgreSQLHighConnections',
        limit: limits.connectionsOfOneRatio,
        forSeconds: 600,
        summary: 'One database holds an unusual share of all connections',
      },
    ),
  ];
}

interface ConnectionRow {
  readonly alert: string;
  readonly limit: number;
  readonly forSeconds: number;
  readonly summary: string;
}

function connections(
  { whose, ratio }: { readonly whose: string; readonly ratio: string },
  { limit, ...row }: ConnectionRow,
): Alert {
  return {
    ...row,
    severity: 'warning',
    component: 'database',
    expr: `${ratio} > ${limit}`,
    description:
      `${whose} uses {{ $value | humanizePercentage }} of the connections that its server ` +
      `allows; ${percent(limit)} is the limit.`,
    dashboard: { name: 'postgres' },
    runbook: {
      means: 'When the last connection is taken, services fail as if the database were away.',
      look: '`pg_stat_activity`: by database and state; `idle in transaction` is a leak.',
      mend: 'End what leaks. Raise `max_connections` only when all of them do work.',
    },
  };
}

function performanceAlerts(config: MonitoringConfig): readonly Alert[] {
  const { limits } = config;
  const burst = windowOf(config, 300);
  return [
    {
      alert: 'EventStoreDeadlockBurst',
      severity: 'warning',
      component: 'database',
      expr:
        `sum by (frame, database) (increase(pg_stat_database_deadlocks{${PG},` +
        `service="event-store"}[${burst}])) > ${limits.deadlocks}`,
      forSeconds: 0,
      summary: 'Transactions of an EventStore deadlock in bursts',
      description:
        '{{ printf "%.0f" $value }} deadlocks in {{ $labels.database }} of frame ' +
        `{{ $labels.frame }} within ${burst}.`,
      dashboard: { name: 'postgres', variables: ['database'] },
      runbook: {
        means: 'Writers of the log take locks in different orders, and PostgreSQL ends some.',
        look: 'The server’s log names both statements of each deadlock.',
        mend: 'Is a second ingest running? There must be one writer of a log.',
      },
    },
    {
      alert: 'PostgreSQLLowCacheHitRatio',
      severity: 'warning',
      component: 'database',
      expr:
        `database:pg_cache_hit:ratio < ${limits.cacheHitRatio}` +
        ' and database:pg_blocks_read:rate > 100',
      forSeconds: 900,
      summary: 'A database reads from the disk what its cache should hold',
      description: '{{ $labels.database }}: cache hits are {{ $value | humanizePercentage }}.',
      dashboard: { name: 'postgres', variables: ['database'] },
      runbook: {
        means:
          'The working set does not fit, or something scans whole tables. Below a hundred blocks ' +
          'a second nobody feels it, and the alert stays silent.',
        look: 'Sequential scans and the slowest queries of the database.',
        mend: 'An index for the scan, or a larger `shared_buffers`.',
      },
    },
  ];
}
