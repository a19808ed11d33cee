// The evidence feed's activity: what one feed brought and the other lost is found once, on its
// test, and nothing else is told, whatever is away.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCompareActivities } from '../../src/activities/compare-feeds.js';
import type { CanaryTest } from '../../src/domain/test.js';
import { at, begin, stopTime } from '../support/activity-run.js';
import { testOf } from '../support/samples.js';
import { feeEnvelope } from '../support/wire-events.js';
import {
  createWorld,
  envelopeOf,
  later,
  PATH,
  ROTATION_MS,
  START_MS,
  type World,
} from './compare-world.js';

beforeEach(() => stopTime(START_MS));
afterEach(() => void vi.useRealTimers());

const BOTH = ['event-store', 'kafka'] as const;

interface Case {
  readonly play: (world: World) => void;
  readonly told: readonly string[];
  readonly troubles?: readonly string[];
}

/** Test 0 comes over both feeds first, so that they can be held against each other at all. */
const CASES: Readonly<Record<string, Case>> = {
  'a healthy platform': {
    play: (world) => world.bring(later(2_000), 1, ...BOTH),
    told: [],
  },
  'Kafka brought it, the store never showed it': {
    play(world) {
      world.bring(later(2_000), 1, 'kafka');
      world.bring(later(3_000), 2, ...BOTH);
    },
    told: ['missing_in_event_store 1'],
  },
  'the store showed it, Kafka never brought it': {
    play(world) {
      world.bring(later(2_000), 1, 'event-store');
      world.bring(later(3_000), 2, ...BOTH);
    },
    told: ['missing_in_kafka 1'],
  },
  'the store shows it within the grace': {
    play(world) {
      world.bring(later(2_000), 1, 'kafka');
      world.bring(later(3_000), 2, ...BOTH);
      world.bring(later(30_000), 1, 'event-store');
    },
    told: [],
  },
  'the store shows it long after it was told': {
    play(world) {
      world.bring(later(2_000), 1, 'kafka');
      world.bring(later(3_000), 2, ...BOTH);
      world.bring(later(100_000), 1, 'event-store');
      world.bring(later(101_000), 3, ...BOTH);
    },
    told: ['missing_in_event_store 1'],
  },
  'the store is behind: it has shown nothing later': {
    play(world) {
      world.bring(later(2_000), 1, 'kafka');
      world.bring(later(3_000), 2, 'kafka');
      world.bring(later(200_000), 1, 'event-store');
      world.bring(later(200_000), 2, 'event-store');
    },
    told: [],
  },
  'the store is away since it passed the event by, and has it when it is back': {
    play(world) {
      world.bring(later(2_000), 1, 'kafka');
      world.bring(later(3_000), 2, ...BOTH);
      at(later(10_000), () => world.feeds['event-store'].setAway(true));
      world.bring(later(100_000), 1, 'event-store');
      at(later(200_000), () => world.feeds['event-store'].setAway(false));
    },
    told: [],
    troubles: ['poll of event-store'],
  },
  'Kafka is away for a while and goes on where it was': {
    play(world) {
      at(later(2_000), () => world.feeds.kafka.setAway(true));
      world.bring(later(3_000), 1, ...BOTH);
      world.bring(later(4_000), 2, ...BOTH);
      at(later(100_000), () => world.feeds.kafka.setAway(false));
    },
    told: [],
    troubles: ['poll of kafka'],
  },
  'Kafka carries a second copy long after the first': {
    play(world) {
      world.bring(later(2_000), 1, ...BOTH);
      world.bring(later(3_000), 2, ...BOTH);
      world.holds(1);
      world.bring(later(60_000), 1, 'kafka');
      world.bring(later(61_000), 3, ...BOTH);
    },
    told: [],
  },
  'a memo that names no registered test': {
    play(world) {
      const forged = envelopeOf(testOf(PATH, 'never-registered'));
      at(later(2_000), () => world.feeds.kafka.publish(forged, later(2_000)));
      world.bring(later(3_000), 2, ...BOTH);
    },
    told: [],
  },
  'a fee of a transfer that is no test’s': {
    play(world) {
      at(later(2_000), () => world.feeds.kafka.publish(feeEnvelope(), later(2_000)));
      world.bring(later(3_000), 2, ...BOTH);
    },
    told: [],
  },
  'a record of no form': {
    play(world) {
      const broken = { ...envelopeOf(world.tests[0] as CanaryTest), committed_at: 'yesterday' };
      at(later(2_000), () => world.feeds.kafka.publish(broken, later(2_000)));
      world.bring(later(3_000), 2, ...BOTH);
    },
    told: [],
  },
  'nobody can be told for a while': {
    play(world) {
      world.bring(later(2_000), 1, 'kafka');
      world.bring(later(3_000), 2, ...BOTH);
      world.away.signals = true;
      at(later(100_000), () => {
        world.away.signals = false;
      });
    },
    told: ['missing_in_event_store 1'],
    troubles: ['report of a missed event'],
  },
  'the store cannot be asked for a while whether it has the event': {
    play(world) {
      world.bring(later(2_000), 1, 'kafka');
      world.bring(later(3_000), 2, ...BOTH);
      world.away.lookup = true;
      at(later(100_000), () => {
        world.away.lookup = false;
      });
    },
    told: ['missing_in_event_store 1'],
    troubles: ['report of a missed event'],
  },
  'the store’s log is replaced: what was before is compared no more': {
    play(world) {
      world.bring(later(2_000), 1, 'kafka');
      world.bring(later(3_000), 2, ...BOTH);
      at(later(20_000), () => world.feeds['event-store'].replaceLog());
      world.bring(later(100_000), 3, ...BOTH);
      world.bring(later(101_000), 4, 'kafka');
      world.bring(later(102_000), 5, ...BOTH);
    },
    told: ['missing_in_event_store 4'],
    troubles: ['log of event-store replaced'],
  },
};

