// Wall-clock time of this machine: the only place that reads it.
import type { Clock } from '../ports.js';

/** Epoch milliseconds of this machine's clock. */
export const systemClock: Clock = { nowMs: () => Date.now() };
