// A frame's events from its EventStore: the WebSocket to hear at once, the poll to prove it.
import type { EventFeed } from '../ports.js';
import { type BackOffOptions, createBackOff } from './back-off.js';
import { type EventStoreAddress, readPage, sequenceBefore } from './event-store-log.js';
import { openEventStream } from './event-store-stream.js';
import { parseStoredEvent } from './ledger-event-wire.js';
import { baseUrl } from './platform-read.js';

export interface EventStoreFeedOptions extends EventStoreAddress {
  /** Neither message nor heartbeat (the contract has one a second) for this long: reconnect. */
  readonly silentAfterMs: number;
  readonly backOff: BackOffOptions;
}

/** The feed of one frame. Subscribing never fails: a stream that is away is a state, no error. */
export function createEventStoreFeed(options: EventStoreFeedOptions): EventFeed {
  return {
    kind: 'event-store',
    async subscribe({ eventTypes, onEvent, onState }) {
      const stream = openEventStream({
        url: streamUrl(options.url, eventTypes),
        silentAfterMs: options.silentAfterMs,
        connectTimeoutMs: options.requestTimeoutMs,
        backOff: createBackOff(options.backOff),
        onText: (text) => onEvent({ text }),
        onState,
      });
      return {
        poll: (after, limit) => readPage(options, { eventTypes, after, limit }),
        close: async () => stream.close(),
      };
    },
    positionBefore: (timeMs) => sequenceBefore(options, timeMs),
    parse: (raw) => parseStoredEvent(raw.text),
  };
}

function streamUrl(url: string, eventTypes: readonly string[]): string {
  const address = new URL(`${baseUrl(url)}/api/v1/stream`);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  address.searchParams.set('types', eventTypes.join(','));
  return address.href;
}
