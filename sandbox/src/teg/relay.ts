// The relay: publishes the outbox in order, right after each commit, at least once. The faults
// that act before the store act here.
import type pg from 'pg';
import type { EventPipe, PipeRecord } from '../pipe/event-pipe.js';
import { sleep } from '../service/back-off.js';
import type { Clock } from '../service/clock.js';
import type { FaultEngine, FaultScope } from '../service/faults.js';
import type { Logger } from '../service/logger.js';
import { inTransaction } from '../service/postgres.js';
import { startLoop } from './loop.js';
import type { TegMetrics } from './metrics.js';
import { decide, type RelayDecision } from './relay-faults.js';
import { recordStrikes } from './strikes.js';

export interface Relay {
  /** Events were committed: publish them now. */
  kick(): void;
  close(): Promise<void>;
}

export interface RelayDeps {
  readonly frame: string;
  readonly pool: pg.Pool;
  readonly pipe: EventPipe;
  readonly clock: Clock;
  readonly faults: FaultEngine;
  readonly metrics: TegMetrics;
  readonly logger: Logger;
}

/** How long an event can wait when a kick was lost, as it is in a crash. */
const POLL_MS = 1_000;
const BATCH = 500;

export function startRelay(deps: RelayDeps): Relay {
  const state: RelayState = { drawn: new Map(), mayHold: true };
  const closing = new AbortController();
  const wakeIn = (delayMs: number) => void sleep(delayMs, closing.signal).then(() => loop.kick());
  const loop = startLoop({
    name: 'relay',
    intervalMs: POLL_MS,
    logger: deps.logger,
    work: async (signal) => {
      let isMore = true;
      while (isMore && !signal.aborted) {
        if (state.mayHold) await publishHeld(deps, state, signal);
        isMore = await publishBatch(deps, state, signal, wakeIn);
      }
    },
  });
  return {
    kick: loop.kick,
    close: async () => {
      closing.abort();
      await loop.close();
    },
  };
}

interface RelayState {
  /** Decisions that are drawn but not yet committed: at most one batch of them. */
  readonly drawn: Map<number, RelayDecision>;
  /** Whether a fault may hold events back: what a former process held is not known at first. */
  mayHold: boolean;
}

/** Publishes the next events after the cursor and moves it. Answers whether to look again. */
async function publishBatch(
  deps: RelayDeps,
  state: RelayState,
  signal: AbortSignal,
  wakeIn: (delayMs: number) => void,
): Promise<boolean> {
  const { drawn } = state;
  const events = await nextEvents(deps.pool);
  const last = events.at(-1);
  if (last === undefined) return false;
  const decisions = events.map((event) => {
    const decision = drawn.get(event.position) ?? decide(deps.faults, event);
    drawn.set(event.position, decision);
    return { event, decision };
  });
  const records = decisions.flatMap(({ event, decision }) =>
    Array.from({ length: decision.copies }, () => recordOf(event)),
  );
  if (records.length > 0) await deps.pipe.publish(deps.frame, records, { signal });
  const holds = [...drawn.values()].flatMap(({ hold }) => hold ?? []);
  if (holds.length > 0) state.mayHold = true;
  await moveCursor(deps, last.position, [...drawn.values()]);
  for (const { delayMs } of holds) wakeIn(delayMs);
  drawn.clear();
  deps.metrics.publishedPosition(last.position);
  // What is held may wait for the cursor; what came meanwhile has kicked.
  return events.length === BATCH || state.mayHold;
}

/** Publishes events that a fault has held back and whose time has come. */
async function publishHeld(deps: RelayDeps, state: RelayState, signal: AbortSignal): Promise<void> {
  const { rows } = await deps.pool.query<EventRow>(
    `SELECT outbox.position, transfer_id, envelope::text, fault_scope
     FROM relay_held JOIN outbox USING (position), relay_cursor AS cursor
     WHERE due_at <= $1 OR after_position <= cursor.position ORDER BY outbox.position LIMIT $2`,
    [new Date(deps.clock.nowMs()), BATCH],
  );
  if (rows.length === 0) {
    state.mayHold = (await deps.pool.query('SELECT FROM relay_held LIMIT 1')).rowCount === 1;
    return;
  }
  const events = rows.map(eventOf);
  await deps.pipe.publish(deps.frame, events.map(recordOf), { signal });
  await deps.pool.query('DELETE FROM relay_held WHERE position = ANY($1)', [
    events.map((event) => event.position),
  ]);
}

async function nextEvents(pool: pg.Pool): Promise<readonly OutboxEvent[]> {
  const { rows } = await pool.query<EventRow>({
    name: 'next outbox events',
    text: NEXT_EVENTS,
    values: [BATCH],
  });
  return rows.map(eventOf);
}

// The cursor as a value of its own, not as a joined table: so the index begins at it, where a join
// would read the outbox from its first row each time.
const NEXT_EVENTS = `
SELECT position, transfer_id, envelope::text, fault_scope FROM outbox
WHERE position > (SELECT cursor.position FROM relay_cursor AS cursor)
ORDER BY position LIMIT $1`;

async function moveCursor(
  deps: RelayDeps,
  position: number,
  decisions: readonly RelayDecision[],
): Promise<void> {
  const move = { ...MOVE_CURSOR, values: [position] };
  if (decisions.every(({ hold, strikes }) => hold === undefined && strikes.length === 0)) {
    await deps.pool.query(move);
    return;
  }
  const nowMs = deps.clock.nowMs();
  await inTransaction(deps.pool, async (client) => {
    await client.query(move);
    for (const { hold } of decisions) {
      if (hold === undefined) continue;
      await client.query(
        `INSERT INTO relay_held (position, due_at, after_position) VALUES ($1, $2, $3)
         ON CONFLICT (position) DO NOTHING`,
        [hold.position, new Date(nowMs + hold.delayMs), hold.afterPosition],
      );
    }
    const strikes = decisions.flatMap((decision) => decision.strikes);
    await recordStrikes(client, strikes, new Date(nowMs));
  });
}

const MOVE_CURSOR = {
  name: 'move relay cursor',
  text: 'UPDATE relay_cursor SET position = $1 WHERE position < $1',
};

interface EventRow {
  readonly position: string;
  readonly transfer_id: string | null;
  readonly envelope: string;
  readonly fault_scope: FaultScope;
}

export interface OutboxEvent {
  readonly position: number;
  readonly transferId: string | null;
  /** The envelope exactly as it was written. */
  readonly envelope: string;
  readonly scope: FaultScope;
}

function eventOf(row: EventRow): OutboxEvent {
  const { envelope, transfer_id: transferId, fault_scope: scope } = row;
  return { position: Number(row.position), transferId, envelope, scope };
}

function recordOf(event: OutboxEvent): PipeRecord {
  return { key: event.transferId ?? '', value: event.envelope };
}
