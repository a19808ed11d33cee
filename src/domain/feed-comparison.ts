// The two feeds of a frame held against each other: pure, bounded, told the time. Both bring the
// same events in much the same order, each with places of its own. An event that one of them
// brought is lost by the other once a later event is on both and the other stayed complete for a
// while longer: a feed that is away or behind proves nothing.
import { formatEventId, type StoredEvent } from './event.js';
import { FEED_KINDS, type FeedKind, otherFeed } from './feed-kind.js';
import type { MissedEvent } from './missed-event.js';

/** A place in each log up to which all that is on either is dealt with. */
export type FeedPlaces = Readonly<Record<FeedKind, number>>;

export interface FeedComparison {
  /** Takes an event that a poll brought. */
  take(feed: FeedKind, stored: StoredEvent, nowMs: number): void;
  /** Notes how far the polls of a feed are complete, and when it was asked for that. */
  proven(feed: FeedKind, through: number, head: number, askedAtMs: number): void;
  /** What a feed has lost by now and nobody has settled yet, in the order in which it was met. */
  missed(): readonly MissedEvent[];
  /** The event is dealt with: reported, or of no test. */
  settle(stored: StoredEvent): void;
  /** Where a later comparison can go on; `undefined` before any event was on both feeds. */
  places(): FeedPlaces | undefined;
  /** Whether a feed is so far ahead of the other that it must wait for it. */
  isAhead(feed: FeedKind): boolean;
}

export interface FeedComparisonOptions {
  /** Where an earlier comparison ended. */
  readonly after: FeedPlaces | undefined;
  /** How long a feed may bring an event later than its successors. */
  readonly graceMs: number;
}

/** Events of one feed that may wait for the other. */
export const WAITING_MAX = 5_000;
/** Settled events that are still known when they come late. */
const REMEMBERED_MAX = 10_000;

interface Entry {
  readonly key: string;
  readonly seen: Partial<Record<FeedKind, StoredEvent>>;
  /** When a later event was on both feeds. */
  overtakenAtMs: number | undefined;
  settled: boolean;
}

interface State {
  readonly entries: Map<string, Entry>;
  readonly remembered: Set<string>;
  readonly through: Record<FeedKind, number>;
  /** The newest moment for which a feed is known to be complete. */
  readonly completeAtMs: Record<FeedKind, number>;
  anchored: boolean;
}

export function createFeedComparison(options: FeedComparisonOptions): FeedComparison {
  const state: State = {
    entries: new Map(),
    remembered: new Set(),
    through: { ...(options.after ?? { 'event-store': -1, kafka: -1 }) },
    completeAtMs: { 'event-store': Number.NEGATIVE_INFINITY, kafka: Number.NEGATIVE_INFINITY },
    anchored: options.after !== undefined,
  };
  return {
    take: (feed, stored, nowMs) => take(state, feed, stored, nowMs),
    proven(feed, through, head, askedAtMs) {
      state.through[feed] = Math.max(state.through[feed], through);
      if (through >= head) state.completeAtMs[feed] = askedAtMs;
    },
    missed: () =>
      waiting(state).flatMap(({ entry, feed, stored }) => {
        const missing = otherFeed(feed);
        const patientUntilMs = (entry.overtakenAtMs ?? Number.POSITIVE_INFINITY) + options.graceMs;
        if (state.completeAtMs[missing] < patientUntilMs) return [];
        return [{ missing, stored, provenThrough: state.through[missing] }];
      }),
    settle(stored) {
      const entry = state.entries.get(formatEventId(stored.event.id));
      if (entry !== undefined) entry.settled = true;
    },
    places: () => (state.anchored ? forgetDone(state) : undefined),
    isAhead: (feed) => waiting(state).filter((one) => one.feed === feed).length >= WAITING_MAX,
  };
}

function take(state: State, feed: FeedKind, stored: StoredEvent, nowMs: number): void {
  const key = formatEventId(stored.event.id);
  // A late arrival after its loss was reported is no event that the other feed has lost.
  if (state.remembered.has(key)) return;
  const entry = state.entries.get(key);
  if (entry === undefined) {
    const fresh = { key, seen: { [feed]: stored }, overtakenAtMs: undefined, settled: false };
    state.entries.set(key, fresh);
    return;
  }
  if (entry.seen[feed] !== undefined) return;
  entry.seen[feed] = stored;
  overtake(state, entry, nowMs);
}

/** An event is on both feeds now: those before it that are on one only have been overtaken. */
function overtake(state: State, pair: Entry, nowMs: number): void {
  for (const { entry, feed, stored } of waiting(state)) {
    if (stored.sequence > (pair.seen[feed]?.sequence ?? -1)) continue;
    // Before the first pair the two logs begin at different moments, and nothing can be told.
    if (state.anchored) entry.overtakenAtMs ??= nowMs;
    else state.entries.delete(entry.key);
  }
  state.anchored = true;
}

interface Waiting {
  readonly entry: Entry;
  /** The feed that has brought the event. */
  readonly feed: FeedKind;
  readonly stored: StoredEvent;
}

/** The events that are on one feed only and not settled. */
function waiting({ entries }: State): readonly Waiting[] {
  return [...entries.values()].flatMap((entry) => {
    const seen = sightings(entry);
    return entry.settled || seen.length > 1 ? [] : seen.map((one) => ({ entry, ...one }));
  });
}

function sightings({ seen }: Entry) {
  return FEED_KINDS.flatMap((feed) => {
    const stored = seen[feed];
    return stored === undefined ? [] : [{ feed, stored }];
  });
}

/**
 * The farthest places with no waiting event before them and no event before one and after the
 * other, so that whoever goes on from there sees both sides of it, or neither. Forgets what lies
 * before.
 */
function forgetDone(state: State): FeedPlaces {
  const cut = { ...state.through };
  for (const { feed, stored } of waiting(state)) {
    cut[feed] = Math.min(cut[feed], stored.sequence - 1);
  }
  while ([...state.entries.values()].some((entry) => drawBack(cut, entry)));
  for (const entry of state.entries.values()) {
    const isBefore = sightings(entry).every(({ feed, stored }) => stored.sequence <= cut[feed]);
    if (!isBefore) continue;
    state.entries.delete(entry.key);
    if (entry.settled) remember(state, entry.key);
  }
  return cut;
}

/** Moves the cut before an event that it would divide; true when it did. */
function drawBack(cut: Record<FeedKind, number>, entry: Entry): boolean {
  const seen = sightings(entry);
  const within = seen.filter(({ feed, stored }) => stored.sequence <= cut[feed]);
  if (within.length === 0 || within.length === seen.length) return false;
  for (const { feed, stored } of within) cut[feed] = stored.sequence - 1;
  return true;
}

function remember({ remembered }: State, key: string): void {
  remembered.add(key);
  const [oldest] = remembered;
  if (remembered.size > REMEMBERED_MAX && oldest !== undefined) remembered.delete(oldest);
}
