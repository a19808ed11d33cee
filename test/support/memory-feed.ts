// An event feed in memory, for tests of what stands on it; held to the same contract suite.
import { parseRecord } from '../../src/adapters/ledger-event-wire.js';
import type { FeedKind } from '../../src/domain/feed-kind.js';
import type { EventFeed, FeedOptions, RawEvent } from '../../src/ports.js';
import type { WireEnvelope } from './wire-events.js';

export interface MemoryFeed extends EventFeed {
  /** Appends to the log and tells the subscribers of its type. */
  publish(envelope: WireEnvelope, storedAtMs: number, foreignFrom?: string): void;
}

type LogEntry = RawEvent & {
  readonly offset: number;
  readonly timestampMs: number;
  readonly eventType: string;
};

/** A log of one frame whose places count from 1, as an EventStore's do. */
export function createMemoryFeed(kind: FeedKind = 'event-store'): MemoryFeed {
  const log: LogEntry[] = [];
  const subscribers = new Set<FeedOptions>();
  return {
    kind,
    async subscribe(options) {
      subscribers.add(options);
      options.onState('open');
      return {
        async poll(after, limit) {
          const events = log
            .slice(Math.max(0, after))
            .filter(({ eventType }) => hears(options, eventType))
            .slice(0, limit);
          const last = events.length === limit ? events.at(-1) : undefined;
          return { events, through: last?.offset ?? log.length, head: log.length };
        },
        async close() {
          subscribers.delete(options);
        },
      };
    },
    positionBefore: async (timeMs) =>
      log.findLast(({ timestampMs }) => timestampMs < timeMs)?.offset ?? 0,
    parse: parseRecord,
    publish(envelope, storedAtMs, foreignFrom) {
      const entry: LogEntry = {
        text: JSON.stringify(envelope),
        offset: log.length + 1,
        timestampMs: storedAtMs,
        eventType: envelope.event_type,
        ...(foreignFrom === undefined ? {} : { foreignFrom }),
      };
      log.push(entry);
      for (const options of subscribers) {
        if (hears(options, entry.eventType)) options.onEvent(entry);
      }
    },
  };
}

function hears({ eventTypes }: FeedOptions, eventType: string): boolean {
  return eventTypes.some((one) => one === eventType);
}
