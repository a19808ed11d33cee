// The server-sent events, over fetch: so that a resume names the last event, and
// the heartbeats, which are comments, tell a silent connection from a quiet reactor.
import { createParser } from 'eventsource-parser';
import { address } from './api.js';

export interface StreamHandlers {
  readonly onOpen: () => void;
  readonly onEvent: (event: string, data: string) => void;
  /** Called once; nothing comes afterwards. */
  readonly onLost: () => void;
}

export interface Stream {
  close(): void;
}

/** Heartbeats come every 15 s. */
const SILENCE_MS = 40_000;

let lastEventId: string | undefined;

export function openStream(handlers: StreamHandlers): Stream {
  const ended = new AbortController();
  let silence: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => ended.abort(), SILENCE_MS);
  };
  const parser = createParser({
    onEvent({ data, event, id }) {
      if (id !== undefined) lastEventId = id;
      handlers.onEvent(event ?? 'message', data);
    },
  });
  let closed = false;
  heard();
  follow(ended.signal, handlers.onOpen, (text) => {
    heard();
    parser.feed(text);
  })
    .catch(() => undefined)
    .finally(() => {
      clearTimeout(silence);
      if (!closed) handlers.onLost();
    });
  return {
    close() {
      closed = true;
      ended.abort();
    },
  };
}

/** Ends, or throws, when the connection does. */
async function follow(
  signal: AbortSignal,
  onOpen: () => void,
  onText: (text: string) => void,
): Promise<void> {
  const resume = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const response = await fetch(address('/stream'), {
    headers: { ...resume, accept: 'text/event-stream' },
    cache: 'no-store',
    signal,
  });
  if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
  onOpen();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    onText(value);
  }
}
