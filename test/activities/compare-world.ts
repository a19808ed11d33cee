// Two feeds of a frame in memory, tests whose transfers they bring, and what is told of them.
import { expect } from 'vitest';
import { type Compared, createCompareActivities } from '../../src/activities/compare-feeds.js';
import { PlatformUnavailableError } from '../../src/adapters/platform-unavailable-error.js';
import type { StoredEvent } from '../../src/domain/event.js';
import type { FeedPlaces } from '../../src/domain/feed-comparison.js';
import type { FeedKind } from '../../src/domain/feed-kind.js';
import { createMatcher } from '../../src/domain/mark.js';
import type { CanaryTest } from '../../src/domain/test.js';
import type { StampStore, TestSignal } from '../../src/ports.js';
import { at, begin, fakeClock } from '../support/activity-run.js';
import { createMemoryResults } from '../support/memory-results.js';
import { createMemoryStamps } from '../support/memory-stamps.js';
import { testOf } from '../support/samples.js';
import { createSwitchedFeed, type SwitchedFeed } from '../support/switched-feed.js';
import { transferEnvelope, type WireEnvelope } from '../support/wire-events.js';

export const START_MS = Date.parse('2026-11-23T18:30:00.000Z');
/** A moment after the start. */
export const later = (ms: number): number => START_MS + ms;

const GRACE_MS = 30_000;
export const ROTATION_MS = 300_000;
export const PATH = 'A1.1-A1.2-intra';

export interface World {
  readonly feeds: Readonly<Record<FeedKind, SwitchedFeed>>;
  readonly stamps: StampStore;
  readonly tests: readonly CanaryTest[];
  readonly away: { lookup: boolean; signals: boolean };
  /** Findings as the workflows got them: kind and the test's number. */
  readonly told: string[];
  readonly troubles: string[];
  /** Lets the EventStore's look-up answer with the transfer of a test. */
  holds(test: number): void;
  /** Brings the transfer of a test on some feeds, at a moment. */
  bring(atMs: number, test: number, ...feeds: readonly FeedKind[]): void;
  run(places?: FeedPlaces, beaten?: unknown): Promise<Compared>;
}

export async function createWorld(): Promise<World> {
  const feeds = {
    'event-store': createSwitchedFeed('event-store'),
    kafka: createSwitchedFeed('kafka'),
  };
  const stamps = createMemoryStamps(fakeClock);
  const results = createMemoryResults();
  const tests = Array.from({ length: 9 }, (_, index) => testOf(PATH, `cycle-${index}`));
  for (const one of tests) await stamps.register(one);
  const envelopes = tests.map((one) => envelopeOf(one));
  const held: StoredEvent[] = [];
  const world = {
    feeds,
    stamps,
    tests,
    away: { lookup: false, signals: false },
    told: [] as string[],
    troubles: [] as string[],
  };
  const signal = async (testId: string, { findings }: TestSignal) => {
    if (world.away.signals) throw new Error('Temporal is away');
    const number = tests.findIndex((one) => one.testId === testId);
    world.told.push(...findings.map(({ kind }) => `${kind} ${number}`));
    await results.append(testId, { findings, corrections: [] });
    return 'delivered' as const;
  };
  const { compareFeeds } = createCompareActivities({
    clock: fakeClock,
    feedPairs: { A: feeds },
    lookup: {
      async byTransferId(frame, transferId) {
        if (world.away.lookup) throw new PlatformUnavailableError(frame, 'memory', 'switched off');
        return held.filter(({ event }) => event.transferId === transferId);
      },
    },
    results,
    stamps,
    tests: { signal },
    recordLate: async () => expect.unreachable('every test of these cases is open'),
    matches: createMatcher(['canary-', 'A1:canary-1']),
    settings: { pollIntervalMs: 1_000, rotationMs: ROTATION_MS, graceMs: GRACE_MS },
    onTrouble: (_frame, what) => void world.troubles.push(what),
  });
  return {
    ...world,
    bring(atMs, number, ...kinds) {
      const envelope = envelopes[number];
      if (envelope === undefined) throw new Error(`no test ${number}`);
      for (const kind of kinds) at(atMs, () => feeds[kind].publish(envelope, atMs));
    },
    holds(number) {
      const text = JSON.stringify(envelopes[number]);
      const parsed = feeds.kafka.parse({ text, offset: 1, timestampMs: START_MS });
      if (parsed.kind !== 'event') throw new Error(`no transfer of test ${number}`);
      held.push(parsed.stored);
    },
    run: (places, heartbeatDetails) =>
      begin(compareFeeds, { frame: 'A', places }, { heartbeatDetails }).toEnd(),
  };
}

export function envelopeOf(one: CanaryTest): WireEnvelope {
  return transferEnvelope({
    event_type: 'TokensTransferred',
    backend: 'intra',
    data: {
      memo: `canary-${one.testId}`,
      sender: one.path.sender,
      receiver: one.path.receiver,
      sender_frame: 'A',
      receiver_frame: 'A',
      amount: '0.010000',
    },
  });
}
