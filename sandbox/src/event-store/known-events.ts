// Tells news from repetition: each (producer, position) enters the log once.
import type { Pool } from 'pg';
import type { IncomingEvent } from './incoming-event.js';

export interface Sorted {
  /** Not in the log yet, in the order of arrival. */
  readonly fresh: readonly IncomingEvent[];
  readonly duplicates: number;
  /** Another content than the one that came first. */
  readonly conflicts: readonly Conflict[];
}

export interface Conflict {
  readonly event: IncomingEvent;
  /** The sequence of the content that was kept; undefined when it is in the same batch. */
  readonly keptSequence: number | undefined;
}

export interface KnownEvents {
  /** Compares a batch with the log and with itself. */
  sortOut(events: readonly IncomingEvent[]): Promise<Sorted>;
  /** These are in the log now. */
  stored(events: readonly IncomingEvent[]): void;
  /** Someone else has written: nothing is known any more. */
  forget(): void;
}

/**
 * Positions grow, so what lies above the highest of its producer is new without asking the log.
 * The highest are remembered as long as this is the only writer.
 */
export function createKnownEvents(pool: Pool): KnownEvents {
  const highest = new Map<string, number>();
  return {
    sortOut: async (events) => {
      for (const { envelope } of events) {
        if (highest.has(envelope.producer)) continue;
        highest.set(envelope.producer, await readHighest(pool, envelope.producer));
      }
      const maybeKnown = events.filter(
        ({ envelope }) => envelope.position <= (highest.get(envelope.producer) ?? 0),
      );
      return compare(events, await readKnown(pool, maybeKnown));
    },
    stored: (events) => {
      for (const { envelope } of events) {
        const before = highest.get(envelope.producer) ?? 0;
        highest.set(envelope.producer, Math.max(before, envelope.position));
      }
    },
    forget: () => highest.clear(),
  };
}

function compare(events: readonly IncomingEvent[], known: Map<string, Known>): Sorted {
  const fresh: IncomingEvent[] = [];
  const conflicts: Conflict[] = [];
  let duplicates = 0;
  for (const event of events) {
    const first = known.get(keyOf(event.envelope));
    if (first === undefined) {
      known.set(keyOf(event.envelope), { canonical: event.canonical, sequence: undefined });
      fresh.push(event);
    } else if (first.canonical === event.canonical) {
      duplicates += 1;
    } else {
      conflicts.push({ event, keptSequence: first.sequence });
    }
  }
  return { fresh, duplicates, conflicts };
}

interface Known {
  readonly canonical: string;
  readonly sequence: number | undefined;
}

interface KnownColumns {
  readonly producer: string;
  readonly position: string;
  readonly canonical: string;
  readonly sequence: string;
}

// Each key is looked up by itself (OFFSET 0 keeps it so): a join, planned while the log was short,
// would read the whole log for every batch.
const FIND_KNOWN = `
SELECT l.producer, l.position, l.canonical, l.sequence
FROM unnest($1::text[], $2::bigint[]) AS k (producer, position) CROSS JOIN LATERAL (
  SELECT * FROM log WHERE log.producer = k.producer AND log.position = k.position OFFSET 0
) AS l`;

async function readHighest(pool: Pool, producer: string): Promise<number> {
  const { rows } = await pool.query<{ position: string | null }>(
    'SELECT max(position) AS position FROM log WHERE producer = $1',
    [producer],
  );
  return Number(rows[0]?.position ?? 0);
}

async function readKnown(pool: Pool, events: readonly IncomingEvent[]) {
  if (events.length === 0) return new Map<string, Known>();
  const { rows } = await pool.query<KnownColumns>({
    name: 'find known',
    text: FIND_KNOWN,
    values: [
      events.map(({ envelope }) => envelope.producer),
      events.map(({ envelope }) => envelope.position),
    ],
  });
  return new Map<string, Known>(
    rows.map((row) => [
      keyOf({ producer: row.producer, position: Number(row.position) }),
      { canonical: row.canonical, sequence: Number(row.sequence) },
    ]),
  );
}

function keyOf(id: { readonly producer: string; readonly position: number }): string {
  return `${id.position} ${id.producer}`;
}
