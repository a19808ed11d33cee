// Planning a cycle and starting its tests: the same ids whoever plans, each test started once.
import { ApplicationFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCycleActivities, type PlanRequest } from '../../src/activities/run-cycle.js';
import { TemporalUnavailableError } from '../../src/adapters/temporal-unavailable-error.js';
import { derivePaths } from '../../src/domain/path.js';
import { WARM_UP_MAX_MS } from '../../src/domain/warm-up.js';
import type { NewWindow } from '../../src/domain/window.js';
import type { TestWorkflows } from '../../src/ports.js';
import { FRAMES, REFERENCE } from '../domain/builders.js';
import { begin, fakeClock, stopTime } from '../support/activity-run.js';
import { createMemoryEventStores, createMemoryGateway } from '../support/memory-platform.js';
import { createMemoryResults } from '../support/memory-results.js';
import { createMemoryStamps } from '../support/memory-stamps.js';
import { createMemoryWindows } from '../support/memory-windows.js';

const SLOT_MS = Date.UTC(2026, 10, 23, 18, 30);
const MINUTE_MS = 60_000;
const PATHS = derivePaths(REFERENCE);

beforeEach(() => stopTime(SLOT_MS + 20));
afterEach(() => vi.useRealTimers());

function openWorld() {
  const results = createMemoryResults();
  const windows = createMemoryWindows();
  const started: { readonly testId: string; readonly afterMs: number }[] = [];
  const known = new Set<string>();
  let temporalAway = false;
  const tests: TestWorkflows = {
    async start({ testId }) {
      if (temporalAway) throw new TemporalUnavailableError('start', testId, 'away');
      started.push({ testId, afterMs: fakeClock.nowMs() - SLOT_MS - 20 });
      if (known.has(testId)) return 'already_started';
      known.add(testId);
      return 'started';
    },
    signal: async () => 'closed',
  };
  const deadlines = { softMs: 10_000, finalMs: 60_000 };
  const activities = createCycleActivities({
    clock: fakeClock,
    frames: FRAMES,
    gateway: createMemoryGateway(),
    lookup: createMemoryEventStores(fakeClock),
    results,
    stamps: createMemoryStamps(fakeClock),
    tests,
    windows,
    validators: { report: async () => undefined, states: async () => [] },
    settings: {
      paths: PATHS,
      intervalMs: MINUTE_MS,
      spreadMs: 40_000,
      amountBaseUnits: 10_000n,
      feeBasisPoints: 10,
      deadlines: { intra: deadlines, async: deadlines, '2pc': deadlines },
    },
  });
  const plan = (request: Partial<PlanRequest> = {}) =>
    begin(activities.planCycle, {
      slot: 'scheduled',
      pathIds: [],
      dueAtMs: SLOT_MS,
      runId: 'canary-cycle/2026-11-23T18:30:00Z',
      ...request,
    }).toEnd();
  return {
    results,
    windows,
    activities,
    started,
    known,
    plan,
    setTemporalAway: (away: boolean) => {
      temporalAway = away;
    },
  };
}

