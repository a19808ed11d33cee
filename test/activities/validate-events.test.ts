// A validator's activity: which events stamp, what holds the watermark and what does not, and where
// it begins. The clock is the case’s own.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ValidatorCounts } from '../../src/ports.js';
import { at, stopTime } from '../support/activity-run.js';
import { feeEnvelope, type WireEnvelope } from '../support/wire-events.js';
import {
  createValidatorWorld,
  FEE_WAIT_MS,
  feeOf,
  later,
  ROTATION_MS,
  START_BACK_MS,
  START_MS,
  transferOf,
  type ValidatorWorld,
} from './validator-world.js';

beforeEach(() => stopTime(START_MS));
afterEach(() => void vi.useRealTimers());

interface Expected {
  /** The watermark that the activity returns. */
  readonly watermark: number;
  readonly told?: readonly string[];
  readonly recorded?: readonly string[];
  readonly counts?: Partial<ValidatorCounts>;
  readonly troubles?: readonly string[];
}

async function check(world: ValidatorWorld, expected: Expected): Promise<void> {
  const { watermark } = await world.run();
  expect(watermark).toEqual({ feed: world.feed.kind, place: expected.watermark });
  expect(world.told).toEqual(expected.told ?? []);
  expect(world.recorded).toEqual(expected.recorded ?? []);
  expect(world.states.at(-1)?.counts).toMatchObject(expected.counts ?? {});
  expect([...world.troubles]).toEqual(expected.troubles ?? []);
  expect(world.feed.subscriptions()).toBe(0);
}

describe('an event', () => {
  test('stamps its test with all its times, and is told', async () => {
    const world = createValidatorWorld();
    const one = await world.register('c1');
    world.bring(later(2_000), transferOf(one));
    const counts = { events: 2, stamped: 1, malformed: 0, unregistered: 0, backstopped: 0 };
    await check(world, { watermark: 1, told: ['tokens_xfer'], counts });
    expect(await world.stamps.stamps(one.testId)).toMatchObject([
      { name: 'tokens_xfer', frame: 'A', storedAtMs: later(2_000), seenAtMs: later(2_000) },
    ]);
    expect(world.states.at(-1)).toMatchObject({ lagMs: 0, stream: 'open', caughtUp: true });
  });

  test('that only the poll brings is counted as backstopped', async () => {
    const world = createValidatorWorld();
    const one = await world.register('c1');
    world.feed.setDeaf(true);
    world.bring(later(2_500), transferOf(one));
    const counts = { events: 1, stamped: 1, backstopped: 1 };
    await check(world, { watermark: 1, told: ['tokens_xfer'], counts });
    const [stamp] = await world.stamps.stamps(one.testId);
    expect(stamp?.seenAtMs).toBe(later(3_000));
  });

  test('of a closed test that has not passed is recorded', async () => {
    const world = createValidatorWorld();
    const one = await world.register('c1');
    world.ended.tests = true;
    await world.stamps.markDecided(one.testId, 'failed');
    world.bring(later(2_000), transferOf(one));
    await check(world, { watermark: 1, recorded: ['tokens_xfer'], counts: { stamped: 1 } });
  });

  test('of a closed test that has passed is no news', async () => {
    const world = createValidatorWorld();
    const one = await world.register('c1');
    world.ended.tests = true;
    await world.stamps.markDecided(one.testId, 'passed');
    world.bring(later(2_000), transferOf(one));
    await check(world, { watermark: 1, counts: { stamped: 1 } });
  });
});

