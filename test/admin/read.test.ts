// The reading operations: what is red and why, worst first, a page at a time, everything of a test.
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { invoke, type Operation } from '../../src/admin/operation.js';
import type { StatusView } from '../../src/admin/operations/read-status.js';
import { OPERATIONS } from '../../src/admin/operations.js';
import { stampAt, testOf } from '../support/samples.js';
import { changeOf, nextCertificate } from '../support/supply-samples.js';
import {
  closingOf,
  createListener,
  createWorld,
  exampleConfig,
  NOW_MS,
  resultOf,
  statesOf,
  storeClosed,
  storeCycle,
  TIMED_OUT,
  WORKER,
  type World,
} from './world.js';

const MINUTE_MS = 60_000;
const INTRA = 'A1.1-A1.2-intra';
const ASYNC = 'A1.1-B1.1-async';

async function read<O extends z.ZodType>(
  operation: Operation<z.ZodType, O>,
  world: World,
  input: object = {},
): Promise<z.output<O>> {
  const answer = await invoke(operation, world, input, createListener());
  if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
  return operation.output.parse(answer.value);
}

/** A world whose last slot fired now and passed. */
async function healthy(world: World = createWorld()): Promise<World> {
  await storeClosed(world.results, resultOf(INTRA));
  await storeClosed(world.results, resultOf(ASYNC));
  await storeCycle(world.results, '20261123T183000Z', NOW_MS, 2);
  return world;
}

describe('status: what is red', () => {
  const cases: readonly {
    readonly what: string;
    readonly world: () => Promise<World>;
    readonly red: StatusView['red'];
  }[] = [
    { what: 'nothing where all is well', world: () => healthy(), red: [] },
    {
      what: 'no worker',
      world: () => healthy(createWorld({ workers: [] })),
      red: [{ what: 'worker', subject: 'all', reason: 'no worker is alive' }],
    },
    {
      what: 'what a worker lacks',
      world: () => {
        const away = [{ name: 'teg/A', problem: 'no answer within 1500 ms' }];
        return healthy(createWorld({ services: { awayOf: async () => away } }));
      },
      red: [{ what: 'worker', subject: 'host-1', reason: 'lacks teg/A: no answer within 1500 ms' }],
    },
    {
      what: 'no worker that cannot be asked from here',
      world: () => healthy(createWorld({ services: { awayOf: async () => undefined } })),
      red: [],
    },
    {
      what: 'a silent stream',
      world: () =>
        healthy(createWorld({ states: statesOf(exampleConfig(), { stream: 'silent' }) })),
      red: [{ what: 'validator', subject: 'A/TokensTransferred', reason: 'silent' }],
    },
    {
      what: 'a validator that no longer reports',
      world: () => {
        const reportedAtMs = NOW_MS - 10_001;
        return healthy(createWorld({ states: statesOf(exampleConfig(), { reportedAtMs }) }));
      },
      red: [{ what: 'validator', subject: 'A/TokensTransferred', reason: 'stale' }],
    },
    {
      what: 'a validator that never reported',
      world: () => healthy(createWorld({ states: statesOf(exampleConfig()).slice(1) })),
      red: [{ what: 'validator', subject: 'A/TokensTransferred', reason: 'missing' }],
    },
    {
      what: 'no validator that only catches up',
      world: () => healthy(createWorld({ states: statesOf(exampleConfig(), { caughtUp: false }) })),
      red: [],
    },
    {
      what: 'no cycle ever',
      world: async () => createWorld(),
      red: [{ what: 'cycle', subject: 'schedule', reason: 'no scheduled cycle has fired yet' }],
    },
    {
      what: 'no slot that a worker of just now still owes',
      world: async () => {
        const startedAtMs = NOW_MS - 2 * MINUTE_MS + 1;
        const world = createWorld({ workers: [{ ...WORKER, startedAtMs }] });
        await storeCycle(world.results, '20261123T063000Z', NOW_MS - 720 * MINUTE_MS, 0);
        return world;
      },
      red: [],
    },
    {
      what: 'an overdue slot',
      world: async () => {
        const world = createWorld();
        await storeCycle(world.results, '20261123T182800Z', NOW_MS - 2 * MINUTE_MS, 0);
        return world;
      },
      red: [{ what: 'cycle', subject: 'schedule', reason: 'the last slot fired 120 s ago' }],
    },
    {
      what: 'the newest result of a path, not an older one',
      world: async () => {
        const world = await healthy();
        const older = { ...TIMED_OUT, cycleId: 'older', decidedAtMs: NOW_MS - MINUTE_MS };
        await storeClosed(world.results, resultOf(INTRA, older));
        const newer = { ...TIMED_OUT, cycleId: 'newer', decidedAtMs: NOW_MS + 1 };
        await storeClosed(world.results, resultOf(ASYNC, newer));
        return world;
      },
      red: [{ what: 'path', subject: ASYNC, reason: `failed, timeout: ${TIMED_OUT.reason}` }],
    },
    {
      what: 'a passed path that is degraded and has a finding',
      world: async () => {
        const world = await healthy();
        const result = resultOf(INTRA, { cycleId: 'newer', decidedAtMs: NOW_MS + 1 });
        const { testId } = result;
        await storeClosed(world.results, result, {
          degraded: true,
          findings: [{ kind: 'wrong_fee', testId, subject: 'teg-a/1', evidence: 'found 0' }],
        });
        return world;
      },
      red: [{ what: 'path', subject: INTRA, reason: 'passed, degraded, 1 finding' }],
    },
    {
      what: 'an open test past its soft deadline',
      world: async () => {
        const world = await healthy();
        const open = testOf(INTRA);
        await world.stamps.register(open);
        await world.stamps.markFired(open.testId, NOW_MS - open.deadlines.softMs - 5_000);
        return world;
      },
      red: [
        {
          what: 'test',
          subject: `20261123T183000Z-${INTRA}`,
          reason: 'open 5 s past its soft deadline',
        },
      ],
    },
  ];
  test.each(cases)('$what', async ({ world, red }) => {
    expect((await read(OPERATIONS.status, await world())).red).toEqual(red);
  });
});

