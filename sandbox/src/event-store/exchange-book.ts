// What this frame and the others have sent each other: counted as the log grows, so that what one
// emitted can be held against what the other received.
import type { Pool } from 'pg';
import { BROADCAST_TYPES } from '../names.js';
import { isToBroadcast } from './broadcast.js';
import type { StoredEvent } from './stored-event.js';

export interface EventCount {
  readonly events: number;
  /** When the newest of them was committed at its origin, epoch milliseconds. */
  readonly newestMs: number | null;
}

export interface Exchange {
  readonly peer: string;
  /** Own events of the broadcast types in the log. */
  readonly emitted: EventCount;
  /** Those of them that the peer has acknowledged, or that a fault has passed over. */
  readonly sent: EventCount;
  /** Foreign events of that peer in the log. */
  readonly received: EventCount;
}

export interface ExchangeBook {
  observe(stored: readonly StoredEvent[]): void;
  read(): Promise<readonly Exchange[]>;
}

const NOTHING: EventCount = { events: 0, newestMs: null };

/** Starts from what the log holds already; from then on every stored event must be observed. */
export async function openExchangeBook(
  pool: Pool,
  peers: readonly string[],
): Promise<ExchangeBook> {
  const counts = await readCounts(pool, peers);
  const add = (from: string | null, committedAtMs: number) => {
    const { events, newestMs } = counts.get(from) ?? NOTHING;
    counts.set(from, { events: events + 1, newestMs: Math.max(newestMs ?? 0, committedAtMs) });
  };
  return {
    observe: (stored) => {
      for (const event of stored) {
        if (event.foreignFrom === null && !isToBroadcast(event)) continue;
        add(event.foreignFrom, Date.parse(event.envelope.committed_at));
      }
    },
    read: () =>
      Promise.all(
        peers.map(async (peer) => {
          // Taken before the cursor is read: what is pending then is never more than was emitted.
          const pending = await readPending(pool, peer);
          const emitted = counts.get(null) ?? NOTHING;
          const events = Math.max(0, emitted.events - pending.events);
          const sent = { events, newestMs: pending.sentNewestMs };
          return { peer, emitted, sent, received: counts.get(peer) ?? NOTHING };
        }),
      ),
  };
}

const TYPES = BROADCAST_TYPES.map((type) => `'${type}'`).join(', ');

/** Own events under null, foreign ones under their frame. A long log must not be read for it. */
async function readCounts(
  pool: Pool,
  peers: readonly string[],
): Promise<Map<string | null, EventCount>> {
  const counts = new Map<string | null, EventCount>();
  counts.set(null, await readCount(pool, OWN, []));
  for (const peer of peers) counts.set(peer, await readCount(pool, FOREIGN, [peer]));
  return counts;
}

// The newest is looked for among the last: events arrive almost in the order of their commits.
const newestOf = (events: string) =>
  `(SELECT max(committed_at) FROM (
      SELECT committed_at FROM ${events} ORDER BY sequence DESC LIMIT 1000) AS last) AS newest`;

const OWN = `
  SELECT (SELECT coalesce(sum(events), 0) FROM event_counts
      WHERE NOT is_foreign AND event_type IN (${TYPES})) AS events,
    ${newestOf(`events WHERE event_type IN (${TYPES})`)}`;

const FOREIGN = `
  SELECT (SELECT count(*) FROM foreign_events WHERE foreign_from = $1) AS events,
    ${newestOf('foreign_events WHERE foreign_from = $1')}`;

async function readCount(pool: Pool, text: string, values: readonly string[]): Promise<EventCount> {
  const { rows } = await pool.query<{ events: string; newest: Date | null }>(text, [...values]);
  return { events: Number(rows[0]?.events ?? 0), newestMs: rows[0]?.newest?.getTime() ?? null };
}

// Both halves run along the partial index of what is to be broadcast.
const READ_PENDING = {
  name: 'read pending broadcast',
  text: `WITH cursor AS (
      SELECT coalesce((SELECT sequence FROM broadcast_cursors WHERE peer_frame = $1), 0) AS sequence
    )
    SELECT
      (SELECT count(*) FROM events, cursor
       WHERE event_type IN (${TYPES}) AND events.sequence > cursor.sequence) AS events,
      (SELECT committed_at FROM events, cursor
       WHERE event_type IN (${TYPES}) AND events.sequence <= cursor.sequence
       ORDER BY events.sequence DESC LIMIT 1) AS sent_newest`,
};

async function readPending(pool: Pool, peer: string) {
  const { rows } = await pool.query<{ events: string; sent_newest: Date | null }>({
    ...READ_PENDING,
    values: [peer],
  });
  const [row] = rows;
  return { events: Number(row?.events ?? 0), sentNewestMs: row?.sent_newest?.getTime() ?? null };
}
