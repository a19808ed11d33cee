// The one door into the log: batches of the pipe become stored events, each once, in order.
import type { Pool } from 'pg';
import type { PipeRecord } from '../pipe/event-pipe.js';
import type { Clock } from '../service/clock.js';
import type { FaultEngine } from '../service/faults.js';
import { unavailable } from '../service/http-error.js';
import type { Logger } from '../service/logger.js';
import { faultScopeOf, type IncomingEvent, readRecord } from './incoming-event.js';
import { type Conflict, createKnownEvents, type KnownEvents } from './known-events.js';
import { readHead } from './log-reader.js';
import { createLogWriter } from './log-writer.js';
import { createLossMemory } from './loss-memory.js';
import { keepConflicts, keepRejected, type Rejected } from './set-aside.js';
import { chainAfter, type LogHead, type StoredEvent } from './stored-event.js';

/** What became of the records of a batch. */
export interface Outcome {
  readonly stored: readonly StoredEvent[];
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
  readonly lost: number;
  readonly newAgents: number;
}

export interface IngestDeps {
  readonly pool: Pool;
  readonly frameId: string;
  readonly peerFrames: readonly string[];
  readonly faults: FaultEngine;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called after the commit, in the order of the log. */
  readonly onOutcome: (outcome: Outcome, records: number) => void;
}

export interface Ingest {
  /** Resolves when the records are stored or set aside. Rejects when PostgreSQL is away. */
  take(records: readonly PipeRecord[]): Promise<void>;
}

/** Longer batches are stored in pieces of this size. */
const MAX_APPEND = 1_000;

/** Calls that may wait for the one before; more are refused. */
const MAX_WAITING = 64;

/** A second writer can win this often before the batch is given back to the pipe. */
const MAX_LOST_RACES = 10;

export function createIngest(deps: IngestDeps): Ingest {
  const store = createStore(deps);
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;

  async function takeAll(records: readonly PipeRecord[]): Promise<void> {
    for (let start = 0; start < records.length; start += MAX_APPEND) {
      const piece = records.slice(start, start + MAX_APPEND);
      deps.onOutcome(await store(piece), piece.length);
    }
  }

  return {
    take: (records) => {
      if (waiting >= MAX_WAITING) return Promise.reject(unavailable('too many batches wait'));
      waiting += 1;
      const mine = last
        .then(() => takeAll(records))
        .finally(() => {
          waiting -= 1;
        });
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

function createStore(deps: IngestDeps): (records: readonly PipeRecord[]) => Promise<Outcome> {
  const writer = createLogWriter(deps.pool);
  const isLost = createLossMemory((event: IncomingEvent) => {
    const scope = faultScopeOf(deps.frameId, event.envelope);
    return deps.faults.hit('lose_event', scope) !== undefined;
  });
  const known = createKnownEvents(deps.pool);
  let knownHead: LogHead | undefined;

  /** Sorts out and appends against the head as it is known; again when it has moved. */
  async function append(events: readonly IncomingEvent[]) {
    for (let race = 0; race < MAX_LOST_RACES; race += 1) {
      const head = knownHead ?? (await readHead(deps.pool));
      const sorted = await known.sortOut(events);
      if (sorted.fresh.length === 0) return { ...sorted, stored: [], newAgents: 0 };
      const stored = chainAfter(head, sorted.fresh, deps.clock.nowMs());
      knownHead = undefined;
      const appended = await forgetUnless(known, () => writer.append(head, stored));
      if (appended === undefined) continue;
      knownHead = stored.at(-1);
      known.stored(sorted.fresh);
      return { ...sorted, stored, newAgents: appended.newAgents };
    }
    throw unavailable(`another writer won ${MAX_LOST_RACES} races for the log`);
  }

  return async (records) => {
    const { events, rejected } = readAll(records, deps);
    const arrived = events.filter((event) => !isLost(event));
    const lost = events.length - arrived.length;
    await keepRejected(deps.pool, rejected, deps.clock.nowMs());
    const { stored, duplicates, conflicts, newAgents } = await append(arrived);
    await keepConflicts(deps.pool, placed(conflicts, stored), deps.clock.nowMs());
    report(deps.logger, rejected, conflicts);
    return {
      ...{ stored, duplicates, lost, newAgents },
      ...{ conflicts: conflicts.length, rejected: rejected.length },
    };
  };
}

/** A lost race was won by another writer, and a failed append may have been stored all the same. */
async function forgetUnless<T>(known: KnownEvents, append: () => Promise<T>): Promise<T> {
  let appended: T | undefined;
  try {
    appended = await append();
    return appended;
  } finally {
    if (appended === undefined) known.forget();
  }
}

function readAll(records: readonly PipeRecord[], deps: IngestDeps) {
  const events: IncomingEvent[] = [];
  const rejected: Rejected[] = [];
  for (const record of records) {
    const read = readRecord(record, deps.peerFrames);
    if (read.ok) events.push(read.event);
    else rejected.push({ record, reason: read.reason });
  }
  return { events, rejected };
}

/** A conflict within one batch learns its sequence only when the first content is stored. */
function placed(conflicts: readonly Conflict[], stored: readonly StoredEvent[]) {
  return conflicts.flatMap((conflict) => {
    const { producer, position } = conflict.event.envelope;
    const kept = stored.find(
      ({ envelope }) => envelope.producer === producer && envelope.position === position,
    );
    const keptSequence = conflict.keptSequence ?? kept?.sequence;
    return keptSequence === undefined ? [] : { event: conflict.event, keptSequence };
  });
}

function report(logger: Logger, rejected: readonly Rejected[], conflicts: readonly Conflict[]) {
  for (const { reason } of rejected) logger.warn({ reason }, 'a record was rejected');
  for (const { event } of conflicts) {
    const { producer, position } = event.envelope;
    logger.error({ producer, position }, 'another content under a known position: first kept');
  }
}
