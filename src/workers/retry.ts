// Waiting for a dependency at start: the worker stays up and says what it waits for.
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';

const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 5_000;

/**
 * Calls `step` until it succeeds, with doubling pauses of 0.25 to 5 s. Ends only when `stop` is
 * aborted, by throwing the last failure.
 */
export async function untilDone<T>(
  what: string,
  step: () => Promise<T>,
  logger: Logger,
  stop: AbortSignal,
): Promise<T> {
  for (let pauseMs = RETRY_MS_MIN; ; pauseMs = Math.min(2 * pauseMs, RETRY_MS_MAX)) {
    try {
      return await step();
    } catch (error) {
      if (stop.aborted) throw error;
      logger.warn({ err: error, retryInMs: pauseMs }, `waiting for ${what}`);
      await delay(pauseMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }
}
