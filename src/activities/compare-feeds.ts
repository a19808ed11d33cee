// The evidence feed's activity: both feeds of a frame are polled and held against each other. It
// stamps nothing and holds no watermark; all it tells is what one feed brought and the other lost.
import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import { sameEvent, VALIDATED_EVENT_TYPES } from '../domain/event.js';
import {
  createFeedComparison,
  type FeedComparison,
  type FeedPlaces,
} from '../domain/feed-comparison.js';
import { FEED_KINDS, type FeedKind, otherFeed } from '../domain/feed-kind.js';
import type { FrameId } from '../domain/frame.js';
import type { Matcher } from '../domain/mark.js';
import { type MissedEvent, missedEventFinding } from '../domain/missed-event.js';
import type { TestId } from '../domain/test.js';
import type { Clock, EventFeed, EventLookup, FeedSubscription, ResultStore } from '../ports.js';
import { whileBeating } from './heartbeats.js';
import { deliver, type RaiseDependencies, testIdOfEvent } from './raise-stamps.js';
import { pause } from './waiting.js';

export interface CompareInput {
  readonly frame: FrameId;
  /** Up to where both feeds were held against each other; absent before they were. */
  readonly places: FeedPlaces | undefined;
}

export type Compared =
  | { readonly kind: 'rotated'; readonly places: FeedPlaces | undefined }
  /** The configuration has no evidence feed for the frame. */
  | { readonly kind: 'off' };

export interface CompareActivities {
  /** Compares until it rotates; answers how far it came. */
  compareFeeds(input: CompareInput): Promise<Compared>;
}

/** The two feeds of a frame; which of them counts makes no difference here. */
export type FeedPair = Readonly<Record<FeedKind, EventFeed>>;

export interface CompareSettings {
  readonly pollIntervalMs: number;
  readonly rotationMs: number;
  /** How long a feed may bring an event later than its successors. */
  readonly graceMs: number;
}

export interface CompareDependencies extends RaiseDependencies {
  readonly clock: Clock;
  /** Of the frames with an evidence feed. */
  readonly feedPairs: Readonly<Record<FrameId, FeedPair>>;
  readonly lookup: Pick<EventLookup, 'byTransferId'>;
  readonly results: Pick<ResultStore, 'findings'>;
  readonly matches: Matcher;
  readonly settings: CompareSettings;
  /** Told of every failure that is tried again. */
  readonly onTrouble: (frame: FrameId, what: string, error: unknown) => void;
}

const POLL_LIMIT = 1_000;
/** However long a step takes; Temporal throttles what is too much. */
const BEAT_MS = 500;

interface Run {
  readonly deps: CompareDependencies;
  readonly frame: FrameId;
  readonly feeds: FeedPair;
  /** Up to where each feed was polled. */
  readonly read: Record<FeedKind, number>;
  comparison: FeedComparison;
}

export function createCompareActivities(deps: CompareDependencies): CompareActivities {
  return {
    async compareFeeds(input) {
      const feeds = deps.feedPairs[input.frame];
      if (feeds === undefined) return { kind: 'off' };
      let run: Run | undefined;
      const work = async () => {
        run = await begin(deps, input, feeds);
        return compare(run);
      };
      return whileBeating(work(), BEAT_MS, () => run?.comparison.places());
    },
  };
}

/** Goes on from the heartbeat of an attempt that died, or from what the workflow knows. */
async function begin(
  deps: CompareDependencies,
  input: CompareInput,
  feeds: FeedPair,
): Promise<Run> {
  const beaten: unknown = activityInfo().heartbeatDetails;
  const after = isPlaces(beaten) ? beaten : input.places;
  const read = { ...(after ?? (await recentPlaces(deps, feeds))) };
  const comparison = createFeedComparison({ after, graceMs: deps.settings.graceMs });
  return { deps, frame: input.frame, feeds, read, comparison };
}

function isPlaces(details: unknown): details is FeedPlaces {
  if (typeof details !== 'object' || details === null) return false;
  const places = details as Partial<Record<FeedKind, unknown>>;
  return FEED_KINDS.every((kind) => typeof places[kind] === 'number');
}

/** Where nothing is known the comparison begins now: it tells of what is lost while it runs. */
async function recentPlaces(deps: CompareDependencies, feeds: FeedPair): Promise<FeedPlaces> {
  const sinceMs = deps.clock.nowMs() - deps.settings.graceMs;
  const [store, kafka] = await Promise.all([
    feeds['event-store'].positionBefore(sinceMs),
    feeds.kafka.positionBefore(sinceMs),
  ]);
  return { 'event-store': store, kafka };
}

