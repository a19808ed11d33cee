// The look-back: what the stamp store and every EventStore answer, and which of them does not.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLookBackActivities } from '../../src/activities/look-back.js';
import { StoreUnavailableError } from '../../src/adapters/store-unavailable-error.js';
import type { FrameStoredEvent } from '../../src/domain/closing.js';
import type { FrameId } from '../../src/domain/frame.js';
import type { StampName } from '../../src/domain/stamp.js';
import type { LookBack } from '../../src/domain/verdict.js';
import {
  eventOf,
  FIRED_AT_MS,
  FRAMES,
  SHAPES,
  type Shape,
  stampAt,
  storedAt,
  testOf,
} from '../domain/builders.js';
import { storedEventsOf } from '../domain/platform.js';
import { begin, fakeClock, stopTime } from '../support/activity-run.js';
import { createMemoryEventStores, createMemoryGateway } from '../support/memory-platform.js';
import { createMemoryStamps } from '../support/memory-stamps.js';

const ASKED_AT_MS = FIRED_AT_MS + 62_000;

beforeEach(() => stopTime(ASKED_AT_MS));
afterEach(() => vi.useRealTimers());

interface Situation {
  readonly shape?: Shape;
  /** What the EventStores hold; nothing, unless told otherwise. */
  readonly held?: readonly FrameStoredEvent[];
  /** The stamps that validators brought. */
  readonly stamped?: readonly (readonly [StampName, FrameId])[];
  readonly fired?: boolean;
  /** The transfer that the answer to the fire named. */
  readonly accepted?: string;
  readonly storeAway?: boolean;
  readonly awayByMemo?: readonly FrameId[];
  readonly awayById?: readonly FrameId[];
}

async function lookBack(situation: Situation) {
  const { shape = 'async cross frame', held = [], stamped = [], fired = true } = situation;
  const one = testOf(SHAPES[shape]);
  const stamps = createMemoryStamps(fakeClock);
  await stamps.register(one);
  if (fired) await stamps.markFired(one.testId, FIRED_AT_MS);
  const { accepted } = situation;
  if (accepted !== undefined) await stamps.markAccepted(one.testId, accepted, FIRED_AT_MS + 50);
  for (const [name, frame] of stamped) await stamps.stamp(one.testId, stampAt(name, frame));
  const lookup = createMemoryEventStores(fakeClock);
  lookup.events.push(...held);
  for (const frame of situation.awayByMemo ?? []) lookup.away.byMemo.add(frame);
  for (const frame of situation.awayById ?? []) lookup.away.byTransferId.add(frame);
  const gateway = createMemoryGateway();
  gateway.offsets = { A: { offsetMs: 3, errorMs: 1 } };
  const away = async () => {
    throw new StoreUnavailableError('redis', 'stamps', 'connection refused');
  };
  const store = situation.storeAway === true ? { ...stamps, test: away, stamps: away } : stamps;
  const deps = { clock: fakeClock, frames: FRAMES, gateway, lookup, stamps: store };
  const found = await begin(createLookBackActivities(deps).lookBack, one).toEnd();
  return { found, asked: lookup.asked };
}

/** A look-back in words: what was seen, what only a store holds, who did not answer. */
function brief(found: LookBack): readonly string[] {
  return [
    ...found.stamps.map(({ name, frame }) => `seen ${frame}/${name}`),
    ...found.unseen.map(({ name, frame }) => `unseen ${frame}/${name}`),
    ...(found.anyEvent === true ? [] : ['no event']),
    ...found.unreachableFrames.map((frame) => `away ${frame}`),
    ...(found.storeReachable ? [] : ['store away']),
    found.fire.kind === 'accepted' ? found.fire.transferId : found.fire.kind,
    ...(found.firedAtMs === undefined ? ['never fired'] : []),
  ];
}

async function check(situation: Situation, words: readonly string[]): Promise<void> {
  expect(brief((await lookBack(situation)).found)).toEqual(words);
}

/** All that a whole platform holds of a test, memos as the backend writes them. */
function whole(shape: Shape = 'async cross frame'): readonly FrameStoredEvent[] {
  const wrap = SHAPES[shape].backend === '2pc' ? 'cross_registry:' : '';
  return storedEventsOf(testOf(SHAPES[shape]), FRAMES).map((one) => {
    const { event } = one.stored;
    const memo = event.memo === undefined ? undefined : `${wrap}${event.memo}`;
    return { ...one, stored: { ...one.stored, event: { ...event, memo } } };
  });
}

const only = (frames: readonly FrameId[]) => whole().filter(({ frame }) => frames.includes(frame));
const TRANSFER = `transfer-of-${testOf(SHAPES['async cross frame']).testId}`;
const AT_A = [
  'unseen A/tokens_xfer',
  'unseen A/cf_initiated',
  'unseen A/cf_settled_remote',
  'unseen A/fee_collected',
];
const AT_B = ['unseen B/cf_initiated', 'unseen B/cf_settled_local'];
const AT_C = ['unseen C/cf_initiated', 'unseen C/cf_settled_remote'];
const sorted = (words: readonly string[]) => [...words].sort();