describe('status', () => {
  test('names the slots that did not fire between those that did', async () => {
    const world = createWorld();
    for (const minutes of [0, 1, 4]) {
      const slotMs = NOW_MS - minutes * MINUTE_MS;
      await storeCycle(world.results, `slot-${minutes}`, slotMs, 0);
    }
    await world.results.recordMissedSlots([NOW_MS - 3 * MINUTE_MS, NOW_MS - 2 * MINUTE_MS]);
    const { missedSlots } = await read(OPERATIONS.status, world);
    expect(missedSlots).toEqual({
      total: 2,
      recent: ['2026-11-23T18:28:00.000Z', '2026-11-23T18:27:00.000Z'],
    });
  });

  test('tells the newest audit, and since when its outcome is what it is', async () => {
    const world = createWorld();
    expect((await read(OPERATIONS.status, world)).supply).toBeUndefined();
    for (const [minute, outcome] of (
      ['ok', 'violated', 'violated', 'ok', 'ok'] as const
    ).entries()) {
      const state = await world.supply.load();
      const decidedAtMs = NOW_MS + minute * MINUTE_MS;
      const certificate = nextCertificate(state, `audit-${minute}`, outcome, { decidedAtMs });
      await world.supply.commit(
        changeOf(state, certificate.document.auditId, {
          certificates: [certificate],
        }),
      );
      const { supply } = await read(OPERATIONS.status, world);
      const sinceMinute = [0, 1, 1, 3, 3][minute] ?? 0;
      expect(supply).toEqual({
        outcome,
        certificate: minute + 1,
        decidedAt: new Date(decidedAtMs).toISOString(),
        since: new Date(NOW_MS + sinceMinute * MINUTE_MS).toISOString(),
        headline: outcome,
      });
    }
  });

  test('shows the last cycle of the schedule, not a later fire of one path', async () => {
    const world = await healthy();
    const byHand = resultOf(INTRA, { cycleId: 'hand-1', decidedAtMs: NOW_MS + 5_000 });
    await storeClosed(world.results, byHand);
    await storeCycle(world.results, 'hand-1', undefined, 1);
    const { last } = await read(OPERATIONS.status, world);
    expect(last).toMatchObject({ cycleId: '20261123T183000Z', scoreboard: { planned: 2 } });
  });

  test('shows cycles that still run, and the warm-up', async () => {
    const world = await healthy();
    await world.results.openCycle({
      cycleId: 'running',
      slotMs: undefined,
      planned: 3,
      startedAtMs: NOW_MS,
    });
    await world.results.beginWarmUp(NOW_MS - MINUTE_MS);
    const status = await read(OPERATIONS.status, world);
    expect(status.running.map(({ cycleId }) => cycleId)).toEqual(['running']);
    expect(status.warmUp).toEqual({
      active: true,
      startedAt: '2026-11-23T18:29:00.000Z',
      endedAt: undefined,
    });
  });
});

