// An EventStore's log as its polls show it: pages with their proof, and where a moment lies in it.
import { z } from 'zod';
import type { FrameId } from '../domain/frame.js';
import type { FeedPage } from '../ports.js';
import { baseUrl, checkedAnswer, type ReadRequest, readJson, readText } from './platform-read.js';

export interface EventStoreAddress {
  readonly frame: FrameId;
  /** Base URL of the frame's EventStore. */
  readonly url: string;
  readonly requestTimeoutMs: number;
}

/** The contract's bounds of a page. */
const PAGE_LIMIT_MAX = 5_000;
/** A binary search over every safe sequence number ends within this. */
const SEARCH_STEPS_MAX = 53;

/** Strict, so that an answer in plain JSON is never taken for a proof without events. */
const proofSchema = z.strictObject({ through: z.int().min(0), head: z.int().min(0) });
const headSchema = z.object({ head: z.int().min(0) });
const instant = z.iso.datetime().transform((text) => Date.parse(text));
const placesSchema = z.object({
  events: z.array(z.object({ sequence: z.int().min(1), stored_at: instant })),
});

/**
 * One page of events of some types after a place, each line as it came, unparsed, and the proof of
 * how far the page is complete. One request, no retry. Throws `PlatformUnavailableError`.
 */
export async function readPage(
  address: EventStoreAddress,
  query: { readonly eventTypes: readonly string[]; readonly after: number; readonly limit: number },
): Promise<FeedPage> {
  const limit = Math.min(Math.max(query.limit, 1), PAGE_LIMIT_MAX);
  const search = new URLSearchParams({
    after: String(Math.max(0, query.after)),
    types: query.eventTypes.join(','),
    limit: String(limit),
  });
  const request = requestOf(address, `/api/v1/events?${search}`, 'application/x-ndjson');
  const lines = (await readText(request)).split('\n').filter((line) => line !== '');
  const proof = checkedAnswer(request, lines.at(-1) ?? '', proofSchema);
  return { events: lines.slice(0, -1).map((text) => ({ text })), ...proof };
}

/**
 * The last sequence whose event was stored before a time, 0 when there is none, by binary search
 * over the store's own times. At most 53 requests. Throws `PlatformUnavailableError`.
 */
export async function sequenceBefore(address: EventStoreAddress, timeMs: number): Promise<number> {
  const { head } = await readJson(requestOf(address, '/api/v1/head'), headSchema);
  let before = 0;
  let last = head;
  for (let step = 0; step < SEARCH_STEPS_MAX && before < last; step += 1) {
    const middle = before + Math.ceil((last - before) / 2);
    const place = await firstAfter(address, middle - 1);
    if (place !== undefined && place.stored_at < timeMs) before = Math.min(place.sequence, last);
    else last = middle - 1;
  }
  return before;
}

async function firstAfter(address: EventStoreAddress, after: number) {
  const request = requestOf(address, `/api/v1/events?after=${after}&limit=1`);
  return (await readJson(request, placesSchema)).events[0];
}

function requestOf(address: EventStoreAddress, door: string, accept?: string): ReadRequest {
  return {
    frame: address.frame,
    url: baseUrl(address.url) + door,
    timeoutMs: address.requestTimeoutMs,
    ...(accept === undefined ? {} : { accept }),
  };
}
