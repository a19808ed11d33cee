// What the page knows of its own connection, and what it says about the age of what it shows.

export type Connection =
  /** Nothing was read yet. */
  | { readonly kind: 'loading' }
  | { readonly kind: 'live' }
  /** The stream is there and an answer is older than twice its period. */
  | { readonly kind: 'stale'; readonly ageMs: number }
  | { readonly kind: 'lost'; readonly sinceMs: number; readonly nextTryInMs: number | undefined };

export interface LinkFacts {
  readonly nowMs: number;
  /** When the last whole answer came; `undefined` before the first. */
  readonly readAtMs: number | undefined;
  /** Since when the stream is down; `undefined` while it is up. */
  readonly lostAtMs: number | undefined;
  /** When the next try is due; `undefined` while one runs. */
  readonly nextTryAtMs: number | undefined;
}

/** How often the page reads everything, whether or not the stream said that something changed. */
export const READ_EVERY_MS = 15_000;
/** A reconnect within this time is not worth a line. */
const QUIET_MS = 1_500;

export function connectionOf(facts: LinkFacts): Connection {
  const { lostAtMs, nextTryAtMs, nowMs, readAtMs } = facts;
  if (lostAtMs !== undefined && nowMs - lostAtMs >= QUIET_MS) {
    const nextTryInMs = nextTryAtMs === undefined ? undefined : Math.max(0, nextTryAtMs - nowMs);
    return { kind: 'lost', sinceMs: lostAtMs, nextTryInMs };
  }
  if (readAtMs === undefined) return { kind: 'loading' };
  const ageMs = nowMs - readAtMs;
  return ageMs > 2 * READ_EVERY_MS ? { kind: 'stale', ageMs } : { kind: 'live' };
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;

/** The wait before the nth try, doubling; spread by a share from 0 to 1, for many pages return. */
export function retryWaitMs(tries: number, share: number): number {
  const waitMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(tries, 10));
  return Math.round(waitMs * (0.75 + share / 4));
}