describe('paths', () => {
  test('has every path of the matrix, the worst first', async () => {
    const world = createWorld();
    const store = (pathId: string, cycleId: string, over: object = {}, closing: object = {}) =>
      storeClosed(world.results, resultOf(pathId, { cycleId, ...over }), closing);
    await store('A2.1-A2.2-intra', 'one', { ...TIMED_OUT, decidedAtMs: NOW_MS - 1 });
    await store('A2.1-A2.2-intra', 'two', { totalLatencyMs: 50 });
    await store(INTRA, 'one', {}, { degraded: true });
    await store(ASYNC, 'one', { decidedAtMs: NOW_MS - 1, totalLatencyMs: 30 });
    await store(ASYNC, 'two', TIMED_OUT);
    const { paths } = await read(OPERATIONS.paths, world);
    expect(paths).toHaveLength(30);
    expect(
      paths.slice(0, 4).map(({ pathId, passed, of, p50Ms }) => [pathId, passed, of, p50Ms]),
    ).toEqual([
      [ASYNC, 1, 2, 30],
      [INTRA, 1, 1, 40],
      ['A2.1-A2.2-intra', 1, 2, 50],
      ['A1.2-A1.1-intra', 0, 0, undefined],
    ]);
    expect(paths[0]).toMatchObject({
      last: { outcome: 'failed', failureSignal: 'timeout', phase: 'settlement' },
      lastPassedAt: '2026-11-23T18:29:59.999Z',
    });
    expect(paths[1]?.last?.flags).toEqual(['degraded']);
  });

  test.each([
    ['0', 'must be at least 1'],
    ['1001', 'must be at most 1000'],
    ['1.5', 'must be a whole number'],
    ['many', 'must be a whole number'],
  ])('refuses --last %s', async (last, problem) => {
    expect(await invoke(OPERATIONS.paths, createWorld(), { last }, createListener())).toEqual({
      kind: 'refused',
      refusal: { field: 'last', value: last, problem, allowed: [] },
    });
  });
});

describe('results', () => {
  async function hundred(): Promise<World> {
    const world = createWorld();
    for (let index = 0; index < 100; index += 1) {
      const over = index % 10 === 0 ? TIMED_OUT : {};
      const cycleId = `cycle-${String(index).padStart(3, '0')}`;
      const result = resultOf(index % 2 === 0 ? INTRA : ASYNC, {
        ...over,
        cycleId,
        decidedAtMs: NOW_MS + index,
      });
      await storeClosed(world.results, result);
    }
    return world;
  }

  test('come newest first, page by page, each once, also while new ones come in', async () => {
    const world = await hundred();
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const input = { limit: '7', ...(cursor === undefined ? {} : { cursor }) };
      const page = await read(OPERATIONS.results, world, input);
      seen.push(...page.results.map(({ cycleId }) => cycleId));
      cursor = page.nextCursor;
      const late = { cycleId: `late-${seen.length}`, decidedAtMs: NOW_MS + 1_000 + seen.length };
      await storeClosed(world.results, resultOf(INTRA, late));
    } while (cursor !== undefined);
    const all = Array.from({ length: 100 }, (_, n) => `cycle-${String(99 - n).padStart(3, '0')}`);
    expect(seen).toEqual(all);
  });

  test.each([
    [{ path: ASYNC }, 50],
    [{ backend: 'intra' }, 50],
    [{ outcome: 'failed' }, 10],
    [{ path: ASYNC, outcome: 'failed' }, 0],
    [{ outcome: 'unpaid' }, 0],
    [{ limit: 3 }, 3],
  ] as const)('match %j', async (filter, count) => {
    const page = await read(OPERATIONS.results, await hundred(), { limit: 100, ...filter });
    expect(page.results).toHaveLength(count);
  });

  test.each([
    [{ path: 'A9' }, 'path', 30],
    [{ backend: 'warp' }, 'backend', 3],
    [{ outcome: 'green' }, 'outcome', 5],
    [{ limit: 101 }, 'limit', 0],
    [{ cursor: 'no-such-test' }, 'cursor', 0],
  ] as const)('refuse %j', async (input, field, allowedCount) => {
    const answer = await invoke(OPERATIONS.results, await hundred(), input, createListener());
    expect(answer).toMatchObject({ kind: 'refused', refusal: { field } });
    expect(answer.kind === 'refused' && answer.refusal.allowed).toHaveLength(allowedCount);
  });
});

