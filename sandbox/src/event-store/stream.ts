// The subscribers of the WebSocket stream: events from memory right after the commit, and
// heartbeats. A hint, never a proof: order and completeness are the poll's.
import { WebSocket } from 'ws';
import type { FaultEngine, FaultScope } from '../service/faults.js';
import type { Logger } from '../service/logger.js';
import { faultScopeOf } from './incoming-event.js';
import { type StoredEvent, storedEventText } from './stored-event.js';
import { createFates } from './stream-fates.js';

export interface Stream {
  /** Subscribes a socket to some types, or to all without `types`. */
  add(socket: WebSocket, types: readonly string[] | undefined): void;
  /** Sends committed events, in the order of the log. */
  publish(events: readonly StoredEvent[]): void;
  subscribers(): number;
  close(): void;
}

export interface StreamDeps {
  readonly frameId: string;
  readonly faults: FaultEngine;
  readonly logger: Logger;
  /** The last sequence of the log, for heartbeats. */
  readonly head: () => number;
  /** Bytes that may wait for a slow reader before its socket is closed. */
  readonly maxBufferedBytes?: number;
}

interface Subscriber {
  readonly socket: WebSocket;
  readonly types: ReadonlySet<string> | undefined;
  answered: boolean;
}

const HEARTBEAT_MS = 1_000;
/** A peer that answers no ping from one such beat to the next is gone. */
const PING_EVERY_BEATS = 15;
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

export function createStream(deps: StreamDeps): Stream {
  const subscribers = new Set<Subscriber>();
  const fates = createFates(deps.faults);
  const send = createSender(deps);
  let beats = 0;

  function beat(): void {
    const text = JSON.stringify({ heartbeat: true, head: deps.head() });
    const isPing = ++beats % PING_EVERY_BEATS === 0;
    for (const subscriber of subscribers) {
      const sent = send(subscriber, text, { frame: deps.frameId, eventType: onlyType(subscriber) });
      if (sent && isPing) ping(subscriber);
    }
  }

  function deliver(event: StoredEvent, text: string, scope: FaultScope): void {
    const type = event.envelope.event_type;
    for (const subscriber of subscribers) {
      if (subscriber.types === undefined || subscriber.types.has(type)) {
        send(subscriber, text, scope);
      }
    }
  }

  const heart = setInterval(beat, HEARTBEAT_MS);
  return {
    add: (socket, types) => {
      const subscriber = { socket, types: types && new Set(types), answered: true };
      subscribers.add(subscriber);
      socket.on('pong', () => {
        subscriber.answered = true;
      });
      socket.on('error', (error) => deps.logger.info({ err: error }, 'a stream socket failed'));
      socket.on('close', () => subscribers.delete(subscriber));
    },
    publish: (events) => {
      if (subscribers.size === 0) return;
      for (const event of events) {
        const scope = faultScopeOf(deps.frameId, event.envelope);
        if (deps.faults.hit('silence_stream', scope)) continue;
        const text = storedEventText(event);
        fates.meet(scope, () => deliver(event, text, scope));
      }
    },
    subscribers: () => subscribers.size,
    close: () => {
      clearInterval(heart);
      fates.close();
      for (const { socket } of subscribers) socket.terminate();
    },
  };
}

/** Sends unless the stream is stalled; closes a socket whose reader is too slow. */
function createSender(deps: StreamDeps) {
  const maxBufferedBytes = deps.maxBufferedBytes ?? MAX_BUFFERED_BYTES;
  return ({ socket }: Subscriber, text: string, scope: FaultScope): boolean => {
    if (socket.readyState !== WebSocket.OPEN) return false;
    if (deps.faults.hit('stall_stream', scope)) {
      socket.pause();
      return false;
    }
    if (socket.isPaused) socket.resume();
    if (socket.bufferedAmount > maxBufferedBytes) {
      deps.logger.warn({ buffered: socket.bufferedAmount }, 'a slow reader was cut off');
      socket.terminate();
      return false;
    }
    socket.send(text);
    return true;
  };
}

function ping(subscriber: Subscriber): void {
  if (subscriber.answered) subscriber.socket.ping();
  else subscriber.socket.terminate();
  subscriber.answered = false;
}

/** A socket of one type can be stalled by that type alone. */
function onlyType({ types }: Subscriber): string | undefined {
  const [type, ...others] = types ?? [];
  return others.length === 0 ? type : undefined;
}
