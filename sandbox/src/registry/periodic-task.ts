// Work that repeats until it is stopped: one run at a time, woken early when there is news.
import { sleep } from '../service/back-off.js';
import type { Logger } from '../service/logger.js';

export interface PeriodicTask {
  /** Runs as soon as the current run is over, without waiting for the interval. */
  wake(): void;
  /** Ends the waiting, and resolves when the last run is over. */
  stop(): Promise<void>;
}

export interface PeriodicTaskOptions {
  readonly name: string;
  readonly intervalMs: number;
  /** A failure is logged and tried again at the next interval. */
  readonly run: () => Promise<void>;
  readonly logger: Logger;
}

/** Runs at once, and then again at each interval after the end of the run before. */
export function startPeriodicTask(options: PeriodicTaskOptions): PeriodicTask {
  let isStopped = false;
  let waiting = new AbortController();
  const repeat = async () => {
    while (!isStopped) {
      waiting = new AbortController();
      await options.run().catch((error: unknown) => {
        options.logger.warn({ err: error, task: options.name }, 'failed, will run again');
      });
      await sleep(options.intervalMs, waiting.signal);
    }
  };
  const ended = repeat();
  return {
    wake: () => waiting.abort(),
    stop: async () => {
      isStopped = true;
      waiting.abort();
      await ended;
    },
  };
}