describe('a plan', () => {
  test('has every path once, under ids that a second planning gives again', async () => {
    const { plan, results } = openWorld();
    const first = await plan();
    const ids = first.tests.map(({ testId }) => testId);
    expect(ids).toEqual(PATHS.map(({ id }) => `20261123T183000Z-${id}`));
    expect(new Set(ids).size).toBe(30);
    await vi.advanceTimersByTimeAsync(3_000);
    expect((await plan()).tests).toEqual(first.tests);
    const [cycle, ...others] = await results.cycles(10);
    expect(others).toEqual([]);
    expect(cycle).toMatchObject({ cycleId: '20261123T183000Z', slotMs: SLOT_MS, planned: 30 });
  });

  test.each<readonly [string, Partial<PlanRequest>, string, number | undefined, number]>([
    ['of the schedule', {}, '20261123T183000Z', SLOT_MS, 30],
    [
      'without a due time is of this moment',
      { dueAtMs: undefined },
      '20261123T183000Z',
      SLOT_MS + 20,
      30,
    ],
    [
      'by hand has no slot, and the name of its run',
      { slot: 'manual', runId: 'canary-cycle/hand-7', pathIds: ['A1.1-A1.2-intra'] },
      'hand-7',
      undefined,
      1,
    ],
    [
      'by hand of a path given twice',
      { slot: 'manual', runId: 'hand-8', pathIds: ['A1.1-A1.2-intra', 'A1.1-A1.2-intra'] },
      'hand-8',
      undefined,
      1,
    ],
  ])('%s', async (_, request, cycleId, slotMs, planned) => {
    const { plan, results } = openWorld();
    const made = await plan(request);
    expect(made).toMatchObject({ cycleId, startedAtMs: SLOT_MS + 20, spreadMs: 40_000 });
    expect(made.tests).toHaveLength(planned);
    expect(await results.cycles(1)).toMatchObject([{ cycleId, slotMs, planned }]);
  });

  test('of a path that nobody knows is refused for good, and opens no cycle', async () => {
    const { plan, results } = openWorld();
    const refused = await plan({ pathIds: ['A1.1-A1.2-intra', 'Z9'] }).catch((one: unknown) => one);
    if (!(refused instanceof ApplicationFailure)) throw new Error('not refused');
    const { nonRetryable, type, message } = refused;
    expect([nonRetryable, type, message]).toEqual([true, 'UnknownPath', 'unknown path Z9']);
    expect(await results.cycles(1)).toEqual([]);
  });
});

describe('slots that did not fire', () => {
  test.each<readonly [string, readonly number[], number]>([
    ['none before the first', [], 0],
    ['none after the one before', [-1], 0],
    ['two between', [-3], 2],
    ['each once, though planned twice', [-3, 0, 0], 2],
  ])('%s', async (_, slots, missed) => {
    const { plan, results } = openWorld();
    for (const slot of slots) {
      await plan({ dueAtMs: SLOT_MS + slot * MINUTE_MS });
    }
    await plan();
    const tallies = (await results.tallies()).filter(({ tally }) => tally === 'missed_slots');
    expect(tallies.reduce((sum, { add }) => sum + add, 0)).toBe(missed);
  });

  test('a cycle fired by hand neither fills nor misses one', async () => {
    const { plan, results } = openWorld();
    await plan({ dueAtMs: SLOT_MS - 2 * MINUTE_MS });
    await plan({ slot: 'manual', runId: 'canary-cycle/hand' });
    expect(await results.tallies()).toEqual([]);
    await plan();
    expect(await results.tallies()).toMatchObject([{ tally: 'missed_slots', add: 1 }]);
  });
});

describe('tests are of a warm-up', () => {
  test.each<readonly [string, number | undefined, boolean, boolean]>([
    ['not without one', undefined, false, false],
    ['while it runs', SLOT_MS - 1_000, false, true],
    ['not after its end', SLOT_MS - 1_000, true, false],
    ['not beyond its limit, ended or not', SLOT_MS + 20 - WARM_UP_MAX_MS, false, false],
  ])('%s', async (_, begunAtMs, ended, warm) => {
    const { plan, results } = openWorld();
    if (begunAtMs !== undefined) await results.beginWarmUp(begunAtMs);
    if (ended) await results.endWarmUp('clean_cycle', SLOT_MS);
    expect(new Set((await plan()).tests.map(({ warmUp }) => warmUp))).toEqual(new Set([warm]));
  });
});

