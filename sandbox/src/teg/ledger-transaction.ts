// One transaction of the ledger: the changes, their events and the faults that struck commit
// together or not at all. The order of locks is: transfer, accounts, outbox head.
import type pg from 'pg';
import type { Clock } from '../service/clock.js';
import type { FaultEngine } from '../service/faults.js';
import { inTransaction, type SendAlong } from '../service/postgres.js';
import type { Topology } from '../topology.js';
import { spoilEvents } from './event-faults.js';
import type { EventDraft } from './events.js';
import type { OutboxEvent, OutboxWriter } from './outbox.js';
import { recordStrikes, type Strike } from './strikes.js';

export interface LedgerTransaction {
  readonly client: pg.ClientBase;
  /** The TEG's own time when the transaction began. */
  readonly at: Date;
  /**
   * Takes a statement that was sent and need not be awaited: if it fails, the transaction does. It
   * saves a round trip while rows are locked.
   */
  readonly send: SendAlong;
  emit(events: readonly EventDraft[]): void;
  strike(strike: Strike): void;
}

export interface Ledger {
  /** Runs the work in one transaction; what it throws rolls everything back. */
  transact<T>(work: (transaction: LedgerTransaction) => Promise<T>): Promise<Committed<T>>;
}

export interface Committed<T> {
  readonly result: T;
  /** The position of the last event, or null when the transaction wrote none. */
  readonly position: number | null;
}

export interface LedgerDeps {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly topology: Topology;
  readonly faults: FaultEngine;
  readonly outbox: OutboxWriter;
  /** Called right after a commit that wrote events. */
  readonly onEvents: (events: readonly OutboxEvent[]) => void;
}

export function createLedger(deps: LedgerDeps): Ledger {
  return {
    transact: async (work) => {
      const { result, events } = await inTransaction(deps.pool, (client, send) =>
        run(deps, { client, send }, work),
      );
      if (events.length > 0) deps.onEvents(events);
      return { result, position: events.at(-1)?.position ?? null };
    },
  };
}

async function run<T>(
  deps: LedgerDeps,
  { client, send }: Pick<LedgerTransaction, 'send'> & { readonly client: pg.ClientBase },
  work: (transaction: LedgerTransaction) => Promise<T>,
): Promise<{ readonly result: T; readonly events: readonly OutboxEvent[] }> {
  const at = new Date(deps.clock.nowMs());
  const drafts: EventDraft[] = [];
  const strikes: Strike[] = [];
  const result = await work({
    client,
    at,
    send,
    emit: (events) => drafts.push(...events),
    strike: (strike) => strikes.push(strike),
  });
  const spoiled = spoilEvents(drafts, deps.faults, deps.topology);
  await recordStrikes(client, [...strikes, ...spoiled.strikes], at);
  return { result, events: await deps.outbox.append(client, spoiled.events, send) };
}
