// An EventStore's WebSocket: connected again for ever, and watched for silence while it is open.
import { WebSocket } from 'ws';
import type { StreamState } from '../ports.js';
import type { BackOff } from './back-off.js';
import { parseJson } from './platform-http.js';

export interface StreamOptions {
  readonly url: string;
  /** Neither message nor heartbeat for this long: silent, and connected anew. */
  readonly silentAfterMs: number;
  readonly connectTimeoutMs: number;
  readonly backOff: BackOff;
  readonly onText: (text: string) => void;
  readonly onState: (state: StreamState) => void;
}

export interface EventStream {
  close(): void;
}

/** An event of the contract is below 4 KB; a larger message ends the connection. */
const MESSAGE_BYTES_MAX = 1024 * 1024;
/** Heartbeats are short and events are not, so only short messages are looked at twice. */
const HEARTBEAT_LENGTH_MAX = 128;

/**
 * Opens the stream and keeps it open until `close`. States are told when they change: `open` with
 * the first message of a connection, `silent` while nothing comes, `closed` when there is none.
 */
export function openEventStream(options: StreamOptions): EventStream {
  let ended = false;
  let told: StreamState | undefined;
  let socket: WebSocket;
  let reconnect: NodeJS.Timeout | undefined;

  function tell(state: StreamState): void {
    if (ended || state === told) return;
    told = state;
    options.onState(state);
  }

  function connect(): void {
    socket = connectOnce(options, tell, () => {
      if (!ended) reconnect = setTimeout(connect, options.backOff.nextMs());
    });
  }

  connect();
  return {
    close() {
      ended = true;
      clearTimeout(reconnect);
      socket.terminate();
    },
  };
}

/** One connection, from the first attempt to its end. */
function connectOnce(
  options: StreamOptions,
  tell: (state: StreamState) => void,
  onEnd: () => void,
): WebSocket {
  const socket = new WebSocket(options.url, {
    handshakeTimeout: options.connectTimeoutMs,
    maxPayload: MESSAGE_BYTES_MAX,
    perMessageDeflate: false,
  });
  let silent = false;
  let silence: NodeJS.Timeout | undefined;
  socket.on('open', () => {
    silence = setTimeout(() => {
      silent = true;
      tell('silent');
      socket.terminate();
    }, options.silentAfterMs);
  });
  socket.on('message', (data) => {
    silence?.refresh();
    options.backOff.reset();
    tell('open');
    const text = data.toString();
    if (!isHeartbeat(text)) options.onText(text);
  });
  // Every error is followed by `close`, where the connection is made anew.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    clearTimeout(silence);
    // A connection that we ended for its silence stays silent until the next one speaks or fails.
    if (!silent) tell('closed');
    onEnd();
  });
  return socket;
}

function isHeartbeat(text: string): boolean {
  if (text.length > HEARTBEAT_LENGTH_MAX) return false;
  const json = parseJson(text);
  return typeof json === 'object' && json !== null && 'heartbeat' in json;
}
