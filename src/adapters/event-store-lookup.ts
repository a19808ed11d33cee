// Look-ups in the frames' EventStores, by memo and by transfer id, own and foreign events.
import { z } from 'zod';
import type { StoredEvent } from '../domain/event.js';
import type { FrameId } from '../domain/frame.js';
import type { EventLookup } from '../ports.js';
import { storedEventOf } from './ledger-event-wire.js';
import { baseUrl, readJson } from './platform-read.js';

export interface EventLookupOptions {
  /** Base URL of each frame's EventStore. */
  readonly urls: Readonly<Record<FrameId, string>>;
  readonly requestTimeoutMs: number;
  /** Told of every answered event that is not in the contract's form; it is left out. */
  readonly onMalformed: (frame: FrameId, problem: string) => void;
}

const answerSchema = z.object({ events: z.array(z.unknown()) });

/** One request each, no retry. Both throw `PlatformUnavailableError`. */
export function createEventStoreLookup(options: EventLookupOptions): EventLookup {
  return {
    byMemo: (frame, memo) => lookUp(options, frame, 'memo', memo),
    byTransferId: (frame, transferId) => lookUp(options, frame, 'transfer_id', transferId),
  };
}

async function lookUp(
  options: EventLookupOptions,
  frame: FrameId,
  key: 'memo' | 'transfer_id',
  value: string,
): Promise<readonly StoredEvent[]> {
  const url = options.urls[frame];
  if (url === undefined) throw new Error(`frame ${frame} has no EventStore`);
  const search = new URLSearchParams({ [key]: value });
  const request = {
    frame,
    url: `${baseUrl(url)}/api/v1/events?${search}`,
    timeoutMs: options.requestTimeoutMs,
  };
  const { events } = await readJson(request, answerSchema);
  return events.map(storedEventOf).flatMap((parsed) => {
    if (parsed.kind === 'malformed') options.onMalformed(frame, parsed.problem);
    return parsed.kind === 'event' ? [parsed.stored] : [];
  });
}
