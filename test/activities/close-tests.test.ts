// Closing a cycle: what it waits for and how long, what it stores, what it says it does not know.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FrameId } from '../../src/domain/frame.js';
import { derivePaths } from '../../src/domain/path.js';
import { describeScoreboard } from '../../src/domain/scoreboard.js';
import type { StampName } from '../../src/domain/stamp.js';
import type { DecidedVerdict } from '../../src/domain/verdict.js';
import { WARM_UP_MAX_MS } from '../../src/domain/warm-up.js';
import { FIRED_AT_MS, FRAMES, type Shape, THREE_FRAMES } from '../domain/builders.js';
import { isOf, withOne } from '../domain/closing-samples.js';
import { at, stopTime } from '../support/activity-run.js';
import {
  openWorld,
  PASSED,
  type Script,
  validatorStates,
  type World,
  whole,
} from './close-world.js';

beforeEach(() => stopTime(FIRED_AT_MS));
afterEach(() => vi.useRealTimers());

const TIMEOUT: DecidedVerdict = {
  kind: 'failed',
  signal: 'timeout',
  phase: 'debit',
  missing: ['tokens_xfer'],
  reason: 'no tokens_xfer before the final deadline',
};
const FEE = isOf('TransactionFeeCollected');
const COMPLETED = isOf('CrossRegistryTransferCompleted');

/** What the store says of the only test: when it closed, in milliseconds, and with what. */
async function closed({ results, tests }: World): Promise<readonly string[]> {
  const testId = tests[0]?.testId ?? '';
  const result = await results.result(testId);
  if (result?.closedAtMs === undefined) return ['open'];
  const findings = await results.findings(testId);
  return [
    `at ${result.closedAtMs - FIRED_AT_MS}`,
    ...result.absent.map(({ frame, stamp }) => `absent ${frame}/${stamp}`),
    ...result.absentEvents.map(({ frame, eventType }) => `absent ${frame}/${eventType}`),
    ...result.unobserved.map(({ frame, stamp }) => `unobserved ${frame}/${stamp}`),
    ...result.unaskedFrames.map((frame) => `unasked ${frame}`),
    ...(result.degraded ? ['degraded'] : []),
    ...findings.map(({ kind }) => kind),
  ];
}

interface Away {
  readonly frame: FrameId;
  readonly untilMs?: number;
}

async function counted({ results }: World, tally: string): Promise<number> {
  const tallies = (await results.tallies()).filter((one) => one.tally === tally);
  return tallies.reduce((sum, { add }) => sum + add, 0);
}

function takeAway({ lookup }: World, { frame, untilMs }: Away): void {
  const sets = Object.values(lookup.away);
  for (const set of sets) set.add(frame);
  if (untilMs !== undefined) {
    at(FIRED_AT_MS + untilMs, () => {
      for (const set of sets) set.delete(frame);
    });
  }
}

async function check(
  script: Script,
  words: readonly string[],
  line: string,
  away: readonly Away[] = [],
): Promise<void> {
  const world = await openWorld([script]);
  for (const one of away) takeAway(world, one);
  const scoreboard = await world.beginClose().toEnd();
  expect(await closed(world)).toEqual(words);
  expect(describeScoreboard(scoreboard)).toBe(line);
  expect(scoreboard.clean).toBe(line === '1/1 passed');
  expect((await world.results.cycles(1))[0]?.scoreboard).toEqual(scoreboard);
  for (const tally of ['degraded', 'unknown'] as const) {
    expect(await counted(world, tally), tally).toBe(scoreboard[tally]);
  }
}

const never =
  (...names: readonly StampName[]) =>
  (stamp: { readonly name: StampName }) =>
    names.includes(stamp.name) ? ('never' as const) : 100;
const without = (shape: Shape, fits: ReturnType<typeof isOf>) =>
  whole(shape).filter((one) => !fits(one));

