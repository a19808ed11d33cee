// Waiting between attempts: exponential, capped, with jitter, and interruptible.

export interface BackOff {
  /** Waits before the next attempt: 50 ms doubling up to 5 s, ±25 %. Wakes early on abort. */
  wait(signal?: AbortSignal): Promise<void>;
  /** Call after a success: the next wait is short again. */
  reset(): void;
}

const FIRST_MS = 50;
const LONGEST_MS = 5_000;

export function createBackOff(random: () => number, longestMs = LONGEST_MS): BackOff {
  let nextMs = FIRST_MS;
  return {
    wait: async (signal) => {
      const waitMs = nextMs * (0.75 + random() / 2);
      nextMs = Math.min(nextMs * 2, longestMs);
      await sleep(waitMs, signal);
    },
    reset: () => {
      nextMs = FIRST_MS;
    },
  };
}

/** Resolves after that time, or at once when the signal aborts. Never rejects. */
export function sleep(waitMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, waitMs);
    signal?.addEventListener('abort', done, { once: true });
  });
}