describe('what is told of', () => {
  for (const [name, { play, told, troubles = [] }] of Object.entries(CASES)) {
    test(name, async () => {
      const world = await createWorld();
      world.bring(later(1_000), 0, ...BOTH);
      play(world);
      await world.run();
      expect(world.told).toEqual(told);
      expect([...new Set(world.troubles)]).toEqual(troubles);
      expect(world.feeds.kafka.subscriptions()).toBe(0);
    });
  }
});

describe('begun again', () => {
  test('after a rotation, from its places: told is what was not told before', async () => {
    const world = await createWorld();
    world.bring(later(1_000), 0, ...BOTH);
    world.bring(later(2_000), 1, 'kafka');
    world.bring(later(3_000), 2, ...BOTH);
    // Too late for the first run to see a later event on both feeds.
    world.bring(later(ROTATION_MS - 2_000), 3, 'kafka');
    world.bring(later(ROTATION_MS + 10_000), 4, ...BOTH);
    const first = await world.run();
    expect(world.told).toEqual(['missing_in_event_store 1']);
    expect(first).toEqual({ kind: 'rotated', places: { 'event-store': 2, kafka: 3 } });
    await world.run(first.kind === 'rotated' ? first.places : undefined);
    expect(world.told).toEqual(['missing_in_event_store 1', 'missing_in_event_store 3']);
  });

  test('after a kill, from its last heartbeat, not from what the workflow knows', async () => {
    const world = await createWorld();
    world.bring(later(-5_000), 0, 'kafka');
    world.bring(later(1_000), 1, ...BOTH);
    vi.advanceTimersByTime(2_000);
    // From the heartbeat on nothing is missing; from the workflow's places the first transfer is.
    await world.run({ 'event-store': 0, kafka: 0 }, { 'event-store': 0, kafka: 1 });
    expect(world.told).toEqual([]);
    await world.run({ 'event-store': 0, kafka: 0 });
    expect(world.told).toEqual(['missing_in_event_store 0']);
  });

  test('the store shows after it what was told before it', async () => {
    const world = await createWorld();
    world.bring(later(1_000), 0, ...BOTH);
    world.bring(later(2_000), 1, 'kafka');
    world.bring(later(3_000), 2, ...BOTH);
    const first = await world.run();
    world.bring(later(ROTATION_MS + 10_000), 1, 'event-store');
    world.bring(later(ROTATION_MS + 11_000), 3, ...BOTH);
    await world.run(first.kind === 'rotated' ? first.places : undefined);
    expect(world.told).toEqual(['missing_in_event_store 1']);
  });

  test('where the configuration has no evidence feed it is off', async () => {
    const { compareFeeds } = createCompareActivities({ feedPairs: {} } as never);
    const run = begin(compareFeeds, { frame: 'A', places: undefined });
    expect(await run.toEnd()).toEqual({ kind: 'off' });
  });
});