describe('what operators ordered', () => {
  const window = {
    kind: 'pause',
    pathId: 'A1.1-A1.2-intra',
    fromMs: SLOT_MS,
    untilMs: SLOT_MS + MINUTE_MS,
    reason: 'it moves',
    by: 'a person',
    setAtMs: SLOT_MS,
  } as const;
  const paused = {
    pathId: 'A1.1-A1.2-intra',
    reason: 'paused by a person until 2026-11-23T18:31:00.000Z: it moves',
  };

  test.each<readonly [string, Partial<NewWindow>, Partial<PlanRequest>, number, number]>([
    ['leaves out a paused path', {}, {}, 29, 0],
    ['leaves out every path', { pathId: undefined }, {}, 0, 0],
    ['fires a path whose pause is over', { untilMs: SLOT_MS + 20 }, {}, 30, 0],
    ['fires a path whose pause is to come', { fromMs: SLOT_MS + 21 }, {}, 30, 0],
    ['fires a paused path by force', {}, { force: true }, 30, 0],
    ['marks what it fires in a maintenance', { kind: 'maintenance' }, {}, 30, 1],
    ['marks every path', { kind: 'maintenance', pathId: undefined }, {}, 30, 30],
  ])('a plan %s', async (_, over, request, fired, marked) => {
    const { plan, results, windows } = openWorld();
    await windows.set({ ...window, ...over });
    const { tests, paused: left = [] } = await plan(request);
    expect([tests.length, left.length]).toEqual([fired, 30 - fired]);
    expect(tests.filter(({ maintenance }) => maintenance)).toHaveLength(marked);
    if (fired === 29) expect(left).toEqual([paused]);
    expect(await results.cycles(1)).toMatchObject([{ planned: 30 }]);
  });

  test('a plan that has nothing to fire starts nothing', async () => {
    const { activities, plan, started, windows } = openWorld();
    await windows.set({ ...window, pathId: undefined });
    await begin(activities.startTests, await plan()).toEnd();
    expect(started).toEqual([]);
  });
});

describe('starting', () => {
  test('spreads the fires evenly over the spread, and says how far it is', async () => {
    const { plan, activities, started } = openWorld();
    const run = begin(activities.startTests, await plan());
    await run.toEnd();
    const due = Array.from({ length: 30 }, (_, index) => Math.floor((40_000 * index) / 30));
    expect(started.map(({ afterMs }) => afterMs)).toEqual(due);
    expect(run.heartbeats.at(-1)).toBe(30);
  });

  test('goes on from the heartbeat of the attempt before, each test once', async () => {
    const { plan, activities, started, known } = openWorld();
    const made = await plan();
    await begin(activities.startTests, made, { heartbeatDetails: 12 }).toEnd();
    expect(started.map(({ testId }) => testId)).toEqual(
      made.tests.slice(12).map(({ testId }) => testId),
    );
    // A heartbeat may be lost: what was started after it is asked for again, and not started.
    await begin(activities.startTests, made, { heartbeatDetails: 10 }).toEnd();
    expect(started.slice(18, 22).map(({ testId }) => testId)).toEqual(
      made.tests.slice(10, 14).map(({ testId }) => testId),
    );
    expect(known.size).toBe(20);
  });

  test('after a long outage starts at once what is overdue', async () => {
    const { plan, activities, started } = openWorld();
    const made = await plan();
    await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
    await begin(activities.startTests, made).toEnd();
    expect(new Set(started.map(({ afterMs }) => afterMs))).toEqual(new Set([10 * MINUTE_MS]));
    expect(started).toHaveLength(30);
  });

  test('fails with the reason while Temporal is away, and has said how far it was', async () => {
    const { plan, activities, setTemporalAway, started } = openWorld();
    const run = begin(activities.startTests, await plan());
    setTimeout(() => setTemporalAway(true), 5_000);
    await expect(run.toEnd()).rejects.toThrow(TemporalUnavailableError);
    expect(started.length).toBeGreaterThan(0);
    expect(run.heartbeats.at(-1)).toBe(started.length);
  });

  test('heartbeats while it waits for the next fire', async () => {
    const { plan, activities } = openWorld();
    const made = await plan({ slot: 'manual', runId: 'x', pathIds: ['A1.1-A1.2-intra'] });
    const run = begin(activities.startTests, { ...made, startedAtMs: made.startedAtMs + 9_000 });
    await run.toEnd();
    expect(run.heartbeats).toEqual([0, 0, 0, 0, 0, 1]);
  });
});
