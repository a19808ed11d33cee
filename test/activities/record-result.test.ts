// Recording: the first call stores, every call appends what the stored verdict does not explain.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createRecordActivities,
  createRecordLate,
  type Decision,
} from '../../src/activities/record-result.js';
import { StoreUnavailableError } from '../../src/adapters/store-unavailable-error.js';
import type { ClockOffsets } from '../../src/domain/clock.js';
import type { Finding } from '../../src/domain/finding.js';
import type { Stamp } from '../../src/domain/stamp.js';
import type { DecidedVerdict } from '../../src/domain/verdict.js';
import { ACCEPTED, FIRED_AT_MS, FRAMES, SHAPES, stampAt, testOf } from '../domain/builders.js';
import { begin, fakeClock, stopTime } from '../support/activity-run.js';
import { createMemoryGateway } from '../support/memory-platform.js';
import { createMemoryResults } from '../support/memory-results.js';
import { createMemoryStamps } from '../support/memory-stamps.js';

beforeEach(() => stopTime(FIRED_AT_MS + 120));
afterEach(() => vi.useRealTimers());

const ONE = testOf(SHAPES['async cross frame']);
const { testId } = ONE;
const INITIATED = stampAt('cf_initiated');
const SETTLED = stampAt('cf_settled_local', 'B');
const REFUNDED = stampAt('cf_refunded');
const PASSED: DecidedVerdict = { kind: 'passed' };
const TIMEOUT: DecidedVerdict = {
  kind: 'failed',
  signal: 'timeout',
  phase: 'settlement',
  missing: ['cf_settled_local', 'cf_settled_remote'],
  reason: 'no cf_settled_local, cf_settled_remote before the final deadline',
};
const FINDING: Finding = { kind: 'wrong_fee', testId, subject: 'teg-a/2', evidence: 'seen' };

const decided = (over: Partial<Decision>): Decision => ({
  test: ONE,
  verdict: PASSED,
  stamps: [INITIATED, SETTLED],
  unseen: [],
  findings: [],
  fire: ACCEPTED,
  firedAtMs: FIRED_AT_MS,
  ...over,
});

async function openWorld(offsets: ClockOffsets = {}) {
  const results = createMemoryResults();
  const stamps = createMemoryStamps(fakeClock);
  await stamps.register(ONE);
  const gateway = createMemoryGateway();
  gateway.offsets = offsets;
  let marking = true;
  const markFailures: unknown[] = [];
  const { recordResult } = createRecordActivities({
    clock: fakeClock,
    frames: FRAMES,
    gateway,
    results,
    stamps: {
      ...stamps,
      async markDecided(...given) {
        if (!marking) throw new StoreUnavailableError('redis', 'markDecided', 'refused');
        await stamps.markDecided(...given);
      },
    },
    onMarkFailure: (id, error) => markFailures.push(id, error),
  });
  return {
    results,
    stamps,
    gateway,
    markFailures,
    recordLate: createRecordLate({ results, stamps }),
    record: (over: Partial<Decision> = {}) => begin(recordResult, decided(over)).toEnd(),
    setMarking: (on: boolean) => {
      marking = on;
    },
  };
}

type World = Awaited<ReturnType<typeof openWorld>>;

/** What the store says of the test: its verdict, its corrections and its findings. */
async function told({ results }: World): Promise<readonly string[]> {
  const stored = await results.result(testId);
  const corrections = await results.corrections(testId);
  const findings = await results.findings(testId);
  return [
    ...(stored === undefined ? [] : [stored.failureSignal ?? stored.outcome]),
    ...corrections.map(({ kind }) => `correction ${kind}`),
    ...findings.map(({ kind, subject }) => `${kind} ${subject}`),
  ];
}

async function counted({ results }: World, tally: string): Promise<number> {
  const tallies = (await results.tallies()).filter((one) => one.tally === tally);
  return tallies.reduce((sum, { add }) => sum + add, 0);
}

async function check(
  calls: readonly Partial<Decision>[],
  outcome: string,
  words: readonly string[],
): Promise<void> {
  const world = await openWorld();
  let answered: string | undefined;
  for (const call of calls) answered = await world.record(call);
  expect(answered).toBe(outcome);
  expect(await told(world)).toEqual(words);
  expect(await counted(world, 'tests')).toBe(1);
  expect(await counted(world, 'corrections')).toBe(
    words.filter((word) => word.startsWith('correction')).length,
  );
}

