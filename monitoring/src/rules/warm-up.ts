// No canary pages during warm-up (design, decision 11), nor on what warm-up left in a window.
import type { MonitoringConfig } from '../config.js';
import { windowOf } from './alert.js';

/**
 * The results of a warm-up stay in the windows of counters after its end: an alert over a window is
 * silent until the window has left the warm-up behind. An exporter that is away suppresses nothing.
 */
export function outsideWarmUp(config: MonitoringConfig, expr: string, seconds: number): string {
  const window = windowOf(config, seconds);
  return `(${expr}) unless on () (max_over_time(canary:warm_up:active[${window}]) > 0)`;
}

/** Adds the frames of a path, by which a dead service silences the canaries that need it. */
export function withFrames(expr: string): string {
  return (
    `(${expr}) * on (path, backend) group_left (sender_frame, receiver_frame) ` +
    'max by (path, backend, sender_frame, receiver_frame) (canary_path_info)'
  );
}
