// Two feeds held against each other: whatever order polls come in and however often the comparison
// is begun again, exactly the lost events are told, and none while a feed is away or behind.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatEventId, type StoredEvent } from '../../src/domain/event.js';
import {
  createFeedComparison,
  type FeedComparison,
  type FeedPlaces,
  WAITING_MAX,
} from '../../src/domain/feed-comparison.js';
import { FEED_KINDS, type FeedKind } from '../../src/domain/feed-kind.js';

const GRACE_MS = 1_000;
const START: FeedPlaces = { 'event-store': 100, kafka: 50 };

function storedAt(position: number, sequence: number): StoredEvent {
  return {
    event: {
      id: { producer: 'teg-a', position },
      eventType: 'TokensTransferred',
      sourceFrame: 'A',
      committedAtMs: 0,
      transferId: `t-${position}`,
      backend: 'intra',
      memo: `canary-${position}`,
      sender: 'A1:canary-1',
      receiver: 'A1:canary-2',
      payer: undefined,
      amountBaseUnits: 1n,
    },
    sequence,
    storedAtMs: 0,
    foreignFrom: undefined,
  };
}

/** What was polled when: an event by its letter, or `.` where a poll reached the head without. */
interface Case {
  readonly polls: readonly (readonly [atMs: number, feed: FeedKind, what: string])[];
  readonly lost: readonly string[];
  readonly after?: FeedPlaces | undefined;
}

/** Polls in their order; places count on from the start. Answers what is lost, as `kafka b`. */
function run({ polls, after }: Case): { comparison: FeedComparison; lost: readonly string[] } {
  const comparison = createFeedComparison({ after, graceMs: GRACE_MS });
  const places: Record<FeedKind, number> = { ...START };
  for (const [atMs, feed, what] of polls) {
    for (const letter of what.replace('.', '')) {
      places[feed] += 1;
      comparison.take(feed, storedAt(letter.charCodeAt(0), places[feed]), atMs);
    }
    comparison.proven(feed, places[feed], places[feed] + (what.endsWith('.') ? 0 : 1), atMs);
  }
  return { comparison, lost: lostOf(comparison) };
}

function lostOf(comparison: FeedComparison): readonly string[] {
  return comparison
    .missed()
    .map(({ missing, stored }) => `${missing} ${String.fromCharCode(stored.event.id.position)}`);
}

const CASES: Readonly<Record<string, Case>> = {
  'both bring all': {
    polls: [
      [0, 'kafka', 'abc.'],
      [0, 'event-store', 'abc.'],
      [9_000, 'kafka', '.'],
      [9_000, 'event-store', '.'],
    ],
    lost: [],
  },
  'the store passed it by and stayed complete for the grace': {
    polls: [
      [0, 'kafka', 'abc.'],
      [0, 'event-store', 'ac.'],
      [1_000, 'event-store', '.'],
    ],
    lost: ['event-store b'],
  },
  'Kafka passed it by': {
    polls: [
      [0, 'event-store', 'abc.'],
      [0, 'kafka', 'ac.'],
      [1_000, 'kafka', '.'],
    ],
    lost: ['kafka b'],
  },
  'the grace is not over': {
    polls: [
      [0, 'kafka', 'abc.'],
      [0, 'event-store', 'ac.'],
      [999, 'event-store', '.'],
    ],
    lost: [],
  },
  'the store is away since it passed it by': {
    polls: [
      [0, 'kafka', 'abc.'],
      [0, 'event-store', 'ac.'],
      [9_000, 'kafka', '.'],
    ],
    lost: [],
  },
  'the store is behind: complete, and without anything later': {
    polls: [
      [0, 'kafka', 'abc.'],
      [0, 'event-store', 'a.'],
      [9_000, 'event-store', '.'],
    ],
    lost: [],
  },
  'the store answers, with more to read': {
    polls: [
      [0, 'kafka', 'abc.'],
      [0, 'event-store', 'ac'],
      [9_000, 'event-store', ''],
    ],
    lost: [],
  },
  'it came a little later than its successor': {
    polls: [
      [0, 'kafka', 'abc.'],
      [0, 'event-store', 'ac.'],
      [500, 'event-store', 'b.'],
      [9_000, 'event-store', '.'],
    ],
    lost: [],
  },
  'Kafka brought it twice': {
    polls: [
      [0, 'kafka', 'abbc.'],
      [0, 'event-store', 'abc.'],
      [9_000, 'event-store', '.'],
    ],
    lost: [],
  },
  'the logs begin at different moments': {
    polls: [
      [0, 'kafka', 'abc.'],
      [0, 'event-store', 'bc.'],
      [9_000, 'event-store', '.'],
    ],
    lost: [],
  },
  'the logs begin where an earlier comparison ended': {
    polls: [
      [0, 'kafka', 'abc.'],
      [0, 'event-store', 'bc.'],
      [9_000, 'event-store', '.'],
    ],
    after: START,
    lost: ['event-store a'],
  },
};

