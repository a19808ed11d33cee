// What both adapters do alike when they publish: one call at a time per frame, tried for ever.
import { createBackOff } from '../service/back-off.js';
import type { Logger } from '../service/logger.js';
import { withSignal } from '../service/with-signal.js';
import { PipeError } from './event-pipe.js';

export interface Publisher {
  /** Runs `attempt` until it succeeds, after all earlier calls for that frame. */
  publish(frameId: string, attempt: () => Promise<void>, signal?: AbortSignal): Promise<void>;
  /** Calls that wait or try reject with PipeError. */
  close(): void;
}

const LONGEST_WAIT_MS = 2_000;

export function createPublisher(deps: { logger: Logger; random: () => number }): Publisher {
  const closing = new AbortController();
  const lastOf = new Map<string, Promise<void>>();

  async function tryForEver(frameId: string, attempt: () => Promise<void>, stop: AbortSignal) {
    const backOff = createBackOff(deps.random, LONGEST_WAIT_MS);
    for (let cause: unknown; ; ) {
      if (stop.aborted) throw new PipeError(`frame ${frameId}: publishing was given up`, { cause });
      try {
        return await attempt();
      } catch (error) {
        cause = error;
        deps.logger.warn({ err: error, frame: frameId }, 'the pipe is away, publishing again');
        await backOff.wait(stop);
      }
    }
  }

  return {
    publish: (frameId, attempt, signal) => {
      const limits = { stop: [signal, closing.signal] };
      const earlier = lastOf.get(frameId) ?? Promise.resolve();
      const mine = earlier.then(() =>
        withSignal(limits, (stop) => tryForEver(frameId, attempt, stop)),
      );
      const settled = mine.catch(() => undefined);
      lastOf.set(frameId, settled);
      return mine;
    },
    close: () => closing.abort(),
  };
}
