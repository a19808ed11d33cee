// The exporter's own process, as prom-client measures it.
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Family } from './family.js';
import { readFamilies } from './read-text.js';

/** Gauges that prom-client names like counters, which promtool refuses; others say the same. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** Begins to measure; answers how to read `process_*` and `nodejs_*`. */
export function createProcessFamilies(): () => Promise<readonly Family[]> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  return async () => readFamilies(await registry.metrics());
}