describe('a test that passed', () => {
  test.each<readonly [string, Script, readonly string[], string]>([
    ['closes once all is there', { shape: 'async cross frame' }, ['at 500'], '1/1 passed'],
    [
      'waits for an expected stamp',
      { shape: 'intra', broughtMs: ({ name }) => (name === 'fee_collected' ? 3_000 : 100) },
      ['at 3000'],
      '1/1 passed',
    ],
    [
      'waits no longer than the soft deadline, and looks back: the store has it',
      { shape: 'intra', broughtMs: never('fee_collected') },
      ['at 10000', 'unobserved A/fee_collected'],
      '1/1 passed',
    ],
    [
      'counts the soft deadline from its own fire',
      { shape: 'intra', firedMs: 7_000, decidedMs: 7_500, broughtMs: never('fee_collected') },
      ['at 17000', 'unobserved A/fee_collected'],
      '1/1 passed',
    ],
    [
      'is degraded where the platform never emitted it',
      { shape: 'intra', held: without('intra', FEE) },
      ['at 10000', 'absent A/fee_collected', 'absent A/TransactionFeeCollected', 'degraded'],
      '1/1 passed, 1 degraded',
    ],
    [
      'waits for Completed, which has no stamp',
      {
        shape: '2pc same frame',
        held: whole('2pc same frame').map((one) =>
          COMPLETED(one)
            ? { ...one, stored: { ...one.stored, storedAtMs: FIRED_AT_MS + 2_000 } }
            : one,
        ),
      },
      ['at 2000'],
      '1/1 passed',
    ],
    [
      'is degraded without Completed',
      { shape: '2pc same frame', held: without('2pc same frame', COMPLETED) },
      ['at 10000', 'absent A/CrossRegistryTransferCompleted', 'degraded'],
      '1/1 passed, 1 degraded',
    ],
    [
      'has a finding for a second event',
      {
        shape: 'intra',
        held: withOne('intra', 'A', 'TokensTransferred', {
          id: { producer: 'teg-a', position: 99 },
        }),
      },
      ['at 500', 'second_event'],
      '1/1 passed, 1 findings',
    ],
  ])('%s', (_, script, words, line) => check(script, words, line));

  test('by a transfer that only the stamp store knows', async () => {
    const held = whole('intra').map((one) => ({
      ...one,
      stored: { ...one.stored, event: { ...one.stored.event, memo: undefined } },
    }));
    const world = await openWorld([{ shape: 'intra', held: [], verdict: PASSED }]);
    world.lookup.events.push(...held);
    const transferId = held[0]?.stored.event.transferId ?? '';
    await world.stamps.markAccepted(world.tests[0]?.testId ?? '', transferId, FIRED_AT_MS);
    const result = { transferId: undefined };
    const read = world.results.resultsOfCycle;
    world.results.resultsOfCycle = async (id) =>
      (await read(id)).map((one) => ({ ...one, ...result }));
    await world.beginClose().toEnd();
    expect(await closed(world)).toEqual([
      'at 10000',
      'unobserved A/tokens_xfer',
      'unobserved A/fee_collected',
    ]);
  });
});

describe('a test that did not pass', () => {
  const failed = { shape: 'intra', verdict: TIMEOUT, decidedMs: 62_000 } as const;
  test.each<readonly [string, Script, readonly string[], string]>([
    [
      'expects nothing and closes at once',
      { ...failed, held: [] },
      ['at 62000'],
      '0/1 passed, 1 failed',
    ],
    [
      'has findings all the same',
      { ...failed, held: withOne('intra', 'B', 'TokensTransferred', {}, 'A') },
      ['at 62000', 'impossible_stamp'],
      '0/1 passed, 1 failed, 1 findings',
    ],
  ])('%s', (_, script, words, line) => check(script, words, line));

  test('is corrected by what only an EventStore holds by then', async () => {
    const world = await openWorld([failed]);
    await world.beginClose().toEnd();
    const corrections = await world.results.corrections(world.tests[0]?.testId ?? '');
    expect(corrections.map(({ kind }) => kind)).toEqual(['completion']);
  });
});

