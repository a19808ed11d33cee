// Every metric that a query may use, by who shows it. Ours come from the exporter's own tables;
// those of the platform and of foreign exporters are listed here, and a test holds the platform's
// against its sources.
import type { Metric } from '../../../src/exporters/family.js';
import { METRICS, SERVER_METRICS } from '../../../src/exporters/metrics.js';
import { PLATFORM_METRICS } from './platform-metrics.js';
import { THIRD_PARTY_METRICS } from './third-party-metrics.js';

/** What our exporter shows. */
export const OWN_METRICS: readonly string[] = [
  ...Object.values<Metric>(METRICS).map(({ name }) => name),
  ...SERVER_METRICS.map(({ metric }) => metric.name),
];

/** The SDK's families that our exporter passes on, as far as queries use them. */
export const SDK_METRICS = [
  'temporal_activity_execution_failed_total',
  'temporal_activity_execution_latency_seconds',
  'temporal_activity_schedule_to_start_latency_seconds',
  'temporal_num_pollers',
  'temporal_sticky_cache_size',
  'temporal_worker_start_total',
  'temporal_worker_task_slots_available',
  'temporal_worker_task_slots_used',
  'temporal_workflow_completed_total',
  'temporal_workflow_failed_total',
  'temporal_workflow_task_schedule_to_start_latency_seconds',
] as const;

export const KNOWN_METRICS: ReadonlySet<string> = new Set([
  ...OWN_METRICS,
  ...SDK_METRICS,
  ...PLATFORM_METRICS,
  ...THIRD_PARTY_METRICS,
]);
