// Appends to the log: events, their projections and the new head in one statement.
import type { Pool } from 'pg';
import { timeText } from '../service/clock.js';
import type { LogHead, StoredEvent } from './stored-event.js';
import { addTotals, NO_CHANGE, supplyChange } from './supply-fold.js';

export interface Appended {
  /** Agents that no earlier event named. */
  readonly newAgents: number;
}

export interface LogWriter {
  /**
   * Appends events that were chained after `head`. `undefined` when the log has another head by
   * now (a second writer): then nothing was written. Throws what PostgreSQL throws.
   */
  append(head: LogHead, events: readonly StoredEvent[]): Promise<Appended | undefined>;
}

export function createLogWriter(pool: Pool): LogWriter {
  return {
    append: async (head, events) => {
      const last = events.at(-1);
      if (last === undefined) throw new Error('append needs at least one event');
      const { rows } = await pool.query<{ moved: number; new_agents: number }>({
        name: 'append',
        text: APPEND,
        values: [
          ...[last.sequence, last.hash, head.sequence, head.hash],
          ...logColumns(events),
          ...countColumns(events),
          agentsOf(events),
          ...supplyColumns(events),
        ],
      });
      const [row] = rows;
      return row?.moved === 1 ? { newAgents: row.new_agents } : undefined;
    },
  };
}

// Everything hangs on `moved`: the head moves from what the writer saw, or nothing happens.
const APPEND = `
WITH moved AS (
  UPDATE log_head SET sequence = $1, hash = $2 WHERE sequence = $3 AND hash = $4
  RETURNING sequence
), stored AS (
  INSERT INTO log (sequence, is_foreign, producer, position, event_type, transfer_id, memo,
    canonical, committed_at, stored_at, foreign_from, prev_hash, hash)
  SELECT e.* FROM moved, unnest($5::bigint[], $6::boolean[], $7::text[], $8::bigint[], $9::text[],
    $10::text[], $11::text[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::text[],
    $16::text[], $17::text[]) AS e
), counted AS (
  INSERT INTO event_counts (event_type, is_foreign, events)
  SELECT c.* FROM moved, unnest($18::text[], $19::boolean[], $20::bigint[]) AS c
  ON CONFLICT (event_type, is_foreign) DO UPDATE SET events = event_counts.events + excluded.events
), seen AS (
  INSERT INTO agents_seen (agent_id) SELECT a.* FROM moved, unnest($21::text[]) AS a
  ON CONFLICT DO NOTHING RETURNING agent_id
), folded AS (
  UPDATE supply_projection SET
    sequence = $22, producer = $23, position = greatest(position, $24::bigint), as_of = $25,
    tokens_issued = tokens_issued + $26, tokens_destroyed = tokens_destroyed + $27,
    transit_net = transit_net + $28, tokens_circulating = tokens_circulating + $29
  FROM moved WHERE $22::bigint IS NOT NULL
)
SELECT (SELECT count(*) FROM moved)::int AS moved, (SELECT count(*) FROM seen)::int AS new_agents`;

function logColumns(events: readonly StoredEvent[]): readonly unknown[] {
  const column = (value: (event: StoredEvent) => unknown) => events.map(value);
  return [
    column((event) => event.sequence),
    column((event) => event.foreignFrom !== null),
    column(({ envelope }) => envelope.producer),
    column(({ envelope }) => envelope.position),
    column(({ envelope }) => envelope.event_type),
    column(({ envelope }) => envelope.transfer_id),
    column(({ envelope }) => envelope.data.memo ?? null),
    column((event) => event.canonical),
    column(({ envelope }) => envelope.committed_at),
    column((event) => timeText(event.storedAtMs)),
    column((event) => event.foreignFrom),
    column((event) => event.previousHash),
    column((event) => event.hash),
  ];
}

function countColumns(events: readonly StoredEvent[]): readonly unknown[] {
  const counts = new Map<string, { type: string; foreign: boolean; events: number }>();
  for (const { envelope, foreignFrom } of events) {
    const foreign = foreignFrom !== null;
    const key = `${foreign} ${envelope.event_type}`;
    const events = (counts.get(key)?.events ?? 0) + 1;
    counts.set(key, { type: envelope.event_type, foreign, events });
  }
  const rows = [...counts.values()];
  return [
    rows.map((row) => row.type),
    rows.map((row) => row.foreign),
    rows.map((row) => row.events),
  ];
}

/** Agents are the accounts with a registry before a colon: `A1:user-01`, not a treasury. */
function agentsOf(events: readonly StoredEvent[]): readonly string[] {
  const accounts = events.flatMap(({ envelope: { data } }) => [
    ...[data.sender, data.receiver],
    ...[data.payer, data.account],
  ]);
  const isAgent = (account: unknown) => typeof account === 'string' && account.includes(':');
  return [...new Set(accounts.filter(isAgent).map(String))];
}

function supplyColumns(events: readonly StoredEvent[]): readonly unknown[] {
  const own = events.filter((event) => event.foreignFrom === null);
  const last = own.at(-1);
  const change = own.map(({ envelope }) => supplyChange(envelope)).reduce(addTotals, NO_CHANGE);
  return [
    last?.sequence ?? null,
    last?.envelope.producer ?? null,
    Math.max(0, ...own.map(({ envelope }) => envelope.position)),
    last?.envelope.committed_at ?? null,
    change.issued,
    change.destroyed,
    change.transitNet,
    change.circulating,
  ];
}