describe('an EventStore that does not answer', () => {
  const all = '1/1 passed';
  const unknown = '1/1 passed, 1 unknown';
  const cross = { shape: 'async cross frame' } as const;
  const blind: Script = { ...cross, broughtMs: (stamp) => (stamp.frame === 'B' ? 'never' : 100) };
  test.each<readonly [string, Script, readonly string[], string, readonly Away[]]>([
    ['is waited for', cross, ['at 30000'], all, [{ frame: 'B', untilMs: 30_000 }]],
    [
      'is waited for beyond the soft deadline, a whole final one',
      cross,
      ['at 69500'],
      all,
      [{ frame: 'B', untilMs: 69_500 }],
    ],
    ['is given up then, and said', cross, ['at 70000', 'unasked B'], unknown, [{ frame: 'B' }]],
    [
      'makes nothing absent that nobody brought there',
      blind,
      ['at 70000', 'unasked B'],
      unknown,
      [{ frame: 'B' }],
    ],
    [
      'does not hide what another lacks',
      { ...blind, held: without('async cross frame', FEE) },
      [
        'at 70000',
        'absent A/fee_collected',
        'absent A/TransactionFeeCollected',
        'unasked B',
        'degraded',
      ],
      '1/1 passed, 1 degraded, 1 unknown',
      [{ frame: 'B' }],
    ],
    [
      'where none does',
      { ...cross, broughtMs: () => 'never' },
      ['at 70000', 'unasked A', 'unasked B', 'unasked C'],
      unknown,
      FRAMES.map((frame) => ({ frame })),
    ],
    [
      'is said of a test that failed, too',
      { shape: 'intra', verdict: TIMEOUT, decidedMs: 62_000, held: [] },
      ['at 70000', 'unasked B'],
      '0/1 passed, 1 failed, 1 unknown',
      [{ frame: 'B' }],
    ],
  ])('%s', (_, script, words, line, away) => check(script, words, line, away));

  test('for one of the two questions only has not been asked in whole', async () => {
    const world = await openWorld([cross]);
    world.lookup.away.byTransferId.add('A');
    await world.beginClose().toEnd();
    expect(await closed(world)).toEqual(['at 70000', 'unasked A']);
  });

  test('but hangs does not keep the close from its heartbeats', async () => {
    const world = await openWorld([cross]);
    const hang = () =>
      new Promise<never>((_, reject) => setTimeout(() => reject(new Error()), 9_000));
    const run = world.beginClose(undefined, { byMemo: hang });
    const scoreboard = await run.toEnd();
    expect(scoreboard.unknown).toBe(1);
    const closedAfterMs = ((await world.results.cycles(1))[0]?.closedAtMs ?? 0) - FIRED_AT_MS;
    expect(run.heartbeats.length).toBe(Math.floor(closedAfterMs / 2_000));
  });
});

describe('a test without a verdict', () => {
  const lost = { shape: 'intra', verdict: 'none' } as const;
  const LOST = '0/1 passed, 1 lost';
  test.each<readonly [string, Script, number, number]>([
    ['is lost when its deadline is long past', lost, 0, 180_000],
    ['is lost later when nobody knows of a fire', { ...lost, firedMs: 'never' }, 0, 240_000],
    ['is lost later when it was fired late', { ...lost, firedMs: 100_000 }, 0, 280_000],
    ['is not lost because somebody came late to look', lost, 900_000, 1_020_000],
  ])('%s', async (_, script, fromMs, lostMs) => {
    const world = await openWorld([script]);
    await vi.advanceTimersByTimeAsync(fromMs);
    const scoreboard = await world.beginClose().toEnd();
    expect(describeScoreboard(scoreboard)).toBe(LOST);
    expect(scoreboard.clean).toBe(false);
    const [cycle] = await world.results.cycles(1);
    expect((cycle?.closedAtMs ?? 0) - FIRED_AT_MS).toBe(lostMs);
  });

  test('that comes in the end is closed, however late', () =>
    check({ shape: 'intra', firedMs: 100_000, decidedMs: 270_000 }, ['at 270000'], '1/1 passed'));
});