describe('the first call stores the verdict, later ones append', () => {
  const open = { verdict: TIMEOUT, stamps: [INITIATED] };
  test.each<readonly [string, readonly Partial<Decision>[], string, readonly string[]]>([
    ['once', [{}], 'passed', ['passed']],
    ['twice', [{}, {}], 'passed', ['passed']],
    ['another verdict changes nothing', [{}, { verdict: TIMEOUT }], 'passed', ['passed']],
    [
      'a finding that comes with it',
      [{ findings: [FINDING] }],
      'passed',
      ['passed', 'wrong_fee teg-a/2'],
    ],
    [
      'the same finding again',
      [{ findings: [FINDING] }, { findings: [FINDING] }],
      'passed',
      ['passed', 'wrong_fee teg-a/2'],
    ],
    [
      'a completion after a timeout',
      [open, { ...open, stamps: [INITIATED, SETTLED] }],
      'failed',
      ['timeout', 'correction completion'],
    ],
    [
      'what is complete only with what no validator saw, and came too late for the verdict',
      [{ ...open, unseen: [SETTLED] }],
      'failed',
      ['timeout', 'correction completion'],
    ],
    [
      'a refund after passed',
      [{}, { stamps: [INITIATED, SETTLED, REFUNDED] }],
      'passed',
      ['passed', 'correction refund'],
    ],
    [
      'the same news again',
      [{}, { stamps: [REFUNDED] }, { stamps: [REFUNDED] }],
      'passed',
      ['passed', 'correction refund'],
    ],
  ])('%s', (_, calls, outcome, words) => check(calls, outcome, words));
});

describe('the mark in the stamp store', () => {
  test('follows the verdict that is stored', async () => {
    const world = await openWorld();
    await world.record({ verdict: TIMEOUT, stamps: [INITIATED] });
    await world.record();
    expect((await world.stamps.test(testId))?.outcome).toBe('failed');
    expect(world.markFailures).toEqual([]);
  });

  test('does not hold the verdict while the store is away; the next call makes it', async () => {
    const world = await openWorld();
    world.setMarking(false);
    await world.record();
    expect(await told(world)).toEqual(['passed']);
    expect(world.markFailures).toEqual([testId, expect.any(StoreUnavailableError)]);
    expect((await world.stamps.test(testId))?.outcome).toBeUndefined();
    world.setMarking(true);
    await world.record();
    expect((await world.stamps.test(testId))?.outcome).toBe('passed');
    expect(await counted(world, 'tests')).toBe(1);
  });
});

describe('late', () => {
  const past = (ms: number): readonly Stamp[] => [
    INITIATED,
    {
      ...SETTLED,
      originCommittedAtMs: FIRED_AT_MS + ONE.deadlines.softMs + ms,
      seenAtMs: FIRED_AT_MS + ONE.deadlines.softMs + 300,
    },
  ];
  const exact = { offsetMs: 0, errorMs: 1 };
  const all = { A: exact, B: exact, C: exact };
  test.each<readonly [string, Partial<Decision>, ClockOffsets, boolean, readonly string[]]>([
    ['seen in time: no clock is asked', {}, all, false, []],
    ['committed late', { stamps: past(200) }, all, true, [...FRAMES]],
    ['seen late, committed in time', { stamps: past(-1) }, all, false, [...FRAMES]],
    [
      'late only by B’s clock, which is ahead',
      { stamps: past(200) },
      { ...all, B: { offsetMs: 250, errorMs: 1 } },
      false,
      [...FRAMES],
    ],
    ['B’s clock could not be measured', { stamps: past(200) }, {}, false, [...FRAMES]],
    ['a test that failed is not late', { verdict: TIMEOUT, stamps: past(200) }, all, false, []],
  ])('%s', async (_, over, offsets, late, measured) => {
    const world = await openWorld(offsets);
    await world.record(over);
    expect((await world.results.result(testId))?.late).toBe(late);
    expect(world.gateway.measured).toEqual(measured);
    expect(await counted(world, 'late')).toBe(late ? 1 : 0);
  });
});

describe('facts about a test whose workflow is no more', () => {
  const stamps = (...given: readonly Stamp[]) => ({ stamps: given, findings: [] });
  test.each<
    readonly [string, DecidedVerdict, Parameters<World['recordLate']>[1], readonly string[]]
  >([
    ['a refund of what passed', PASSED, stamps(REFUNDED), ['passed', 'correction refund']],
    ['a completion of what passed is no news', PASSED, stamps(SETTLED), ['passed']],
    [
      'a completion of what had timed out',
      TIMEOUT,
      stamps(SETTLED),
      ['timeout', 'correction completion'],
    ],
    ['a finding', PASSED, { stamps: [], findings: [FINDING] }, ['passed', 'wrong_fee teg-a/2']],
  ])('%s', async (_, verdict, facts, words) => {
    const world = await openWorld();
    await world.record({ verdict, stamps: [INITIATED] });
    // The other half of a completion is known to the stamp store alone.
    await world.stamps.stamp(testId, INITIATED);
    for (let call = 0; call < 2; call += 1) {
      expect(await world.recordLate(testId, facts)).toBe('recorded');
    }
    expect(await told(world)).toEqual(words);
  });

  test('without a stored verdict there is nothing to correct, and a finding is kept', async () => {
    const world = await openWorld();
    const facts = { stamps: [REFUNDED], findings: [FINDING] };
    expect(await world.recordLate(testId, facts)).toBe('no_result');
    expect(await told(world)).toEqual(['wrong_fee teg-a/2']);
    expect(await world.recordLate('a test that nobody knows', facts)).toBe('no_result');
    expect(await world.recordLate(testId, stamps(REFUNDED))).toBe('no_result');
  });
});
