// Recording rules: what several alerts and dashboards ask for, computed once. Named
// level:metric:operation. A name tells the window of operation; where times are scaled, so are
// these.
import type { MonitoringConfig } from '../config.js';
import { duration } from '../duration.js';
import { JOBS } from '../names.js';
import { windowOf } from './alert.js';

export interface Recording {
  readonly record: string;
  readonly expr: string;
}

export interface RecordingGroup {
  readonly name: string;
  readonly records: readonly Recording[];
}

export function recordings(config: MonitoringConfig): readonly RecordingGroup[] {
  return [
    { name: 'records-http', records: httpRecords(config) },
    { name: 'records-databases', records: databaseRecords(config) },
    { name: 'records-canary', records: [...canaryRecords(config), ...budgetRecords(config)] },
  ];
}

function httpRecords(config: MonitoringConfig): readonly Recording[] {
  const window = windowOf(config, 300);
  const ratio = (by: string): string =>
    `sum by (${by}) (rate(http_requests_total{status=~"5.."}[${window}]))` +
    ` / sum by (${by}) (rate(http_requests_total[${window}]))`;
  return [
    { record: 'job_frame:http_requests:error_ratio_rate5m', expr: ratio('job, frame') },
    { record: 'frame:http_requests:error_ratio_rate5m', expr: ratio('frame') },
    {
      // Streams stay open by design, and a route of long duration would hide the others.
      record: 'job_frame_route:http_request_duration_seconds:p95_rate5m',
      expr:
        'histogram_quantile(0.95, sum by (job, frame, route, le) ' +
        `(rate(http_request_duration_seconds_bucket{route!~".*stream.*"}[${window}])))`,
    },
  ];
}

function databaseRecords(config: MonitoringConfig): readonly Recording[] {
  const pg = `job="${JOBS.postgres}"`;
  const by = 'frame, service, database';
  const window = windowOf(config, 300);
  const own = 'datname=~".+"';
  const read = `sum by (${by}) (rate(pg_stat_database_blks_read{${pg},${own}}[${window}]))`;
  const hit = `sum by (${by}) (rate(pg_stat_database_blks_hit{${pg},${own}}[${window}]))`;
  const count = `pg_stat_activity_count{${pg}}`;
  const max = `max by (server) (pg_settings_max_connections{${pg}})`;
  return [
    {
      // An exporter sees the connections to its own database: those of a server are their sum.
      record: 'server:pg_connections:ratio',
      expr: `sum by (server) (${count}) / ${max}`,
    },
    {
      record: 'database:pg_connections:ratio',
      expr: `sum by (${by}, server) (${count}) / on (server) group_left ${max}`,
    },
    { record: 'database:pg_blocks_read:rate', expr: read },
    { record: 'database:pg_cache_hit:ratio', expr: `${hit} / (${hit} + ${read} > 0)` },
  ];
}

/** Several exporters say the same of the same rows: the largest is the one that is not behind. */
function canaryRecords(config: MonitoringConfig): readonly Recording[] {
  const window = windowOf(config, CANARY_WINDOW_SECONDS);
  const by = 'path, backend';
  return [
    {
      record: 'path:canary_tests:increase10m',
      expr: `max by (${by}, outcome, reason) (increase(canary_tests_total[${window}]))`,
    },
    {
      record: 'path:canary_degraded:increase10m',
      expr: `max by (${by}) (increase(canary_degraded_total[${window}]))`,
    },
    {
      record: 'path:canary_late:increase10m',
      expr: `max by (${by}) (increase(canary_late_total[${window}]))`,
    },
    { record: 'canary:warm_up:active', expr: 'max(canary_warm_up_active)' },
    {
      record: 'path:canary_held:active',
      expr: `max by (${by}) ((canary_path_paused > 0) or (canary_path_maintenance > 0))`,
    },
  ];
}

/** Ten cycles: what the alerts of single paths look back over. */
export const CANARY_WINDOW_SECONDS = 600;

/** Failures are held against the platform; `observer`, `inconclusive` and `unpaid` are not. */
function budgetRecords(config: MonitoringConfig): readonly Recording[] {
  const minutes = config.slo.burnRates.flatMap((rate) => [rate.longMinutes, rate.shortMinutes]);
  const windows = [...new Set(minutes)].toSorted((one, other) => one - other);
  return windows.map((window) => {
    const range = windowOf(config, window * 60);
    const sum = (outcomes: string): string =>
      `sum(max by (path, backend, outcome, reason) (increase(canary_tests_total{${outcomes}}` +
      `[${range}])))`;
    return {
      record: failureRatio(window),
      expr: `${sum('outcome="failed"')} / (${sum('outcome=~"passed|failed"')} > 0)`,
    };
  });
}

export function failureRatio(minutes: number): string {
  return `canary:tests:failure_ratio_rate${duration(minutes * 60)}`;
}
