// A frame's event log as the audit reads it: where it stands, and what is wrong with the log.
// Sequences must have no gap and every hash must follow from the one before (platform contract).
import type { SupplyEvent } from './supply-event.js';

/** How far a log is read: everything up to the sequence, whose hash the next event builds on. */
export interface LogPlace {
  readonly sequence: number;
  readonly hash: string;
}

/** Before the first event (platform contract, EventStore). */
export const LOG_START: LogPlace = { sequence: 0, hash: '0'.repeat(64) };

/** One stored event as it came, with the hash that its content ought to have. */
export interface LogEntry {
  readonly sequence: number;
  readonly previousHash: string;
  readonly hash: string;
  readonly expectedHash: string;
  readonly content:
    | { readonly kind: 'own'; readonly event: SupplyEvent }
    /** A copy of another frame's event: it is in the chain, and moves nothing here. */
    | { readonly kind: 'foreign' }
    /** Not even its producer and position can be read. */
    | { readonly kind: 'unplaceable'; readonly problem: string };
}

export interface LogDefect {
  readonly kind: 'sequence_gap' | 'broken_chain' | 'log_rewound' | 'unreadable_event';
  /** What it is about, the same each time it is met: `sequence 12`. */
  readonly subject: string;
  readonly evidence: string;
}

/** So many defects of one page are told one by one; what is beyond them is counted. */
const DEFECTS_TOLD_MAX = 20;

/** Holds entries against the place before them; answers the new place and what is wrong. */
export function verifyEntries(
  place: LogPlace,
  entries: readonly LogEntry[],
): { readonly place: LogPlace; readonly defects: readonly LogDefect[] } {
  const defects: LogDefect[] = [];
  let { sequence, hash } = place;
  for (const entry of entries) {
    defects.push(...defectsOf(entry, { sequence, hash }));
    ({ sequence, hash } = entry);
  }
  return { place: { sequence, hash }, defects: shortened(defects) };
}

function defectsOf(entry: LogEntry, before: LogPlace): readonly LogDefect[] {
  const subject = `sequence ${entry.sequence}`;
  const defects: LogDefect[] = [];
  if (entry.sequence !== before.sequence + 1) {
    const evidence = `sequence ${entry.sequence} follows ${before.sequence}`;
    defects.push({ kind: 'sequence_gap', subject, evidence });
  } else if (entry.previousHash !== before.hash) {
    const evidence = `it builds on ${entry.previousHash}, the event before it has ${before.hash}`;
    defects.push({ kind: 'broken_chain', subject, evidence });
  }
  if (entry.hash !== entry.expectedHash) {
    const evidence = `its hash is ${entry.hash}, its content gives ${entry.expectedHash}`;
    defects.push({ kind: 'broken_chain', subject, evidence });
  }
  if (entry.content.kind === 'unplaceable') {
    defects.push({ kind: 'unreadable_event', subject, evidence: entry.content.problem });
  }
  return defects;
}

function shortened(defects: readonly LogDefect[]): readonly LogDefect[] {
  const more = defects.length - DEFECTS_TOLD_MAX;
  const last = defects[DEFECTS_TOLD_MAX - 1];
  if (more <= 0 || last === undefined) return defects;
  const evidence = `${last.evidence}; ${more} more of this page are not told one by one`;
  return [...defects.slice(0, DEFECTS_TOLD_MAX - 1), { ...last, evidence }];
}

/** An event that the frame's log calls its own, and its TEG did not emit. */
export function strangerDefect({ id, sequence }: SupplyEvent): LogDefect {
  const evidence = `it is of producer ${id.producer}, which is not the frame's TEG`;
  return { kind: 'unreadable_event', subject: `sequence ${sequence}`, evidence };
}

/** A log that ends before what was read of it: restored from a copy, or cut. */
export function rewoundDefect(place: LogPlace, head: number): LogDefect {
  const evidence = `the log was read through sequence ${place.sequence} and ends at ${head} now`;
  return { kind: 'log_rewound', subject: `sequence ${place.sequence}`, evidence };
}

/** A poll that proves a range of the log and brings none of its events. */
export function emptyRangeDefect(place: LogPlace, through: number): LogDefect {
  const evidence = `the log says that it has sequences up to ${through} and shows none of them`;
  return { kind: 'sequence_gap', subject: `sequence ${place.sequence + 1}`, evidence };
}
