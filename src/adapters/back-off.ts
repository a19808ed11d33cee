// How long to wait before the next try: exponential, bounded, with jitter, so that many clients do
// not march in step.

export interface BackOffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
  /** From 0 inclusive to 1 exclusive. */
  readonly random: () => number;
}

export interface BackOff {
  /** The wait before the next try, between half and all of the doubled step. */
  nextMs(): number;
  /** After a success the next wait is the first again. */
  reset(): void;
}

export const RECONNECT_BACK_OFF: BackOffOptions = {
  firstMs: 100,
  maxMs: 5_000,
  random: Math.random,
};

export function createBackOff({ firstMs, maxMs, random }: BackOffOptions): BackOff {
  let stepMs = firstMs;
  return {
    nextMs() {
      const waitMs = stepMs / 2 + (stepMs / 2) * random();
      stepMs = Math.min(maxMs, stepMs * 2);
      return waitMs;
    },
    reset() {
      stepMs = firstMs;
    },
  };
}