describe('an event that must not stamp', () => {
  interface Case {
    readonly envelope: (honest: WireEnvelope) => WireEnvelope;
    readonly told?: readonly string[];
    readonly counts: Partial<ValidatorCounts>;
  }
  const data = (changes: object) => (honest: WireEnvelope) => ({
    ...honest,
    data: { ...honest.data, ...changes },
  });
  const nothing = { stamped: 0, malformed: 0, unregistered: 0 };
  const CASES: Readonly<Record<string, Case>> = {
    'of no form': { envelope: data({ amount: 'much' }), counts: { ...nothing, malformed: 1 } },
    'with a memo of no test': {
      envelope: data({ memo: 'canary-somebody' }),
      counts: { ...nothing, unregistered: 1 },
    },
    'with a memo of no form': {
      envelope: data({ memo: 'canary-../../etc' }),
      counts: { ...nothing, unregistered: 1 },
    },
    'of a user who pays a canary agent': {
      envelope: data({ memo: 'rent', sender: 'A1:user-1' }),
      counts: nothing,
    },
    'of a user': {
      envelope: data({ memo: 'rent', sender: 'A1:user-1', receiver: 'A1:user-2' }),
      counts: nothing,
    },
    'with another amount': {
      envelope: data({ amount: '0.020000' }),
      told: ['wrong_amount'],
      counts: nothing,
    },
    'with another sender and receiver': {
      envelope: data({ sender: 'A1:canary-2', receiver: 'A1:canary-1' }),
      told: ['wrong_sender wrong_receiver'],
      counts: nothing,
    },
    'of another backend': {
      envelope: (honest) => ({ ...honest, backend: '2pc' }),
      told: ['wrong_backend'],
      counts: nothing,
    },
  };
  for (const [name, { envelope, told = [], counts }] of Object.entries(CASES)) {
    test(name, async () => {
      const world = createValidatorWorld();
      const one = await world.register('c1');
      world.bring(later(2_000), envelope(transferOf(one)));
      await check(world, { watermark: 1, told, counts });
      expect(await world.stamps.stamps(one.testId)).toEqual([]);
    });
  }

  test('a second one of its kind: told, and the first stamp stays', async () => {
    const world = createValidatorWorld();
    const one = await world.register('c1');
    const first = transferOf(one);
    world.bring(later(2_000), first);
    world.bring(later(3_000), transferOf(one));
    const told = ['tokens_xfer', 'second_event'];
    await check(world, { watermark: 2, told, counts: { stamped: 1 } });
    const [stamp] = await world.stamps.stamps(one.testId);
    expect(stamp?.eventId.position).toBe(first.position);
  });
});

type Part = readonly [take: (world: ValidatorWorld, away: boolean) => void, trouble: string];

/** What takes a part away, and how the trouble is named that holds the watermark meanwhile. */
const PARTS: Readonly<Record<string, Part>> = {
  'the stamp store': [({ away }, is) => Object.assign(away, { stamps: is }), 'event'],
  Temporal: [({ away }, is) => Object.assign(away, { signals: is }), 'event'],
  'the feed': [({ feed }, is) => feed.setAway(is), 'poll'],
};

describe('the watermark', () => {
  for (const [part, [take, trouble]] of Object.entries(PARTS)) {
    test(`holds while ${part} is away, and moves when it is back`, async () => {
      const world = createValidatorWorld();
      const [one, two] = [await world.register('c1'), await world.register('c2')];
      world.bring(later(1_500), transferOf(one));
      at(later(10_000), () => take(world, true));
      world.bring(later(20_000), transferOf(two));
      at(later(60_000), () => take(world, false));
      await check(world, {
        watermark: 2,
        told: ['tokens_xfer', 'tokens_xfer'],
        counts: { stamped: 2 },
        troubles: [trouble],
      });
      const reports = [10_000, 59_000, 63_000].map((ms) => world.watermarkAt(later(ms)));
      expect(reports).toEqual([1, 1, 2]);
      // It says so all the while: not even a report is missing.
      expect(world.states.length).toBeGreaterThan(ROTATION_MS / 2_500);
    });
  }

  test('moves while nobody hears the reports', async () => {
    const world = createValidatorWorld();
    world.away.board = true;
    world.bring(later(2_000), transferOf(await world.register('c1')));
    await check(world, { watermark: 1, told: ['tokens_xfer'], troubles: ['report'] });
  });

  test('is returned where a store is away at rotation, before the event', async () => {
    const world = createValidatorWorld();
    const one = await world.register('c1');
    at(later(10_000), () => Object.assign(world.away, { signals: true }));
    world.bring(later(20_000), transferOf(one));
    await check(world, { watermark: 0, troubles: ['event'] });
    Object.assign(world.away, { signals: false });
    await world.run({ input: { feed: 'event-store', place: 0 } });
    expect(world.told).toEqual(['tokens_xfer']);
  });

  test('travels in every heartbeat, also while an event is held', async () => {
    const world = createValidatorWorld();
    world.bring(later(1_500), transferOf(await world.register('c1')));
    at(later(10_000), () => Object.assign(world.away, { stamps: true }));
    world.bring(later(20_000), transferOf(await world.register('c2')));
    const { heartbeats } = await world.run();
    expect(heartbeats.at(-1)).toEqual({ feed: 'event-store', place: 1 });
    expect(heartbeats.length).toBeGreaterThanOrEqual(ROTATION_MS / 1_000);
  });

  test('begins again where a log ends before it: the log was replaced', async () => {
    const world = createValidatorWorld();
    for (const cycle of ['c1', 'c2', 'c3']) {
      world.bring(later(2_000), transferOf(await world.register(cycle)));
    }
    at(later(10_000), () => world.feed.replaceLog());
    world.bring(later(20_000), transferOf(await world.register('c4')));
    const told = Array.from({ length: 4 }, () => 'tokens_xfer');
    await check(world, { watermark: 1, told, counts: { stamped: 4 }, troubles: ['log'] });
  });
});

