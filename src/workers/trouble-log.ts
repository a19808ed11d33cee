// What is tried again many times a second while something is away, told to the log now and then:
// an outage of an hour is a page of lines, and the first line comes at once.
import type { Logger } from 'pino';
import type { Clock } from '../ports.js';

export interface TroubleLog {
  /** `place` is whoever tries again, `what` the thing that failed just now. */
  readonly tell: (place: Readonly<Record<string, string>>, what: string, error: unknown) => void;
}

/** Between two lines of one place about one kind of error. */
const TELL_EVERY_MS = 10_000;

interface Told {
  readonly atMs: number;
  /** Failures since that line which had none of their own. */
  untold: number;
}

/** The kinds of errors and the places are few, so that what is kept of them is bounded. */
export function createTroubleLog(logger: Logger, clock: Clock, message: string): TroubleLog {
  const lastTold = new Map<string, Told>();
  return {
    tell(place, what, err) {
      const kind = err instanceof Error ? err.name : typeof err;
      const key = JSON.stringify([place, kind]);
      const nowMs = clock.nowMs();
      const last = lastTold.get(key);
      if (last !== undefined && nowMs - last.atMs < TELL_EVERY_MS) {
        last.untold += 1;
        return;
      }
      lastTold.set(key, { atMs: nowMs, untold: 0 });
      const untold = last === undefined || last.untold === 0 ? {} : { untold: last.untold };
      logger.warn({ ...place, what, ...untold, err }, message);
    },
  };
}
