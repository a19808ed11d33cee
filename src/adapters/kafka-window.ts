// What a Kafka subscription has consumed and nobody has polled yet: pure, bounded, without gaps.
import assert from 'node:assert/strict';
import type { FeedPage, RawEvent } from '../ports.js';

/** Records as one fetch brought them: all that the topic has from `firstOffset` to `lastOffset`. */
export interface FetchedBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** The offset after the last record of the topic. */
  readonly logEnd: number;
  /** Those of the subscribed types, in order. */
  readonly events: readonly WindowEvent[];
}

export type WindowEvent = RawEvent & { readonly offset: number };

export interface KafkaWindow {
  /** The offset to fetch next. */
  next(): number;
  /** Takes a batch that begins at the next offset or before; answers its events that are new. */
  take(batch: FetchedBatch): readonly WindowEvent[];
  /** Gives up the offsets before this one: the broker has them no more. */
  skipTo(offset: number): void;
  /** Notes the offset after the last record of the topic. */
  noteLogEnd(offset: number): void;
  /** Whether a poll can be answered from here, or must be read again from the broker. */
  covers(after: number): boolean;
  /** Forgets all and begins after a place. */
  rewind(after: number): void;
  /** Up to `limit` events after a place; forgets those up to it. */
  page(after: number, limit: number): FeedPage;
  size(): number;
}

export function createKafkaWindow(after: number): KafkaWindow {
  let forgottenThrough = after;
  let nextOffset = after + 1;
  let head = after;
  let events: WindowEvent[] = [];

  return {
    next: () => nextOffset,
    take(batch) {
      assert(batch.firstOffset <= nextOffset, 'a batch would leave a gap');
      const fresh = batch.events.filter(({ offset }) => offset >= nextOffset);
      events.push(...fresh);
      nextOffset = Math.max(nextOffset, batch.lastOffset + 1);
      head = batch.logEnd - 1;
      return fresh;
    },
    skipTo(offset) {
      nextOffset = Math.max(nextOffset, offset);
    },
    noteLogEnd(offset) {
      head = offset - 1;
    },
    covers: (place) => place >= forgottenThrough && place < nextOffset,
    rewind(place) {
      forgottenThrough = place;
      nextOffset = place + 1;
      events = [];
    },
    page(place, limit) {
      forgottenThrough = Math.max(forgottenThrough, place);
      events = events.filter(({ offset }) => offset > place);
      const page = events.slice(0, limit);
      const last = page.at(-1);
      const whole = page.length === events.length || last === undefined;
      return { events: page, through: whole ? nextOffset - 1 : last.offset, head };
    },
    size: () => events.length,
  };
}
