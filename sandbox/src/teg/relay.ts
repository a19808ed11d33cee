// The relay: publishes the outbox in order, right after each commit, at least once. The faults
// that act before the store act here.
import type pg from 'pg';
import type { EventPipe, PipeRecord } from '../pipe/event-pipe.js';
import { sleep } from '../service/back-off.js';
import type { Clock } from '../service/clock.js';
import type { FaultEngine, FaultScope } from '../service/faults.js';
import type { Logger } from '../service/logger.js';
import { inTransaction } from '../service/postgres.js';
import { createFreshEvents, type FreshEvents } from './fresh-events.js';
import { startLoop } from './loop.js';
import type { TegMetrics } from './metrics.js';
import type { OutboxEvent } from './outbox.js';
import { decide, type RelayDecision } from './relay-faults.js';
import { recordStrikes } from './strikes.js';

export interface Relay {
  /** These were committed: publish them now. */
  publish(events: readonly OutboxEvent[]): void;
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

/** How long an event can wait that nobody told of, as after a crash. */
const POLL_MS = 1_000;
const BATCH = 500;
/** How old the stored cursor may be: a crash publishes what came since once more. */
const SAVE_MS = 250;

export function startRelay(deps: RelayDeps): Relay {
  const state: RelayState = {
    ...{ position: undefined, saved: 0, mayHold: true },
    ...{ fresh: createFreshEvents(), drawn: new Map() },
  };
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
  const saving = startLoop({
    name: 'relay cursor',
    intervalMs: SAVE_MS,
    logger: deps.logger,
    work: () => saveCursor(deps.pool, state),
  });
  return {
    publish: (events) => {
      state.fresh.add(events);
      loop.kick();
    },
    close: async () => {
      closing.abort();
      await Promise.all([loop.close(), saving.close()]);
      await saveCursor(deps.pool, state).catch((error: unknown) =>
        deps.logger.warn({ err: error }, 'the cursor is not saved: some is published again'),
      );
    },
  };
}

interface RelayState {
  /** The last position that is published or held; undefined until it was read. */
  position: number | undefined;
  /** The position that is stored. */
  saved: number;
  readonly fresh: FreshEvents;
  /** Decisions that are drawn but not yet committed: at most one batch of them. */
  readonly drawn: Map<number, RelayDecision>;
  /** Whether a fault may hold events back: what a former process held is not known at first. */
  mayHold: boolean;
}

/** Publishes the next events after the position and moves it. Answers whether to look again. */
async function publishBatch(
  deps: RelayDeps,
  state: RelayState,
  signal: AbortSignal,
  wakeIn: (delayMs: number) => void,
): Promise<boolean> {
  const { drawn } = state;
  state.position ??= await readCursor(deps.pool, state);
  const fresh = state.fresh.after(state.position, BATCH);
  const events = fresh.length > 0 ? fresh : await nextEvents(deps.pool, state.position);
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
  await noteDecisions(deps, state, last.position, [...drawn.values()]);
  state.position = last.position;
  for (const { delayMs } of holds) wakeIn(delayMs);
  drawn.clear();
  deps.metrics.publishedPosition(last.position);
  // What is held may wait for the cursor; what came meanwhile has kicked.
  return events.length === BATCH || state.mayHold;
}

/** Publishes events that a fault has held back and whose time has come. */
async function publishHeld(deps: RelayDeps, state: RelayState, signal: AbortSignal): Promise<void> {
  const { rows } = await deps.pool.query<EventRow>(
    `SELECT outbox.position, event_type, transfer_id, envelope::text, fault_scope
     FROM relay_held JOIN outbox USING (position)
     WHERE due_at <= $1 OR after_position <= $3 ORDER BY outbox.position LIMIT $2`,
    [new Date(deps.clock.nowMs()), BATCH, state.position ?? 0],
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

async function nextEvents(pool: pg.Pool, after: number): Promise<readonly OutboxEvent[]> {
  const { rows } = await pool.query<EventRow>({
    name: 'next outbox events',
    text: NEXT_EVENTS,
    values: [after, BATCH],
  });
  return rows.map(eventOf);
}

const NEXT_EVENTS = `
SELECT position, event_type, transfer_id, envelope::text, fault_scope FROM outbox
WHERE position > $1 ORDER BY position LIMIT $2`;

async function readCursor(pool: pg.Pool, state: RelayState): Promise<number> {
  const { rows } = await pool.query<{ position: string }>('SELECT position FROM relay_cursor');
  state.saved = Number(rows[0]?.position ?? 0);
  return state.saved;
}

async function saveCursor(pool: pg.Pool, state: RelayState): Promise<void> {
  const { position, saved } = state;
  if (position === undefined || position === saved) return;
  await pool.query({ ...MOVE_CURSOR, values: [position] });
  state.saved = position;
}

/** Stores what faults decided together with the cursor, so that no decision is drawn twice. */
async function noteDecisions(
  deps: RelayDeps,
  state: RelayState,
  position: number,
  decisions: readonly RelayDecision[],
): Promise<void> {
  const move = { ...MOVE_CURSOR, values: [position] };
  if (decisions.every(({ hold, strikes }) => hold === undefined && strikes.length === 0)) return;
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
  state.saved = position;
}

const MOVE_CURSOR = {
  name: 'move relay cursor',
  text: 'UPDATE relay_cursor SET position = $1 WHERE position < $1',
};

interface EventRow {
  readonly position: string;
  readonly event_type: string;
  readonly transfer_id: string | null;
  readonly envelope: string;
  readonly fault_scope: FaultScope;
}

function eventOf(row: EventRow): OutboxEvent {
  const { event_type: eventType, envelope, transfer_id: transferId, fault_scope: scope } = row;
  return { position: Number(row.position), eventType, transferId, envelope, scope };
}

function recordOf(event: OutboxEvent): PipeRecord {
  return { key: event.transferId ?? '', value: event.envelope };
}
