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
  const counts = await readCounts(pool);
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

/** Own events under null, foreign ones under their frame. */
async function readCounts(pool: Pool): Promise<Map<string | null, EventCount>> {
  const { rows } = await pool.query<CountRow>(
    `SELECT foreign_from, count(*) AS events, max(committed_at) AS newest FROM log
     WHERE is_foreign OR event_type IN (${TYPES}) GROUP BY foreign_from`,
  );
  return new Map(
    rows.map((row) => [
      row.foreign_from,
      { events: Number(row.events), newestMs: row.newest.getTime() },
    ]),
  );
}

interface CountRow {
  readonly foreign_from: string | null;
  readonly events: string;
  readonly newest: Date;
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