describe('a close that is killed', () => {
  test('goes on where it stopped: each test closed once, each counted once', async () => {
    const quick: Script = { shape: 'intra' };
    const slow: Script = { shape: '2pc same frame', broughtMs: never('fee_collected') };
    const world = await openWorld([quick, slow]);
    const killed = world.beginClose();
    killed.cancelAt(FIRED_AT_MS + 5_000);
    await expect(killed.toEnd()).rejects.toThrow(/TIMED_OUT|CANCELLED/);
    const before = await world.results.resultsOfCycle(world.plan.cycleId);
    expect(before.map((one) => one.closedAtMs)).toEqual([FIRED_AT_MS + 500, undefined]);
    const scoreboard = await world.beginClose().toEnd();
    expect(describeScoreboard(scoreboard)).toBe('2/2 passed');
    const after = await world.results.resultsOfCycle(world.plan.cycleId);
    expect(after.map((one) => one.closedAtMs)).toEqual([FIRED_AT_MS + 500, FIRED_AT_MS + 10_000]);
    expect(await counted(world, 'observer_share_count')).toBe(2);
    expect(await counted(world, 'unobserved')).toBe(1);
    expect(await world.beginClose().toEnd()).toEqual(scoreboard);
    expect(await counted(world, 'cycles')).toBe(1);
  });

  test('has marked as decided what it has closed', async () => {
    const world = await openWorld([{ shape: 'intra' }]);
    await world.beginClose().toEnd();
    expect((await world.stamps.test(world.tests[0]?.testId ?? ''))?.outcome).toBe('passed');
  });
});

describe('the clocks of the frames', () => {
  const latencies = async ({ results, plan }: World) =>
    (await results.resultsOfCycle(plan.cycleId)).map((one) => one.latencies.committedMs);

  test('are measured again for whoever closes later', async () => {
    const late: Script = {
      shape: '2pc same frame',
      softMs: 40_000,
      broughtMs: ({ name }) => (name === 'fee_collected' ? 30_000 : 100),
    };
    const world = await openWorld([{ shape: 'intra' }, late]);
    at(FIRED_AT_MS + 20_000, () => {
      world.gateway.offsets = { ...world.gateway.offsets, A: { offsetMs: 30, errorMs: 1 } };
    });
    await world.beginClose().toEnd();
    // Committed 80 ms after the fire by A's clock, which is then found to be 30 ms ahead.
    expect(await latencies(world)).toEqual([80, 50]);
  });

  test('are measured once for those that close together', async () => {
    const world = await openWorld([{ shape: 'intra' }, { shape: '2pc same frame' }]);
    await world.beginClose().toEnd();
    expect(world.gateway.measured).toEqual([...FRAMES]);
  });

  test('not measured, or not well enough, leave the committed latency empty', async () => {
    const world = await openWorld([{ shape: 'intra' }, { shape: 'async cross frame' }]);
    world.gateway.offsets = { A: { offsetMs: 0, errorMs: 81 } };
    await world.beginClose().toEnd();
    expect(await latencies(world)).toEqual([undefined, undefined]);
  });
});

describe('a warm-up', () => {
  const PATHS = derivePaths(THREE_FRAMES);
  const CLEAN: Script = { shape: 'intra' };
  const DEGRADED: Script = { shape: 'intra', held: without('intra', FEE) };
  interface Case {
    readonly script?: Script;
    readonly behind?: FrameId;
    readonly partial?: boolean;
    readonly begunMs?: number;
  }
  test.each<readonly [string, Case, boolean]>([
    ['ends by a clean cycle', {}, true],
    ['not by one that is not clean', { script: DEGRADED }, false],
    ['not by one of some paths', { partial: true }, false],
    ['not while a validator is behind', { behind: 'C' }, false],
    ['not by a cycle from before it', { begunMs: 50 }, false],
    ['ends by its limit all the same', { script: DEGRADED, begunMs: -WARM_UP_MAX_MS }, true],
  ])('%s', async (_, { script = CLEAN, behind, partial = false, begunMs = -20 }, ended) => {
    const world = await openWorld([script]);
    world.states.push(...validatorStates(behind));
    await world.results.beginWarmUp(FIRED_AT_MS + begunMs);
    await world.beginClose(partial ? PATHS : undefined).toEnd();
    expect((await world.results.warmUp())?.endedAtMs !== undefined).toBe(ended);
  });
});
