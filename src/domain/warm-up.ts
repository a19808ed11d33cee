// Warm-up ends by a test, not by a fixed wait (design, decision 11).

/** Warm-up never lasts longer than this, clean cycle or not. */
export const WARM_UP_MAX_MS = 10 * 60_000;

export interface WarmUp {
  readonly startedAtMs: number;
  readonly endedAtMs: number | undefined;
}

export interface WarmUpFacts {
  readonly nowMs: number;
  /** Whether every validator has closed its watermark gap since the start. */
  readonly gapsClosed: boolean;
  /** When the last clean cycle began, if one was clean. */
  readonly cleanCycleStartedAtMs: number | undefined;
}

export type WarmUpEnd = 'clean_cycle' | 'time_limit';

/** Whether a running warm-up ends now, and by what. */
export function warmUpEnd(warmUp: WarmUp, facts: WarmUpFacts): WarmUpEnd | undefined {
  if (warmUp.endedAtMs !== undefined) return undefined;
  const { cleanCycleStartedAtMs } = facts;
  const proven =
    facts.gapsClosed &&
    cleanCycleStartedAtMs !== undefined &&
    cleanCycleStartedAtMs >= warmUp.startedAtMs;
  if (proven) return 'clean_cycle';
  return facts.nowMs - warmUp.startedAtMs >= WARM_UP_MAX_MS ? 'time_limit' : undefined;
}
