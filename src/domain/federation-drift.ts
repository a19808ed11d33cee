// The drift between two frames: what one emitted for the other and the other has not received.
import type { FrameId } from './frame.js';

/** Events of the broadcast types, and when the newest was committed by its origin's clock. */
export interface EventCount {
  readonly events: number;
  readonly newestAtMs: number | undefined;
}

/** What an EventStore says that it exchanged with one other frame. */
export interface Exchange {
  readonly peer: FrameId;
  readonly emitted: EventCount;
  readonly sent: EventCount;
  readonly received: EventCount;
}

export interface Drift {
  /** Emitted less received. Below zero the peer received what was never emitted. */
  readonly events: number;
  /** How far the newest received lies behind the newest emitted; infinite before the first. */
  readonly behindMs: number;
}

/**
 * `received` must have been read before `emitted` was: then an event on its way between the two
 * readings can only add to the drift, and a drift below zero is none of the order of questions.
 * Both times are of the emitter's clock, so no clock is held against another.
 */
export function driftOf(received: EventCount, emitted: EventCount): Drift {
  const events = emitted.events - received.events;
  if (events <= 0 || emitted.newestAtMs === undefined) return { events, behindMs: 0 };
  if (received.newestAtMs === undefined) return { events, behindMs: Number.POSITIVE_INFINITY };
  return { events, behindMs: Math.max(0, emitted.newestAtMs - received.newestAtMs) };
}
