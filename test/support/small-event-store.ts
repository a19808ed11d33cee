// A small EventStore in memory that speaks the platform contract over real HTTP and WebSocket, for
// what a healthy platform never does: wrong answers, slow ones, and a stream that falls silent.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { storedEvent, type WireEnvelope, type WireStoredEvent } from './wire-events.js';

const HEARTBEAT_MS = 50;
const LOOKUP_MAX = 100;

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface SmallEventStore {
  readonly url: string;
  append(envelope: WireEnvelope, storedAtMs?: number, foreignFrom?: string): WireStoredEvent;
  /** Answers every request this way, until told `undefined`. */
  answerWith(answer: Answer | undefined): void;
  /** Sends a text to every subscriber, whatever it is. */
  shout(text: string): void;
  /** Connections stay open and nothing is sent on them, not even heartbeats. */
  silence(silent: boolean): void;
  stopHeartbeats(): void;
  /** Ends all streams, and refuses new ones until told otherwise. */
  refuseStreams(refuse: boolean): void;
  streams(): number;
  close(): Promise<void>;
}

interface Subscriber {
  readonly socket: WebSocket;
  readonly types: readonly string[];
}

export async function startSmallEventStore(): Promise<SmallEventStore> {
  const log: WireStoredEvent[] = [];
  const subscribers = new Set<Subscriber>();
  let special: Answer | undefined;
  let silent = false;
  let refusing = false;

  const server = createServer((request, response) => {
    if (special !== undefined) special(request, response);
    else answer(log, new URL(request.url ?? '/', 'http://store'), request, response);
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (refusing) {
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const url = new URL(request.url ?? '/', 'http://store');
      const types = url.searchParams.get('types')?.split(',') ?? [];
      const subscriber = { socket: webSocket, types };
      subscribers.add(subscriber);
      webSocket.on('close', () => subscribers.delete(subscriber));
    });
  });
  const send = (text: string, eventType?: string) => {
    if (silent) return;
    for (const { socket, types } of subscribers) {
      if (eventType === undefined || types.includes(eventType)) socket.send(text);
    }
  };
  const heartbeats = setInterval(
    () => send(JSON.stringify({ heartbeat: true, head: log.length })),
    HEARTBEAT_MS,
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    append(envelope, storedAtMs = Date.now(), foreignFrom) {
      const stored = storedEvent(envelope, log.length + 1, storedAtMs, foreignFrom ?? null);
      log.push(stored);
      send(JSON.stringify(stored), stored.event_type);
      return stored;
    },
    answerWith(another) {
      special = another;
    },
    shout: (text) => send(text),
    silence(value) {
      silent = value;
    },
    stopHeartbeats: () => clearInterval(heartbeats),
    refuseStreams(value) {
      refusing = value;
      if (value) for (const { socket } of subscribers) socket.terminate();
    },
    streams: () => subscribers.size,
    async close() {
      clearInterval(heartbeats);
      for (const { socket } of subscribers) socket.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const JSON_TYPE = 'application/json';
const LINES_TYPE = 'application/x-ndjson';

function answer(
  log: readonly WireStoredEvent[],
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const wantsLines = request.headers.accept === LINES_TYPE && url.pathname === '/api/v1/events';
  const body = bodyOf(log, url);
  if (body === undefined) response.statusCode = 404;
  response.setHeader('content-type', wantsLines ? LINES_TYPE : JSON_TYPE);
  response.end(wantsLines ? linesOf(log, url) : JSON.stringify(body ?? NOT_FOUND));
}

const NOT_FOUND = { error: { code: 'not_found', message: 'no such door' } };

function bodyOf(log: readonly WireStoredEvent[], url: URL): unknown {
  const head = log.length;
  if (url.pathname === '/api/v1/head') return { head, hash: '', at: '' };
  if (url.pathname !== '/api/v1/events') return undefined;
  const memo = url.searchParams.get('memo');
  const transferId = url.searchParams.get('transfer_id');
  if (memo === null && transferId === null) return { ...pageOf(log, url.searchParams), head };
  const found = log.filter((event) =>
    memo === null ? event.transfer_id === transferId : event.data.memo === memo,
  );
  return { events: found.slice(0, LOOKUP_MAX), head };
}

function linesOf(log: readonly WireStoredEvent[], url: URL): string {
  const { events, through } = pageOf(log, url.searchParams);
  return [...events, { through, head: log.length }]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

function pageOf(log: readonly WireStoredEvent[], search: URLSearchParams) {
  const after = Number(search.get('after') ?? 0);
  const limit = Number(search.get('limit') ?? 500);
  const types = search.get('types')?.split(',');
  const events = log
    .slice(after)
    .filter(({ event_type }) => types === undefined || types.includes(event_type))
    .slice(0, limit);
  const last = events.length === limit ? events.at(-1) : undefined;
  return { events, through: last?.sequence ?? log.length };
}
