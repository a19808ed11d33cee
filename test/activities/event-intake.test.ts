// The intake of a validator: one delivery is dealt with once, whoever brings it and however often,
// until the watermark has passed it.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createEventIntake,
  type EventIntake,
  type Source,
} from '../../src/activities/event-intake.js';
import { createHeldFees } from '../../src/activities/held-fees.js';
import type { EventFeed, RawEvent, TestSignal } from '../../src/ports.js';
import { fakeClock, stopTime } from '../support/activity-run.js';
import { createMemoryFeed } from '../support/memory-feed.js';
import { createMemoryStamps } from '../support/memory-stamps.js';
import { testOf } from '../support/samples.js';
import { INTRA, START_MS, transferOf } from './validator-world.js';

beforeEach(() => stopTime(START_MS));
afterEach(() => void vi.useRealTimers());

interface Harness {
  readonly intake: EventIntake;
  readonly signals: readonly TestSignal[];
  readonly away: { signals: boolean };
  take(sequence: number, source: Source): Promise<boolean>;
}

/** An intake and one registered test; its event can be delivered at any place. */
async function createHarness(): Promise<Harness> {
  const stamps = createMemoryStamps(fakeClock);
  const one = testOf(INTRA, 'c1');
  await stamps.register(one);
  const feed: EventFeed = createMemoryFeed();
  const signals: TestSignal[] = [];
  const away = { signals: false };
  const intake = createEventIntake({
    deps: {
      clock: fakeClock,
      feeds: { A: feed },
      board: { report: async () => undefined, states: async () => [] },
      stamps,
      tests: {
        async signal(_testId, signal) {
          if (away.signals) throw new Error('Temporal is away');
          signals.push(signal);
          return 'delivered';
        },
      },
      recordLate: async () => 'recorded',
      matches: () => true,
      settings: { pollIntervalMs: 1, rotationMs: 1, feeWaitMs: 1, startBackMs: 1 },
      worker: 'w1',
      onTrouble: () => undefined,
    },
    input: { frame: 'A', eventType: 'TokensTransferred', watermark: undefined },
    feed,
    fees: createHeldFees(60_000),
    retryMs: 200,
  });
  const text = JSON.stringify(transferOf(one));
  const rawAt = (offset: number): RawEvent => ({ text, offset, timestampMs: START_MS });
  return { intake, signals, away, take: (place, source) => intake.take(rawAt(place), source) };
}

interface Case {
  readonly deliveries: readonly (readonly [sequence: number, source: Source])[];
  /** Signals sent: the stamp is stored once, and told as often as a delivery is dealt with. */
  readonly told: number;
  readonly backstopped: number;
}

const CASES: Readonly<Record<string, Case>> = {
  'the stream, then the poll': {
    deliveries: [
      [7, 'stream'],
      [7, 'poll'],
    ],
    told: 1,
    backstopped: 0,
  },
  'the poll, then the stream': {
    deliveries: [
      [7, 'poll'],
      [7, 'stream'],
    ],
    told: 1,
    backstopped: 1,
  },
  'the stream twice': {
    deliveries: [
      [7, 'stream'],
      [7, 'stream'],
    ],
    told: 1,
    backstopped: 0,
  },
  'one event at two places: two deliveries': {
    deliveries: [
      [7, 'stream'],
      [8, 'stream'],
    ],
    told: 2,
    backstopped: 0,
  },
};

describe('one event, brought by', () => {
  for (const [name, { deliveries, told, backstopped }] of Object.entries(CASES)) {
    test(name, async () => {
      const { intake, signals, take } = await createHarness();
      const handled = await Promise.all(deliveries.map((delivery) => take(...delivery)));
      expect(handled).toEqual(deliveries.map(() => true));
      expect(signals).toHaveLength(told);
      expect(intake.counts()).toMatchObject({ events: deliveries.length, backstopped });
    });
  }
});

test('what comes again from before the watermark is not dealt with again', async () => {
  const { intake, signals, take } = await createHarness();
  await take(7, 'poll');
  intake.forgetThrough(7);
  expect(await take(7, 'stream')).toBe(true);
  expect(await take(8, 'poll')).toBe(true);
  expect(signals).toHaveLength(2);
  // A log that was replaced begins with low places again.
  intake.forgetThrough(0);
  expect(await take(7, 'poll')).toBe(true);
  expect(signals).toHaveLength(3);
});

test('an event is tried until it is told; stopped before, it was not dealt with', async () => {
  const { intake, signals, away, take } = await createHarness();
  away.signals = true;
  const first = take(7, 'stream');
  await vi.advanceTimersByTimeAsync(1_000);
  away.signals = false;
  await vi.advanceTimersByTimeAsync(200);
  expect(await first).toBe(true);
  expect(signals).toHaveLength(1);
  away.signals = true;
  const second = take(8, 'stream');
  await vi.advanceTimersByTimeAsync(1_000);
  intake.stop();
  await vi.advanceTimersByTimeAsync(200);
  expect(await second).toBe(false);
  expect(signals).toHaveLength(1);
});
