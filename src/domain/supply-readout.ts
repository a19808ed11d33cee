// Reading on in a frame's log: what an audit's pages add to its book. The book moves by the
// producer's positions; at each stop the totals are held against a cut.
import type { FrameBook } from './supply-book.js';
import {
  type Cut,
  compareCut,
  type Difference,
  postingOf,
  subtractDifference,
  sumDifferences,
} from './supply-comparison.js';
import type { SupplyEvent } from './supply-event.js';
import { type FoldTotals, foldEvents, type WeightOf } from './supply-fold.js';
import {
  emptyRangeDefect,
  LOG_START,
  type LogDefect,
  type LogEntry,
  rewoundDefect,
  strangerDefect,
  verifyEntries,
} from './supply-log.js';
import { advanceTo, takeEvents } from './supply-reading.js';
import type { HeardVoice, Projection } from './supply-voices.js';

/** A position at which the fold pauses: to be compared, or only to be reached. */
export type Stop = { readonly position: number } & (
  | { readonly kind: 'cut'; readonly auditId: string; readonly cut: Cut }
  | { readonly kind: 'second' }
  | { readonly kind: 'projection'; readonly projection: Projection }
);

/** Ledger and events at one cut. */
export interface Comparison {
  readonly auditId: string;
  readonly cut: Cut;
  /** What the events say at the cut. */
  readonly totals: FoldTotals;
  readonly difference: Difference;
  /** What of the difference was not there at the last conclusive audit. */
  readonly change: Difference;
  /** Positions after the last conclusive audit, up to the cut. */
  readonly after: number;
  /** The sequence below all events of that interval. */
  readonly sequence: number;
  /** Positions up to the cut that were given up and have not come. */
  readonly lost: readonly number[];
  /** Events of the interval whose content cannot be read. */
  readonly unreadable: readonly SupplyEvent[];
}

/** What reading has brought so far in one audit. */
export interface Readout {
  readonly book: FrameBook;
  /** What is still to be reached, the lowest position first. */
  readonly stops: readonly Stop[];
  readonly comparisons: readonly Comparison[];
  /** Folded in this audit, late ones included. */
  readonly folded: readonly SupplyEvent[];
  readonly late: readonly SupplyEvent[];
  readonly repeated: readonly SupplyEvent[];
  readonly givenUp: readonly number[];
  readonly defects: readonly LogDefect[];
  /** The third voice, until the log is read as far as it counts. */
  readonly projection: Projection | undefined;
  readonly voice: HeardVoice | undefined;
}

export interface ReadRules {
  readonly nowMs: number;
  /** A position missing for longer is given up, milliseconds of the auditor's clock. */
  readonly missingLimitMs: number;
  readonly weightOf: WeightOf;
}

/** A readout that has read nothing yet, with its stops in the order of their positions. */
export function beginReadout(
  book: FrameBook,
  stops: readonly Stop[],
  projection?: Projection,
): Readout {
  const readout: Readout = {
    book,
    stops: inOrder(stops),
    comparisons: [],
    folded: [],
    late: [],
    repeated: [],
    givenUp: [],
    defects: [],
    projection,
    voice: undefined,
  };
  return awaitVoice(readout);
}

function inOrder(stops: readonly Stop[]): readonly Stop[] {
  return [...stops].sort((one, other) => one.position - other.position);
}

/**
 * The projection counts the log in the order of its sequence, we count by position. Where the log
 * is read exactly as far as it counts and no position is out of order, both mean the same events.
 */
function awaitVoice(readout: Readout): Readout {
  const { book, projection } = readout;
  if (projection === undefined || book.place.sequence < projection.sequence) return readout;
  const heard = { ...readout, projection: undefined };
  const highest = book.reading.ahead.at(-1)?.id.position ?? book.reading.position;
  const isSame =
    book.place.sequence === projection.sequence &&
    book.reading.missing.length === 0 &&
    highest === projection.position;
  if (!isSame) return heard;
  const stop: Stop = { kind: 'projection', position: projection.position, projection };
  return { ...heard, stops: inOrder([...readout.stops, stop]) };
}