describe('what is lost', () => {
  for (const [name, one] of Object.entries(CASES)) {
    test(name, () => expect(run(one).lost).toEqual(one.lost));
  }
});

test('what was settled is told no more, also when the other feed brings it after all', () => {
  const polls = CASES['the store passed it by and stayed complete for the grace']?.polls ?? [];
  const { comparison } = run({ polls, lost: [] });
  for (const { stored } of comparison.missed()) comparison.settle(stored);
  expect(lostOf(comparison)).toEqual([]);
  // Everything is dealt with, so the places are those of the logs' ends.
  expect(comparison.places()).toEqual({ 'event-store': 102, kafka: 53 });
  comparison.take('event-store', storedAt('b'.charCodeAt(0), 103), 2_000);
  for (const [feed, sequence] of [
    ['event-store', 104],
    ['kafka', 54],
  ] as const) {
    comparison.take(feed, storedAt('d'.charCodeAt(0), sequence), 2_000);
    comparison.proven(feed, sequence, sequence, 9_000);
  }
  expect(lostOf(comparison)).toEqual([]);
});

test('a feed that is far ahead waits for the other', () => {
  const comparison = createFeedComparison({ after: START, graceMs: GRACE_MS });
  const takeMany = (from: number, to: number) => {
    for (let position = from; position <= to; position += 1) {
      comparison.take('kafka', storedAt(position, START.kafka + position), 0);
    }
  };
  takeMany(1, WAITING_MAX - 1);
  expect(comparison.isAhead('kafka')).toBe(false);
  takeMany(WAITING_MAX, WAITING_MAX);
  expect(comparison.isAhead('kafka')).toBe(true);
  expect(comparison.isAhead('event-store')).toBe(false);
});

describe('in any order of polls, begun again at any moment', () => {
  const anyHolder = fc.constantFrom<readonly FeedKind[]>(
    FEED_KINDS,
    FEED_KINDS,
    ['kafka'],
    ['event-store'],
  );
  const anyStep = fc.record({
    feed: fc.constantFrom(...FEED_KINDS),
    count: fc.integer({ min: 1, max: 5 }),
    restart: fc.nat(9).map((one) => one === 0),
  });

  test('exactly the events between common ones that a feed lacks are told', () => {
    fc.assert(
      fc.property(fc.array(anyHolder, { maxLength: 25 }), fc.array(anyStep), (holders, steps) => {
        const logs = logsOf(holders);
        const told = new Set<string>();
        let nowMs = 0;
        let read: FeedPlaces = { 'event-store': 0, kafka: 0 };
        let comparison = createFeedComparison({ after: undefined, graceMs: GRACE_MS });
        const poll = (feed: FeedKind, count: number) => {
          nowMs += 100;
          const page = logs[feed].filter((one) => one.sequence > read[feed]).slice(0, count);
          for (const one of page) comparison.take(feed, one, nowMs);
          read = { ...read, [feed]: page.at(-1)?.sequence ?? read[feed] };
          comparison.proven(feed, read[feed], logs[feed].length, nowMs);
          for (const { missing, stored } of comparison.missed()) {
            told.add(`${missing} ${formatEventId(stored.event.id)}`);
            comparison.settle(stored);
          }
        };
        for (const { feed, count, restart } of steps) {
          if (restart) {
            const after = comparison.places();
            comparison = createFeedComparison({ after, graceMs: GRACE_MS });
            read = after ?? { 'event-store': 0, kafka: 0 };
          }
          poll(feed, count);
          comparison.places();
        }
        for (const feed of FEED_KINDS) poll(feed, 100);
        nowMs += GRACE_MS;
        for (const feed of FEED_KINDS) poll(feed, 100);
        expect(told).toEqual(lostIn(holders));
      }),
      { numRuns: 500 },
    );
  });
});

/** The logs in which each event has its place with those that hold it, both in one order. */
function logsOf(holders: readonly (readonly FeedKind[])[]) {
  const logs: Record<FeedKind, StoredEvent[]> = { 'event-store': [], kafka: [] };
  holders.forEach((feeds, position) => {
    for (const feed of feeds) logs[feed].push(storedAt(position, logs[feed].length + 1));
  });
  return logs;
}

function lostIn(holders: readonly (readonly FeedKind[])[]): ReadonlySet<string> {
  const isCommon = (feeds: readonly FeedKind[]) => feeds.length > 1;
  const first = holders.findIndex(isCommon);
  const last = holders.findLastIndex(isCommon);
  const lost = holders.flatMap((feeds, position) => {
    if (isCommon(feeds) || position < first || position > last) return [];
    return FEED_KINDS.filter((feed) => !feeds.includes(feed)).map(
      (missing) => `${missing} teg-a/${position}`,
    );
  });
  return new Set(lost);
}
