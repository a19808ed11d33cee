// Closes in all situations, and a short form of what they say, for the tests of the close.
import {
  type CloseFacts,
  closeTest,
  type FrameStoredEvent,
  stampsInStore,
} from '../../src/domain/closing.js';
import type { TransferEvent, TransferEventType } from '../../src/domain/event.js';
import type { Closing } from '../../src/domain/result.js';
import type { Stamp } from '../../src/domain/stamp.js';
import { eventOf, FIRED_AT_MS, FRAMES, SHAPES, type Shape, storedAt, testOf } from './builders.js';
import { storedEventsOf } from './platform.js';

export const CLOSED_AT_MS = FIRED_AT_MS + 15_000;
const EXACT = { offsetMs: 0, errorMs: 0 };

export interface Situation {
  readonly shape: Shape;
  readonly events?: readonly FrameStoredEvent[];
  /** Which stamps validators brought; all that the events raise, unless told otherwise. */
  readonly brought?: (stamp: Stamp) => boolean;
  readonly outcome?: CloseFacts['outcome'];
  /** Frames that could not be asked; what they hold is not known. */
  readonly unasked?: readonly string[];
}

export function close({
  shape,
  events,
  brought = () => true,
  outcome = 'passed',
  unasked = [],
}: Situation): Closing {
  const one = testOf(SHAPES[shape]);
  const held = events ?? storedEventsOf(one, FRAMES);
  const facts: CloseFacts = {
    outcome,
    firedAtMs: FIRED_AT_MS,
    stamps: stampsInStore(one, held).filter(brought),
    events: held.filter(({ frame }) => !unasked.includes(frame)),
    frames: FRAMES,
    unaskedFrames: unasked,
    offsets: { A: EXACT, B: EXACT, C: EXACT },
  };
  return closeTest(one, facts, CLOSED_AT_MS);
}

/** A close in words: what is absent, what unobserved, and which findings. */
export function brief(closing: Closing): readonly string[] {
  return [
    ...closing.absent.map(({ frame, stamp }) => `absent ${frame}/${stamp}`),
    ...closing.absentEvents.map(({ frame, eventType }) => `absent ${frame}/${eventType}`),
    ...closing.unobserved.map(({ frame, stamp }) => `unobserved ${frame}/${stamp}`),
    ...closing.unaskedFrames.map((frame) => `unasked ${frame}`),
    ...closing.findings.map(({ kind, subject }) => `${kind} ${subject}`),
  ];
}

/** What a whole platform holds of a test. */
export const held = (shape: Shape) => storedEventsOf(testOf(SHAPES[shape]), FRAMES);

export const isOf = (eventType: TransferEventType) => (one: FrameStoredEvent) =>
  one.stored.event.eventType === eventType;

export function without(shape: Shape, frame: string, eventType: TransferEventType) {
  return held(shape).filter((one) => !(one.frame === frame && isOf(eventType)(one)));
}

export function withOne(
  shape: Shape,
  frame: string,
  eventType: TransferEventType,
  overrides: Partial<TransferEvent> = {},
  foreignFrom?: string,
) {
  const event = eventOf(testOf(SHAPES[shape]), eventType, overrides);
  return [...held(shape), storedAt(frame, event, foreignFrom)];
}

/** What is held, the events that fit changed, as the store or the platform got them wrong. */
export function changed(
  shape: Shape,
  fits: (one: FrameStoredEvent) => boolean,
  change: Partial<TransferEvent>,
  foreignFrom?: string,
): readonly FrameStoredEvent[] {
  return held(shape).map((one) => {
    if (!fits(one)) return one;
    const event = { ...one.stored.event, ...change };
    const from = foreignFrom ?? one.stored.foreignFrom;
    return { ...one, stored: { ...one.stored, event, foreignFrom: from } };
  });
}
