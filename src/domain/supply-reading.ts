// How far a frame's events are read: by the producer's own positions, gaps and repeats included.
// The store's order does not count: a position is folded once, when all below it are, or when what
// is missing below it has been missing for too long.
import type { SupplyEvent } from './supply-event.js';

/** A position that later ones have overtaken. */
export interface MissingPosition {
  readonly position: number;
  /** When the auditor first missed it, by its own clock, epoch milliseconds. */
  readonly sinceMs: number;
}

export interface Reading {
  /** Everything up to here is folded, or declared missing. */
  readonly position: number;
  /** Events that came before one of a lower position did, in the order of their positions. */
  readonly ahead: readonly SupplyEvent[];
  /** Positions above `position` and below the highest that has come. */
  readonly missing: readonly MissingPosition[];
  /** Positions that were given up and are folded the moment they come. */
  readonly lost: readonly number[];
}

export const NOTHING_READ: Reading = { position: 0, ahead: [], missing: [], lost: [] };

/** What new events did to a reading. */
export interface Taken {
  readonly reading: Reading;
  /** Given up before and here at last: to be folded, and their findings closed. */
  readonly late: readonly SupplyEvent[];
  /** Came again: to be compared with what was folded under that position. */
  readonly repeated: readonly SupplyEvent[];
}

/** Takes events in whatever order they come, each position once. */
export function takeEvents(reading: Reading, events: readonly SupplyEvent[], nowMs: number): Taken {
  const ahead = new Map(reading.ahead.map((event) => [event.id.position, event]));
  const lost = new Set(reading.lost);
  const late: SupplyEvent[] = [];
  const repeated: SupplyEvent[] = [];
  for (const event of events) {
    const { position } = event.id;
    if (lost.delete(position)) late.push(event);
    else if (position <= reading.position || ahead.has(position)) repeated.push(event);
    else ahead.set(position, event);
  }
  const ordered = [...ahead.values()].sort((one, other) => one.id.position - other.id.position);
  const next = { ...reading, ahead: ordered, lost: [...lost] };
  return { reading: { ...next, missing: missingIn(next, nowMs) }, late, repeated };
}

/** The gaps below the highest event, each with the moment at which it was first missed. */
function missingIn(reading: Reading, nowMs: number): readonly MissingPosition[] {
  const sinceMs = new Map(reading.missing.map((one) => [one.position, one.sinceMs]));
  const missing: MissingPosition[] = [];
  let expected = reading.position + 1;
  for (const { id } of reading.ahead) {
    for (; expected < id.position; expected += 1) {
      missing.push({ position: expected, sinceMs: sinceMs.get(expected) ?? nowMs });
    }
    expected = id.position + 1;
  }
  return missing;
}

/** What can be folded up to a position. */
export interface Advance {
  readonly reading: Reading;
  readonly events: readonly SupplyEvent[];
  /** Positions given up on the way: missing for longer than the limit. */
  readonly givenUp: readonly number[];
  /** Whether the reading has come to the position. */
  readonly reached: boolean;
}

/** Advances to `through` at most, over what has been missing since `lostSinceMs` or earlier. */
export function advanceTo(reading: Reading, through: number, lostSinceMs: number): Advance {
  const isLost = new Set(
    reading.missing.filter(({ sinceMs }) => sinceMs <= lostSinceMs).map((one) => one.position),
  );
  const events: SupplyEvent[] = [];
  const givenUp: number[] = [];
  let { position } = reading;
  for (const event of reading.ahead) {
    while (position < through && position + 1 < event.id.position && isLost.has(position + 1)) {
      position += 1;
      givenUp.push(position);
    }
    if (position >= through || event.id.position !== position + 1) break;
    events.push(event);
    position += 1;
  }
  return {
    reading: {
      position,
      ahead: reading.ahead.filter(({ id }) => id.position > position),
      missing: reading.missing.filter((one) => one.position > position),
      lost: [...reading.lost, ...givenUp],
    },
    events,
    givenUp,
    reached: position >= through,
  };
}