describe('a validator begins', () => {
  /** Events long ago, one just within the final deadline; the places of the log count from 1. */
  async function withHistory(world: ValidatorWorld) {
    for (const atMs of [4, 3, 2].map((times) => later(-times * START_BACK_MS))) {
      world.feed.publish(transferOf(await world.register(`old-${atMs}`)), atMs);
    }
    world.feed.publish(transferOf(await world.register('new')), later(1 - START_BACK_MS));
  }
  const at2 = { feed: 'event-store', place: 2 } as const;
  const at3 = { ...at2, place: 3 } as const;
  test.each([
    ['one final deadline back, knowing nothing', {}, 1],
    ['where the workflow knows', { input: at2 }, 2],
    ['where an attempt that died was, whatever the workflow knows', { input: at2, beaten: at3 }, 1],
    [
      'one final deadline back, after a place of the other feed',
      { input: { feed: 'kafka', place: 0 } },
      1,
    ],
    ['where the workflow knows, after a heartbeat without a place', { input: at2, beaten: 'x' }, 2],
  ] as const)('%s', async (_, start, stamped) => {
    const world = createValidatorWorld();
    await withHistory(world);
    const { watermark } = await world.run(start);
    expect(watermark).toEqual({ feed: 'event-store', place: 4 });
    expect(world.told).toHaveLength(stamped);
  });
});

describe('a fee', () => {
  const fees = () => createValidatorWorld({ eventType: 'TransactionFeeCollected' });

  test('of a known transfer stamps at once, and nobody is told', async () => {
    const world = fees();
    const one = await world.register('c1');
    await world.stamps.markAccepted(one.testId, `transfer-of-${one.testId}`, START_MS);
    world.bring(later(2_000), feeOf(one));
    await check(world, { watermark: 1, counts: { stamped: 1 } });
  });

  test.each([
    ['within its wait: it stamps', FEE_WAIT_MS - 1_000, 1],
    ['after its wait: it was dropped', FEE_WAIT_MS + 3_000, 0],
  ])('whose transfer becomes known %s', async (_, knownMs, stamped) => {
    const world = fees();
    const one = await world.register('c1');
    world.bring(later(2_000), feeOf(one));
    const transferId = `transfer-of-${one.testId}`;
    at(later(2_000 + knownMs), () => world.stamps.indexTransfer(transferId, one.testId));
    await check(world, { watermark: 1, counts: { stamped, unregistered: 0 } });
    // It was waited for without holding the watermark, and its time is that of its first sight.
    expect(world.watermarkAt(later(4_000))).toBe(1);
    const seen = (await world.stamps.stamps(one.testId)).map(({ seenAtMs }) => seenAtMs);
    expect(seen).toEqual(stamped === 1 ? [later(2_000)] : []);
  });

  test('that is not what the rule says is told and does not stamp', async () => {
    const world = fees();
    const one = await world.register('c1');
    await world.stamps.markAccepted(one.testId, `transfer-of-${one.testId}`, START_MS);
    const data = { payer: one.path.sender, treasury: 'A:treasury', amount: '0.000011' };
    world.bring(later(2_000), { ...feeOf(one), data });
    await check(world, { watermark: 1, told: ['wrong_fee'], counts: { stamped: 0 } });
  });

  test('of a user is not even parsed', async () => {
    const world = fees();
    const data = { payer: 'A1:user-1', treasury: 'A:treasury', amount: 'nonsense' };
    world.bring(later(2_000), feeEnvelope({ data }));
    await check(world, { watermark: 1, counts: { events: 2, malformed: 0 } });
  });
});

test('a stream that was silent and speaks again is counted as reconnected', async () => {
  const world = createValidatorWorld();
  at(later(5_000), () => world.feed.setState('silent'));
  at(later(10_000), () => world.feed.setState('open'));
  at(later(15_000), () => world.feed.setState('closed'));
  await check(world, { watermark: 0, counts: { reconnects: 1 } });
  const at7 = world.states.findLast((one) => one.reportedAtMs <= later(7_000));
  expect([at7?.stream, world.states.at(-1)?.stream]).toEqual(['silent', 'closed']);
});