describe('result', () => {
  const planned = testOf(ASYNC);
  const { testId } = planned;

  test('has the way of the test: registered, running, decided, closed', async () => {
    const world = createWorld();
    await world.stamps.register(planned);
    expect(await read(OPERATIONS.result, world, { testId })).toMatchObject({ state: 'registered' });
    await world.stamps.markFired(testId, NOW_MS);
    await world.stamps.markAccepted(testId, 'transfer-1', NOW_MS + 12);
    await world.stamps.stamp(testId, stampAt('cf_settled_local', 'B', NOW_MS + 30));
    await world.stamps.stamp(testId, stampAt('cf_initiated', 'A', NOW_MS + 9));
    const running = await read(OPERATIONS.result, world, { testId });
    expect(running).toMatchObject({
      state: 'running',
      workflowId: `canary-test/${testId}`,
      sender: 'A1:canary-1',
      fee: '0.000010',
      acceptedAfterMs: 12,
      finalDeadlineAt: '2026-11-23T18:31:00.000Z',
    });
    expect(running.stamps.map((one) => [one.stamp, one.required, one.committedAfterMs])).toEqual([
      ['cf_initiated', true, 9],
      ['cf_settled_local', true, 30],
    ]);
    await world.results.record(resultOf(ASYNC), []);
    expect(await read(OPERATIONS.result, world, { testId })).toMatchObject({ state: 'decided' });
    const kept = [
      stampAt('cf_initiated', 'A', NOW_MS + 9),
      stampAt('fee_collected', 'A', NOW_MS + 40),
    ];
    await world.results.close(testId, closingOf({ stamps: kept }), []);
    const { state, stamps } = await read(OPERATIONS.result, world, { testId });
    expect([state, ...stamps.map(({ stamp }) => stamp)]).toEqual([
      'closed',
      'cf_initiated',
      'cf_settled_local',
      'fee_collected',
    ]);
  });

  test('keeps what the row has once the shared store has forgotten the test', async () => {
    const world = createWorld();
    const stamps = [stampAt('cf_initiated', 'A', NOW_MS), stampAt('tokens_xfer', 'A', NOW_MS - 1)];
    const finding = { kind: 'wrong_fee', testId, subject: 'teg-a/3', evidence: 'found 0' } as const;
    await storeClosed(world.results, resultOf(ASYNC), { stamps, findings: [finding] });
    const correction = { kind: 'refund', testId, evidence: 'refunded by teg-a/9' } as const;
    await world.results.append(testId, { findings: [], corrections: [correction] });
    const view = await read(OPERATIONS.result, world, { testId });
    expect(view).toMatchObject({
      state: 'closed',
      result: { committedLatencyMs: 37, observerShareMs: 3, findingCount: 1, correctionCount: 1 },
      findings: [{ kind: 'wrong_fee', subject: 'teg-a/3', evidence: 'found 0' }],
      corrections: [{ kind: 'refund', evidence: 'refunded by teg-a/9' }],
    });
    expect(view.stamps.map(({ stamp }) => stamp)).toEqual(['tokens_xfer', 'cf_initiated']);
    expect(view.sender).toBeUndefined();
  });

  test('refuses an id about which nothing is stored', async () => {
    const input = { testId: 'nobody' };
    expect(await invoke(OPERATIONS.result, createWorld(), input, createListener())).toMatchObject({
      kind: 'refused',
      refusal: { field: 'testId', value: 'nobody' },
    });
  });
});
