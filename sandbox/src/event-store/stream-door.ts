// The door of the stream: turns `GET /api/v1/stream` with an upgrade into a subscription.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { errorBody } from '../service/http-error.js';
import type { Stream } from './stream.js';
import { typesParam } from './types-param.js';

export const STREAM_PATH = '/api/v1/stream';

const MAX_SUBSCRIBERS = 1_000;

/** Subscribers have nothing to say: longer messages end the connection. */
const MAX_INCOMING_BYTES = 1_024;

export function openStreamDoor(server: Server, stream: Stream): void {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_INCOMING_BYTES,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, first: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://event-store');
    if (url.pathname !== STREAM_PATH) return refuse(socket, '404 Not Found', url.pathname);
    const types = typesParam.optional().safeParse(url.searchParams.get('types') ?? undefined);
    if (!types.success) return refuse(socket, '400 Bad Request', 'types: a list of event types');
    if (stream.subscribers() >= MAX_SUBSCRIBERS) {
      return refuse(socket, '503 Service Unavailable', 'too many subscribers');
    }
    sockets.handleUpgrade(request, socket, first, (webSocket) => {
      stream.add(webSocket, types.data);
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
