// The door of the stream: turns `GET /api/v1/stream` with an upgrade into a subscription.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { errorBody, HttpError } from '../service/http-error.js';
import type { HttpService } from '../service/http-server.js';
import type { Stream } from './stream.js';
import { typesParam } from './types-param.js';
import { STREAM_RESPONSE } from './wire.js';

export const STREAM_PATH = '/api/v1/stream';

const MAX_SUBSCRIBERS = 1_000;

/** Subscribers have nothing to say: longer messages end the connection. */
const MAX_INCOMING_BYTES = 1_024;

const streamQuery = z.object({ types: typesParam.optional() });

const STREAM_SCHEMA = {
  summary: 'WebSocket: an event per text message, and a heartbeat with the head every second',
  querystring: streamQuery,
  response: STREAM_RESPONSE,
};

export function openStreamDoor(service: HttpService, stream: Stream): void {
  // Upgrades never reach this route; it stands in OpenAPI and answers who comes without one.
  service.get(STREAM_PATH, { schema: STREAM_SCHEMA }, async () => {
    const headers = { upgrade: 'websocket', connection: 'Upgrade' };
    throw new HttpError(426, 'malformed_request', 'the stream is a WebSocket', { headers });
  });
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_INCOMING_BYTES,
  });
  service.server.on('upgrade', (request: IncomingMessage, socket: Duplex, first: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://event-store');
    if (url.pathname !== STREAM_PATH) return refuse(socket, '404 Not Found', url.pathname);
    const query = streamQuery.safeParse(Object.fromEntries(url.searchParams));
    if (!query.success) return refuse(socket, '400 Bad Request', 'types: a list of event types');
    if (stream.subscribers() >= MAX_SUBSCRIBERS) {
      return refuse(socket, '503 Service Unavailable', 'too many subscribers');
    }
    sockets.handleUpgrade(request, socket, first, (webSocket) => {
      stream.add(webSocket, query.data.types);
    });
  });
}

const CODES = {
  '400 Bad Request': 'malformed_request',
  '404 Not Found': 'not_found',
  '503 Service Unavailable': 'unavailable',
} as const;

function refuse(socket: Duplex, status: keyof typeof CODES, message: string): void {
  const body = JSON.stringify(errorBody(CODES[status], message));
  socket.on('error', () => undefined);
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\nconnection: close\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