describe('what is found', () => {
  test('own and foreign events of every frame, the fee by the transfer alone', async () => {
    const { found } = await lookBack({ held: whole() });
    const words = [...AT_A, ...AT_B, ...AT_C, 'unanswered'];
    expect(sorted(brief(found))).toEqual(sorted(words));
  });

  test.each<readonly [string, Situation, readonly string[]]>([
    ['nothing', {}, ['no event', 'unanswered']],
    ['nothing was ever fired', { fired: false }, ['no event', 'unanswered', 'never fired']],
    ['the answer to the fire', { accepted: 't-9' }, ['no event', 't-9']],
    [
      'what validators brought is not unseen',
      {
        held: only(['B']),
        stamped: [
          ['cf_initiated', 'B'],
          ['cf_settled_local', 'A'],
        ],
      },
      ['seen B/cf_initiated', 'seen A/cf_settled_local', 'unseen B/cf_settled_local', 'unanswered'],
    ],
    [
      '2pc, by the wrapped memo',
      { shape: '2pc same frame', held: whole('2pc same frame') },
      ['unseen A/tokens_xfer', 'unseen A/fee_collected', 'unanswered'],
    ],
    [
      'an event that differs shows only that there was one',
      {
        held: [
          storedAt(
            'A',
            eventOf(testOf(SHAPES['async cross frame']), 'TokensTransferred', {
              amountBaseUnits: 1n,
            }),
          ),
        ],
      },
      ['unanswered'],
    ],
    [
      'an event without its memo, by the transfer that the answer named',
      {
        accepted: TRANSFER,
        held: only(['B']).map((one) => ({
          ...one,
          stored: { ...one.stored, event: { ...one.stored.event, memo: undefined } },
        })),
      },
      [...AT_B, TRANSFER],
    ],
  ])('%s', (_, situation, words) => check(situation, words));

  test('by memo first, then by the transfer that an event of the test names', async () => {
    const one = testOf(SHAPES['async cross frame']);
    const forged = storedAt(
      'A',
      eventOf(one, 'TokensTransferred', { sender: 'A1:user-07', transferId: 'forged' }),
    );
    const { asked } = await lookBack({ held: [forged, ...only(['B'])] });
    expect(asked).toEqual([
      ...FRAMES.map((frame) => `${frame} canary-${one.testId}`),
      ...FRAMES.map((frame) => `${frame} ${TRANSFER}`),
    ]);
  });

  test('what is stored only after the question is not there', async () => {
    const late = only(['B']).map((one) => ({
      ...one,
      stored: { ...one.stored, storedAtMs: ASKED_AT_MS + 1 },
    }));
    await check({ held: late }, ['no event', 'unanswered']);
  });

  test('the clocks that could be measured, and when it was asked', async () => {
    const { found } = await lookBack({});
    expect(found.offsets).toEqual({ A: { offsetMs: 3, errorMs: 1 } });
    expect(found.askedAtMs).toBe(ASKED_AT_MS);
    expect(found.firedAtMs).toBe(FIRED_AT_MS);
  });
});

describe('what cannot be asked is said, and the rest is asked all the same', () => {
  test.each<readonly [string, Situation, readonly string[]]>([
    [
      'A by memo: the transfer is known from B and C, and brings back what A holds',
      { held: whole(), awayByMemo: ['A'] },
      [...AT_A, ...AT_B, ...AT_C, 'away A', 'unanswered'],
    ],
    [
      'A by transfer: the fee is not known',
      { held: whole(), awayById: ['A'] },
      [...AT_A.slice(0, 3), ...AT_B, ...AT_C, 'away A', 'unanswered'],
    ],
    [
      'A by both',
      { held: whole(), awayByMemo: ['A'], awayById: ['A'] },
      [...AT_B, ...AT_C, 'away A', 'unanswered'],
    ],
    [
      'B by both',
      { held: whole(), awayByMemo: ['B'], awayById: ['B'] },
      [...AT_A, ...AT_C, 'away B', 'unanswered'],
    ],
    [
      'one by memo, another by transfer',
      { held: only(['C']), awayByMemo: ['A'], awayById: ['B'] },
      [...AT_C, 'away A', 'away B', 'unanswered'],
    ],
    [
      'all of them',
      { held: whole(), awayByMemo: FRAMES },
      ['no event', 'away A', 'away B', 'away C', 'unanswered'],
    ],
    [
      'the stamp store: nothing is known of the fire',
      { held: only(['B']), accepted: TRANSFER, stamped: [['cf_initiated', 'B']], storeAway: true },
      [...AT_B, 'store away', 'unanswered', 'never fired'],
    ],
  ])('%s', async (_, situation, words) => {
    const { found } = await lookBack(situation);
    expect(sorted(brief(found))).toEqual(sorted(words));
  });
});
