// A piece of background work that runs at an interval, or sooner when it is kicked.
import { sleep } from '../service/back-off.js';
import type { Logger } from '../service/logger.js';

export interface Loop {
  /** Runs the work now; if it is running, once more right after. */
  kick(): void;
  /** Ends after the current run, whose signal is aborted. */
  close(): Promise<void>;
}

/** Starts at once. A run that throws is logged; the next one comes after the interval. */
export function startLoop(options: {
  readonly name: string;
  readonly intervalMs: number;
  readonly logger: Logger;
  readonly work: (signal: AbortSignal) => Promise<void>;
}): Loop {
  const closing = new AbortController();
  let isKicked = false;
  let wake = new AbortController();
  const succeeds = async () => {
    try {
      await options.work(closing.signal);
      return true;
    } catch (error) {
      if (closing.signal.aborted) return true;
      options.logger.warn({ err: error, loop: options.name }, 'background work failed');
      return false;
    }
  };
  const run = async () => {
    while (!closing.signal.aborted) {
      isKicked = false;
      wake = new AbortController();
      // After a failure kicks do not count, or they would make it a busy loop.
      const isWell = await succeeds();
      if (!isWell) await sleep(options.intervalMs, closing.signal);
      else if (!isKicked) await sleep(options.intervalMs, wake.signal);
    }
  };
  const running = run();
  return {
    kick: () => {
      isKicked = true;
      wake.abort();
    },
    close: async () => {
      closing.abort();
      wake.abort();
      await running;
    },
  };
}
