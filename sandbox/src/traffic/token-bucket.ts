// Pacing: so many per second on average. What could not be spent in time is gone, so that an
// outage is not followed by a burst.

export interface TokenBucket {
  /** True when one more may go now. */
  take(nowMs: number): boolean;
  rate(): number;
  setRate(ratePerSecond: number, nowMs: number): void;
}

/** What may be saved up: enough for late timers, too little for a burst. */
const SAVED_SECONDS = 0.25;

export function createTokenBucket(ratePerSecond: number, nowMs: number): TokenBucket {
  let rate = ratePerSecond;
  let tokens = 0;
  let filledAtMs = nowMs;
  const fill = (atMs: number) => {
    // A clock that went back fills nothing; it must not empty the bucket either.
    const passedMs = Math.max(0, atMs - filledAtMs);
    tokens = Math.min(tokens + (rate * passedMs) / 1000, Math.max(1, rate * SAVED_SECONDS));
    filledAtMs = atMs;
  };
  return {
    take: (atMs) => {
      fill(atMs);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    rate: () => rate,
    setRate: (next, atMs) => {
      fill(atMs);
      rate = next;
    },
  };
}
