// No canary path pages while an operator holds it: paused, or in maintenance.
import type { MonitoringConfig } from '../config.js';
import { windowOf } from './alert.js';

/**
 * A path that was not fired has no results in the windows of counters after its pause: an alert
 * that misses results is silent until its window has left the pause behind.
 */
export function outsideHold(config: MonitoringConfig, expr: string, seconds: number): string {
  const window = windowOf(config, seconds);
  const held = `max_over_time(path:canary_held:active[${window}]) > 0`;
  return `(${expr}) unless on (path, backend) (${held})`;
}
