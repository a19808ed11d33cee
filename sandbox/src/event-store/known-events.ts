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

/** Compares a batch with the log and with itself. */
export async function sortOut(pool: Pool, events: readonly IncomingEvent[]): Promise<Sorted> {
  const known = await readKnown(pool, events);
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

async function readKnown(pool: Pool, events: readonly IncomingEvent[]) {
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
