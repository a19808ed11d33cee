// Reads the log: polls that prove completeness, lookups, and the projection.
import type { Pool } from 'pg';
import type { LogHead, LogRow } from './stored-event.js';
import type { SupplyTotals } from './supply-fold.js';

export interface Page {
  readonly rows: readonly LogRow[];
  /** Every event of the asked types with `after < sequence <= through` is in `rows`. */
  readonly through: number;
  readonly head: number;
}

export interface SupplyProjection extends SupplyTotals {
  readonly sequence: number;
  readonly producer: string | null;
  readonly position: number;
  /** When the newest folded event was committed, epoch milliseconds. */
  readonly asOfMs: number | null;
}

export interface PollQuery {
  readonly after: number;
  readonly limit: number;
  /** Without it: all types. */
  readonly types?: readonly string[] | undefined;
}

export interface LogReader {
  poll(query: PollQuery): Promise<Page>;
  /** At most 100 events, oldest first. */
  lookUp(by: 'memo' | 'transfer_id', value: string): Promise<Omit<Page, 'through'>>;
  head(): Promise<LogHead>;
  supply(): Promise<SupplyProjection>;
  /** What the log holds, for metrics at start. */
  counts(): Promise<LogCounts>;
}

export interface LogCounts {
  readonly head: LogHead;
  readonly byType: readonly { type: string; foreign: boolean; events: number }[];
  readonly agents: number;
  readonly newest: { readonly storedAtMs: number; readonly committedAtMs: number } | undefined;
}

/** A poll for rare types looks through this many sequences at most, then says how far it came. */
export const POLL_WINDOW = 50_000;

const LOOKUP_LIMIT = 100;

export function createLogReader(pool: Pool): LogReader {
  return {
    poll: async ({ after, types, limit }) => {
      const values = [after, types ?? null, limit, POLL_WINDOW];
      const { rows } = await pool.query<PageRow>({ name: 'poll', text: POLL, values });
      const head = Number(rows[0]?.head ?? 0);
      const found = rowsOf(rows);
      const last = found.length === limit ? found.at(-1) : undefined;
      return { rows: found, through: last?.sequence ?? Math.min(after + POLL_WINDOW, head), head };
    },
    lookUp: async (by, value) => {
      const query = { name: `look up ${by}`, text: LOOK_UP[by], values: [value, LOOKUP_LIMIT] };
      const { rows } = await pool.query<PageRow>(query);
      return { rows: rowsOf(rows), head: Number(rows[0]?.head ?? 0) };
    },
    head: () => readHead(pool),
    supply: () => readSupply(pool),
    counts: () => readCounts(pool),
  };
}

const COLUMNS = 'l.sequence, l.canonical, l.stored_at, l.foreign_from, l.prev_hash, l.hash';

// One statement, one snapshot: the head and the events below it belong together.
const POLL = `
SELECT head.sequence AS head, ${COLUMNS} FROM log_head AS head LEFT JOIN LATERAL (
  SELECT * FROM log WHERE sequence > $1 AND sequence <= least(head.sequence, $1 + $4::bigint)
    AND ($2::text[] IS NULL OR event_type = ANY($2))
  ORDER BY sequence LIMIT $3
) AS l ON true WHERE head.single ORDER BY l.sequence`;

const lookUpBy = (column: string) => `
SELECT head.sequence AS head, ${COLUMNS} FROM log_head AS head LEFT JOIN LATERAL (
  SELECT * FROM log WHERE ${column} = $1 ORDER BY sequence LIMIT $2
) AS l ON true WHERE head.single ORDER BY l.sequence`;

const LOOK_UP = { memo: lookUpBy('memo'), transfer_id: lookUpBy('transfer_id') } as const;

/** The joined columns are null when there is no event. */
type PageRow = { readonly head: string } & (EventColumns | { readonly sequence: null });

interface EventColumns {
  readonly sequence: string;
  readonly canonical: string;
  readonly stored_at: Date;
  readonly foreign_from: string | null;
  readonly prev_hash: string;
  readonly hash: string;
}

function rowsOf(rows: readonly PageRow[]): readonly LogRow[] {
  return rows.flatMap((row) => {
    if (row.sequence === null) return [];
    return {
      sequence: Number(row.sequence),
      canonical: row.canonical,
      storedAtMs: row.stored_at.getTime(),
      foreignFrom: row.foreign_from,
      previousHash: row.prev_hash,
      hash: row.hash,
    };
  });
}

/** The end of the log. */
export async function readHead(pool: Pool): Promise<LogHead> {
  const { rows } = await pool.query<{ sequence: string; hash: string }>(
    'SELECT sequence, hash FROM log_head',
  );
  const [head] = rows;
  if (head === undefined) throw new Error('log_head has no row');
  return { sequence: Number(head.sequence), hash: head.hash };
}

interface SupplyColumns {
  readonly sequence: string;
  readonly producer: string | null;
  readonly position: string;
  readonly as_of: Date | null;
  readonly tokens_issued: string;
  readonly tokens_destroyed: string;
  readonly transit_net: string;
  readonly tokens_circulating: string;
}

async function readSupply(pool: Pool): Promise<SupplyProjection> {
  const { rows } = await pool.query<SupplyColumns>('SELECT * FROM supply_projection');
  const [row] = rows;
  if (row === undefined) throw new Error('supply_projection has no row');
  return {
    sequence: Number(row.sequence),
    producer: row.producer,
    position: Number(row.position),
    asOfMs: row.as_of?.getTime() ?? null,
    issued: BigInt(row.tokens_issued),
    destroyed: BigInt(row.tokens_destroyed),
    transitNet: BigInt(row.transit_net),
    circulating: BigInt(row.tokens_circulating),
  };
}

async function readCounts(pool: Pool): Promise<LogCounts> {
  const byType = await pool.query<{ event_type: string; is_foreign: boolean; events: string }>(
    'SELECT event_type, is_foreign, events FROM event_counts',
  );
  const agents = await pool.query<{ agents: string }>('SELECT count(*) AS agents FROM agents_seen');
  const newest = await pool.query<{ stored_at: Date; committed_at: Date }>(
    'SELECT stored_at, committed_at FROM log ORDER BY sequence DESC LIMIT 1',
  );
  const [last] = newest.rows;
  return {
    head: await readHead(pool),
    byType: byType.rows.map((row) => ({
      type: row.event_type,
      foreign: row.is_foreign,
      events: Number(row.events),
    })),
    agents: Number(agents.rows[0]?.agents ?? 0),
    newest: last && {
      storedAtMs: last.stored_at.getTime(),
      committedAtMs: last.committed_at.getTime(),
    },
  };
}
