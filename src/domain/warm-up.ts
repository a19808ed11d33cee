// Warm-up ends by a test, not by a fixed wait (design, decision 11).
import { VALIDATED_EVENT_TYPES, type ValidatedEventType } from './event.js';
import type { FrameId } from './frame.js';

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

/** What a validator says of itself that a warm-up depends on. */
export interface ValidatorProgress {
  readonly frame: FrameId;
  readonly eventType: ValidatedEventType;
  readonly caughtUp: boolean;
  readonly reportedAtMs: number;
}

/** Whether a test planned now is of a warm-up; it never lasts longer than its limit. */
export function isWarmingUp(warmUp: WarmUp | undefined, nowMs: number): boolean {
  if (warmUp === undefined || warmUp.endedAtMs !== undefined) return false;
  return nowMs - warmUp.startedAtMs < WARM_UP_MAX_MS;
}

/** Whether every validator of these frames has said since the start that it caught up. */
export function gapsClosed(
  warmUp: WarmUp,
  frames: readonly FrameId[],
  said: readonly ValidatorProgress[],
): boolean {
  return frames.every((frame) =>
    VALIDATED_EVENT_TYPES.every((eventType) =>
      said.some(
        (one) =>
          one.frame === frame &&
          one.eventType === eventType &&
          one.caughtUp &&
          one.reportedAtMs >= warmUp.startedAtMs,
      ),
    ),
  );
}

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