type Subscriptions = Readonly<Record<FeedKind, FeedSubscription>>;

async function compare(run: Run): Promise<Compared> {
  const subscriptions = await subscribe(run);
  const { clock, settings } = run.deps;
  const rotateAtMs = clock.nowMs() + settings.rotationMs;
  const stopped = cancellationSignal();
  try {
    while (clock.nowMs() < rotateAtMs && !stopped.aborted) {
      const more = await Promise.all(FEED_KINDS.map((kind) => pollOnce(run, subscriptions, kind)));
      await reportMissed(run);
      heartbeat(run.comparison.places());
      if (!more.some(Boolean)) await pause(settings.pollIntervalMs);
    }
    return { kind: 'rotated', places: run.comparison.places() };
  } finally {
    await Promise.allSettled(FEED_KINDS.map((kind) => subscriptions[kind].close()));
  }
}

/** The streams are not listened to: only polls prove how far a feed is complete. */
async function subscribe({ feeds, read }: Run): Promise<Subscriptions> {
  const options = (kind: FeedKind) => ({
    eventTypes: VALIDATED_EVENT_TYPES,
    after: read[kind],
    onEvent: () => undefined,
    onState: () => undefined,
  });
  const [store, kafka] = await Promise.all([
    feeds['event-store'].subscribe(options('event-store')),
    feeds.kafka.subscribe(options('kafka')),
  ]);
  return { 'event-store': store, kafka };
}

/** One poll of one feed; true when there is more to read at once. */
async function pollOnce(run: Run, subscriptions: Subscriptions, kind: FeedKind): Promise<boolean> {
  const { deps, feeds, read, comparison } = run;
  if (comparison.isAhead(kind)) return false;
  const askedAtMs = deps.clock.nowMs();
  try {
    const page = await subscriptions[kind].poll(read[kind], POLL_LIMIT);
    if (page.head < read[kind]) return await startOver(run, kind, page.head);
    for (const raw of page.events.filter(({ text }) => deps.matches(text))) {
      const parsed = feeds[kind].parse(raw);
      if (parsed.kind === 'event') comparison.take(kind, parsed.stored, deps.clock.nowMs());
    }
    read[kind] = Math.max(read[kind], page.through);
    comparison.proven(kind, page.through, page.head, askedAtMs);
    return page.through < page.head;
  } catch (error) {
    deps.onTrouble(run.frame, `poll of ${kind}`, error);
    return false;
  }
}

/** A log that ends before the place is another log: nothing before can be compared any more. */
async function startOver(run: Run, kind: FeedKind, head: number): Promise<boolean> {
  const { deps, frame, feeds, read } = run;
  const problem = new Error(`the log ends at ${head}, it was read up to ${read[kind]}`);
  deps.onTrouble(frame, `log of ${kind} replaced`, problem);
  Object.assign(read, await recentPlaces(deps, feeds));
  run.comparison = createFeedComparison({ after: undefined, graceMs: deps.settings.graceMs });
  return true;
}

/** What could not be told stays missed, and is tried again after the next polls. */
async function reportMissed({ deps, frame, comparison }: Run): Promise<void> {
  for (const missed of comparison.missed()) {
    try {
      await report(deps, frame, missed);
      comparison.settle(missed.stored);
    } catch (error) {
      deps.onTrouble(frame, 'report of a missed event', error);
      return;
    }
  }
}

async function report(
  deps: CompareDependencies,
  frame: FrameId,
  missed: MissedEvent,
): Promise<void> {
  const testId = await testIdOfEvent(deps.stamps, missed.stored);
  const test = testId === undefined ? undefined : await deps.stamps.test(testId);
  if (test === undefined || (await isThere(deps, frame, test.testId, missed))) return;
  const finding = missedEventFinding(test.testId, frame, missed);
  await deliver(deps, test, undefined, [finding]);
}

/**
 * Whether the feed has the event after all. A copy that Kafka carries long after the first one is
 * in the store under its first place; what the store showed long after it was reported as lost
 * there came over Kafka long before. A comparison that was begun again remembers neither.
 */
async function isThere(
  deps: CompareDependencies,
  frame: FrameId,
  testId: TestId,
  missed: MissedEvent,
): Promise<boolean> {
  const { event } = missed.stored;
  if (missed.missing === 'event-store') {
    const held = await deps.lookup.byTransferId(frame, event.transferId);
    return held.some((one) => sameEvent(one.event.id, event.id));
  }
  const reported = missedEventFinding(testId, frame, { ...missed, missing: otherFeed('kafka') });
  const findings = await deps.results.findings(testId);
  return findings.some((one) => one.kind === reported.kind && one.subject === reported.subject);
}
