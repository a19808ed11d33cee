// Starts pieces of work at a rate, with a bound on how many are under way.
import type { Clock } from '../service/clock.js';
import type { Logger } from '../service/logger.js';
import { createTokenBucket } from './token-bucket.js';

export interface Pacer {
  rate(): number;
  setRate(ratePerSecond: number): void;
  /** Starts nothing more, and resolves when what is under way is over. */
  stop(): Promise<void>;
}

export interface PacerOptions {
  readonly ratePerSecond: number;
  readonly maxInFlight: number;
  readonly work: () => Promise<void>;
  /** Its turn came while too much was under way: it is left out, not made up for. */
  readonly onSkipped: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const TICK_MS = 20;

export function startPacer(options: PacerOptions): Pacer {
  const { clock } = options;
  const bucket = createTokenBucket(options.ratePerSecond, clock.nowMs());
  const inFlight = new Set<Promise<void>>();
  const start = () => {
    const work = options
      .work()
      .catch((error: unknown) => {
        options.logger.error({ err: error }, 'traffic has a mistake of its own');
      })
      .finally(() => inFlight.delete(work));
    inFlight.add(work);
  };
  const timer = setInterval(() => {
    const nowMs = clock.nowMs();
    while (bucket.take(nowMs)) {
      if (inFlight.size < options.maxInFlight) start();
      else options.onSkipped();
    }
  }, TICK_MS);
  return {
    rate: bucket.rate,
    setRate: (ratePerSecond) => bucket.setRate(ratePerSecond, clock.nowMs()),
    stop: async () => {
      clearInterval(timer);
      await Promise.all(inFlight);
    },
  };
}