/** Takes a page of the log, and folds as far as stops and gaps allow. */
export function readEntries(
  readout: Readout,
  entries: readonly LogEntry[],
  rules: ReadRules,
): Readout {
  const counted = readout.projection?.sequence ?? 0;
  const upTo = entries.findIndex(({ sequence }) => sequence > counted);
  if (upTo <= 0) return passStops(awaitVoice(takeEntries(readout, entries, rules)), rules);
  const heard = awaitVoice(takeEntries(readout, entries.slice(0, upTo), rules));
  const rest = takeEntries(passStops(heard, rules), entries.slice(upTo), rules);
  return passStops(rest, rules);
}

function takeEntries(readout: Readout, entries: readonly LogEntry[], rules: ReadRules): Readout {
  const { book } = readout;
  const { place, defects } = verifyEntries(book.place, entries);
  const events = entries.flatMap(({ content }) => (content.kind === 'own' ? [content.event] : []));
  const own = events.filter(({ id }) => id.producer === book.producer);
  const strange = events.filter(({ id }) => id.producer !== book.producer);
  const taken = takeEvents(book.reading, own, rules.nowMs);
  const known = taken.late.filter(({ id }) => id.position <= book.conclusive.position);
  return {
    ...readout,
    book: {
      ...book,
      place,
      reading: taken.reading,
      totals: foldEvents(book.totals, taken.late, rules.weightOf),
      lateSince: [...book.lateSince, ...known],
    },
    folded: [...readout.folded, ...taken.late],
    late: [...readout.late, ...taken.late],
    repeated: [...readout.repeated, ...taken.repeated],
    defects: [...readout.defects, ...defects, ...strange.map(strangerDefect)],
  };
}

/** The log ends before what was read of it: it is read anew, and what is known is only compared. */
export function rewound(readout: Readout, head: number): Readout {
  const { book } = readout;
  const defect = rewoundDefect(book.place, head);
  return {
    ...readout,
    book: { ...book, place: LOG_START },
    defects: [...readout.defects, defect],
  };
}

/** The log proves a range without events: what is behind it can still be read. */
export function overEmptyRange(readout: Readout, through: number): Readout {
  const { book } = readout;
  const defect = emptyRangeDefect(book.place, through);
  return {
    ...readout,
    book: { ...book, place: { sequence: through, hash: book.place.hash } },
    defects: [...readout.defects, defect],
  };
}

function passStops(readout: Readout, rules: ReadRules): Readout {
  let current = readout;
  for (const stop of readout.stops) {
    const { book } = current;
    const advance = advanceTo(book.reading, stop.position, rules.nowMs - rules.missingLimitMs);
    const unreadable = advance.events.filter(({ kind }) => kind === 'unreadable');
    current = {
      ...current,
      book: {
        ...book,
        reading: advance.reading,
        totals: foldEvents(book.totals, advance.events, rules.weightOf),
        unreadableSince: [...book.unreadableSince, ...unreadable],
      },
      folded: current.folded.concat(advance.events),
      givenUp: [...current.givenUp, ...advance.givenUp],
    };
    if (!advance.reached) return current;
    current = { ...compared(current, stop, rules), stops: current.stops.slice(1) };
  }
  return current;
}

function compared(readout: Readout, stop: Stop, rules: ReadRules): Readout {
  const { book } = readout;
  if (stop.kind === 'second') return readout;
  if (stop.kind === 'projection') {
    return { ...readout, voice: { projection: stop.projection, totals: book.totals } };
  }
  const { conclusive, totals } = book;
  const { cut } = stop;
  const difference = compareCut(cut, totals);
  const late = postingOf(book.lateSince, totals.buckets.length, rules.weightOf);
  const change = sumDifferences(subtractDifference(difference, conclusive.difference), late);
  const comparison: Comparison = {
    auditId: stop.auditId,
    cut,
    totals,
    difference,
    change,
    after: conclusive.position,
    sequence: conclusive.sequence,
    lost: book.reading.lost.filter((position) => position <= cut.position),
    unreadable: book.unreadableSince,
  };
  return {
    ...readout,
    comparisons: [...readout.comparisons, comparison],
    book: {
      ...book,
      lateSince: [],
      unreadableSince: [],
      conclusive: {
        position: cut.position,
        difference,
        sequence: lowestSequence(book) - 1,
        atMs: rules.nowMs,
        grade: cut.grade,
      },
      pending: book.pending.filter(({ cut: waiting }) => waiting.position > cut.position),
    },
  };
}

/** The first place in the log that can hold an event beyond what is folded. */
function lowestSequence({ place, reading }: FrameBook): number {
  return Math.min(place.sequence + 1, ...reading.ahead.map(({ sequence }) => sequence));
}
