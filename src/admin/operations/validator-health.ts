// Whether every validator that must run does run, from what they last said of themselves.
import { z } from 'zod';
import type { Config } from '../../config.js';
import { VALIDATED_EVENT_TYPES } from '../../domain/event.js';
import { frameIds } from '../../domain/frame.js';
import type { ValidatorState } from '../../ports.js';
import { timeSchema, utc } from '../views/time.js';

/** A validator reports at every poll; one that has not for this many of them is stale. */
const POLLS_UNTIL_STALE = 5;
const STALE_AFTER_MS_MIN = 10_000;

const CONDITIONS = ['missing', 'stale', 'closed', 'silent', 'catching_up', 'following'] as const;

export const validatorSchema = z.strictObject({
  frame: z.string(),
  eventType: z.enum(VALIDATED_EVENT_TYPES),
  /** `silent` and `closed` are its stream's; the poll goes on alone. */
  condition: z.enum(CONDITIONS),
  feed: z.enum(['event-store', 'kafka']).optional(),
  watermark: z.number().optional(),
  head: z.number().optional(),
  lagMs: z.number().optional(),
  reportedAt: timeSchema.optional(),
  worker: z.string().optional(),
  malformed: z.int().optional(),
  unregistered: z.int().optional(),
  backstopped: z.int().optional(),
  reconnects: z.int().optional(),
});

export type ValidatorView = z.infer<typeof validatorSchema>;

/** One row for each frame and event type, whether or not anything reported for it. */
export function validatorViews(
  config: Config,
  states: readonly ValidatorState[],
  nowMs: number,
): readonly ValidatorView[] {
  const staleMs = Math.max(STALE_AFTER_MS_MIN, POLLS_UNTIL_STALE * config.validators.pollInterval);
  return frameIds(config.topology).flatMap((frame) =>
    VALIDATED_EVENT_TYPES.map((eventType) => {
      const state = states.find((one) => one.frame === frame && one.eventType === eventType);
      if (state === undefined) return { frame, eventType, condition: 'missing' as const };
      return validatorView(state, nowMs - state.reportedAtMs > staleMs);
    }),
  );
}

/** Whether a validator does its work; one that catches up does. */
export function isFollowing({ condition }: ValidatorView): boolean {
  return condition === 'following' || condition === 'catching_up';
}

function validatorView(state: ValidatorState, stale: boolean): ValidatorView {
  const { malformed, unregistered, backstopped, reconnects } = state.counts;
  return {
    frame: state.frame,
    eventType: state.eventType,
    condition: stale ? 'stale' : conditionOf(state),
    feed: state.feed,
    watermark: state.watermark,
    head: state.head,
    lagMs: state.lagMs,
    reportedAt: utc(state.reportedAtMs),
    worker: state.worker,
    malformed,
    unregistered,
    backstopped,
    reconnects,
  };
}

function conditionOf(state: ValidatorState): ValidatorView['condition'] {
  if (state.stream !== 'open') return state.stream;
  return state.caughtUp ? 'following' : 'catching_up';
}
