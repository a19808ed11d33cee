// The nine eventstore_* metric families, spelled as the platform's dashboards spell them.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { EVENT_TYPES } from '../names.js';
import type { Clock } from '../service/clock.js';
import { isKnownEventType } from './envelope.js';
import type { Outcome } from './ingest.js';
import type { LogCounts } from './log-reader.js';
import type { StoredEvent } from './stored-event.js';

export const EVENT_STORE_VERSION = '1.0.0';

export interface EventStoreMetrics {
  /** What the log holds already; counters go on from there over restarts. */
  startFrom(counts: LogCounts): void;
  observe(outcome: Outcome, records: number): void;
}

const ORIGINS = ['own', 'foreign'] as const;
const OUTCOMES = ['stored', 'duplicate', 'conflict', 'rejected', 'lost'] as const;

/** Types that the contract does not name share one label value, so the label set is closed. */
const OTHER_TYPE = 'other';

export function createEventStoreMetrics(deps: {
  readonly registry: Registry;
  readonly frame: string;
  readonly pipe: string;
  readonly clock: Clock;
}): EventStoreMetrics {
  const families = createFamilies(deps.registry);
  const newest = { storedAtMs: deps.clock.nowMs(), committedAtMs: deps.clock.nowMs() };
  addAges(deps.registry, deps.clock, newest);
  families.info.set({ version: EVENT_STORE_VERSION, frame: deps.frame, pipe: deps.pipe }, 1);
  showFromTheStart(families);

  function count(type: string, origin: (typeof ORIGINS)[number], events: number): void {
    families.events.inc({ origin }, events);
    families.byType.inc({ event_type: isKnownEventType(type) ? type : OTHER_TYPE, origin }, events);
  }

  function remember({ storedAtMs, envelope }: StoredEvent): void {
    newest.storedAtMs = storedAtMs;
    newest.committedAtMs = Date.parse(envelope.committed_at);
  }

  return {
    startFrom: (counts) => {
      for (const { type, foreign, events } of counts.byType) {
        count(type, foreign ? 'foreign' : 'own', events);
      }
      families.agents.inc(counts.agents);
      if (counts.newest) Object.assign(newest, counts.newest);
    },
    observe: (outcome, records) => {
      families.batches.inc();
      families.batchSize.observe(records);
      families.ingested.inc({ outcome: 'stored' }, outcome.stored.length);
      families.ingested.inc({ outcome: 'duplicate' }, outcome.duplicates);
      families.ingested.inc({ outcome: 'conflict' }, outcome.conflicts);
      families.ingested.inc({ outcome: 'rejected' }, outcome.rejected);
      families.ingested.inc({ outcome: 'lost' }, outcome.lost);
      families.agents.inc(outcome.newAgents);
      for (const { envelope, foreignFrom } of outcome.stored) {
        count(envelope.event_type, foreignFrom === null ? 'own' : 'foreign', 1);
      }
      const last = outcome.stored.at(-1);
      if (last) remember(last);
    },
  };
}

type Families = ReturnType<typeof createFamilies>;

function createFamilies(registry: Registry) {
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name, help, labelNames, registers });
  return {
    events: counter('eventstore_events_total', 'Events in the log', ['origin']),
    byType: counter('eventstore_events_by_type', 'Events in the log by type', [
      'event_type',
      'origin',
    ]),
    agents: gauge('eventstore_unique_agents', 'Agents that events of the log name', []),
    ingested: counter('eventstore_events_ingested_total', 'Records taken from the pipe', [
      'outcome',
    ]),
    batches: counter('eventstore_kafka_consumer_batches_total', 'Batches taken from the pipe', []),
    batchSize: new Histogram({
      name: 'eventstore_kafka_batch_size',
      help: 'Records in a batch of the pipe',
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
      registers,
    }),
    info: gauge('eventstore_info', 'Which EventStore this is', ['version', 'frame', 'pipe']),
  };
}

/** Every series exists before its first event. */
function showFromTheStart(families: Families): void {
  for (const origin of ORIGINS) {
    families.events.inc({ origin }, 0);
    for (const event_type of [...EVENT_TYPES, OTHER_TYPE]) {
      families.byType.inc({ event_type, origin }, 0);
    }
  }
  for (const outcome of OUTCOMES) families.ingested.inc({ outcome }, 0);
}

/** An empty log is as old as the process. */
function addAges(
  registry: Registry,
  clock: Clock,
  newest: { readonly storedAtMs: number; readonly committedAtMs: number },
): void {
  const age = (name: string, help: string, sinceMs: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set((clock.nowMs() - sinceMs()) / 1000);
      },
    });
  age(
    'eventstore_ledger_freshness_seconds',
    'Time since the newest event was stored',
    () => newest.storedAtMs,
  );
  age(
    'eventstore_ledger_age_seconds',
    'Time since the newest event was committed at its origin',
    () => newest.committedAtMs,
  );
}
