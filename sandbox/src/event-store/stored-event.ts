// An event in the log, and its JSON text as polls and streams send it.
import { timeText } from '../service/clock.js';
import type { Envelope } from './envelope.js';
import { chainedHash } from './hash-chain.js';
import type { IncomingEvent } from './incoming-event.js';

/** The columns of a row of the log that its JSON text is made of. */
export interface LogRow {
  readonly sequence: number;
  readonly canonical: string;
  readonly storedAtMs: number;
  readonly foreignFrom: string | null;
  readonly previousHash: string;
  readonly hash: string;
}

export interface StoredEvent extends LogRow {
  readonly envelope: Envelope;
}

/** The end of the log. */
export interface LogHead {
  readonly sequence: number;
  readonly hash: string;
}

/** Gives events their places after the head, in order. */
export function chainAfter(
  head: LogHead,
  events: readonly IncomingEvent[],
  storedAtMs: number,
): readonly StoredEvent[] {
  const stored: StoredEvent[] = [];
  let { sequence, hash: previousHash } = head;
  for (const { envelope, canonical, foreignFrom } of events) {
    sequence += 1;
    const hash = chainedHash(previousHash, sequence, canonical);
    stored.push({ sequence, envelope, canonical, storedAtMs, foreignFrom, previousHash, hash });
    previousHash = hash;
  }
  return stored;
}

/** The stored event as JSON: the store's fields, then the envelope's to the letter. */
export function storedEventText(row: LogRow): string {
  const own =
    `{"sequence":${row.sequence},"stored_at":"${timeText(row.storedAtMs)}",` +
    `"foreign_from":${JSON.stringify(row.foreignFrom)},` +
    `"prev_hash":"${row.previousHash}","hash":"${row.hash}",`;
  return own + row.canonical.slice(1);
}
