// What every service of the sandbox is started with, and what starting one gives back.
import type { Topology } from '../topology.js';
import type { Clock } from './clock.js';
import type { Logger } from './logger.js';

export interface ServiceContext {
  readonly topology: Topology;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export interface RunningService {
  /** Base address, without a slash at the end. */
  readonly url: string;
  /** Closes the listener and finishes what is in flight. */
  close(): Promise<void>;
}
