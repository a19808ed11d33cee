// Starting cycles by hand: what is refused fires nothing, what is started is waited for and told.
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/system-clock.js';
import { CycleFailedError } from '../../src/admin/admin-dependencies.js';
import { invoke } from '../../src/admin/operation.js';
import { defaultTimeoutMs } from '../../src/admin/operations/wait-input.js';
import { OPERATIONS } from '../../src/admin/operations.js';
import { scoreboardOf } from '../../src/domain/scoreboard.js';
import {
  away,
  createListener,
  createWorld,
  exampleConfig,
  resultOf,
  storeClosed,
  TIMED_OUT,
  temporalAway,
} from './world.js';

const AGENTS = ['A1:canary-1', 'A1:canary-2', 'A2:canary-1', 'A2:canary-2'];
const ALL_AGENTS = [...AGENTS, 'B1:canary-1', 'B1:canary-2'];
const BACKENDS = ['intra', 'async', '2pc'];
const PATH_IDS = exampleConfig().paths.map(({ id }) => id);
const HAND_ID = 'hand-20261123T183000000Z';

describe('a fire is refused, names the field, and fires nothing', () => {
  const ends = { sender: 'A1:canary-1', receiver: 'B1:canary-1', backend: 'async' };
  const cases: readonly {
    readonly input: object;
    readonly field: string;
    readonly value: string;
    readonly allowed: readonly string[];
  }[] = [
    { input: {}, field: 'path', value: 'nothing', allowed: PATH_IDS },
    {
      input: { path: 'A1.1-B1.9-async' },
      field: 'path',
      value: 'A1.1-B1.9-async',
      allowed: PATH_IDS,
    },
    { input: { path: '' }, field: 'path', value: '', allowed: PATH_IDS },
    { input: { ...ends, backend: 'warp' }, field: 'backend', value: 'warp', allowed: BACKENDS },
    { input: { ...ends, sender: 'A1:bob' }, field: 'sender', value: 'A1:bob', allowed: ALL_AGENTS },
    { input: { ...ends, receiver: 'C1:x' }, field: 'receiver', value: 'C1:x', allowed: ALL_AGENTS },
    {
      input: { sender: 'A1:canary-1', backend: 'async' },
      field: 'receiver',
      value: 'nothing',
      allowed: ALL_AGENTS,
    },
    {
      input: { ...ends, receiver: 'B1:canary-2' },
      field: 'receiver',
      value: 'B1:canary-2',
      allowed: ['A2:canary-1', 'B1:canary-1'],
    },
    { input: { ...ends, timeout: 'soon' }, field: 'timeout', value: 'soon', allowed: [] },
    { input: { ...ends, timeout: '0s' }, field: 'timeout', value: '0s', allowed: [] },
    { input: { ...ends, amount: '0,5' }, field: 'amount', value: '0,5', allowed: [] },
  ];
  test.each(cases)('$field $value', async ({ input, field, value, allowed }) => {
    const world = createWorld();
    const answer = await invoke(OPERATIONS.fire, world, input, createListener());
    expect(answer).toMatchObject({ kind: 'refused', refusal: { field, value } });
    const listed = answer.kind === 'refused' ? answer.refusal.allowed : [];
    expect([...listed].sort()).toEqual([...allowed].sort());
    expect(world.started).toEqual([]);
  });
});

describe('a fire', () => {
  test('by its ends and backend starts a cycle of that path and answers its test', async () => {
    const world = createWorld();
    const input = { sender: 'A1:canary-1', receiver: 'B1:canary-1', backend: 'async' };
    const answer = await invoke(OPERATIONS.fire, world, input, createListener());
    expect(world.started).toMatchObject([{ cycleId: HAND_ID, pathIds: ['A1.1-B1.1-async'] }]);
    if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
    const value = OPERATIONS.fire.output.parse(answer.value);
    expect(value).toMatchObject({
      cycleId: HAND_ID,
      workflowId: `canary-cycle/${HAND_ID}`,
      pathId: 'A1.1-B1.1-async',
      scoreboard: { clean: true, planned: 1 },
      test: {
        testId: `${HAND_ID}-A1.1-B1.1-async`,
        state: 'closed',
        result: { outcome: 'passed' },
      },
    });
  });

  test('whose test was lost answers the scoreboard alone', async () => {
    const world = createWorld({ cycles: { scoreboard: async (id) => scoreboardOf(id, 1, []) } });
    const answer = await invoke(OPERATIONS.fire, world, { path: PATH_IDS[0] }, createListener());
    expect(answer).toMatchObject({
      kind: 'done',
      value: { scoreboard: { lost: 1, clean: false } },
    });
    expect(answer).not.toHaveProperty('value.test.testId');
  });
});

describe('a cycle by hand', () => {
  test('fires every path and answers the scoreboard', async () => {
    const world = createWorld();
    const answer = await invoke(OPERATIONS.cycle, world, {}, createListener());
    expect(world.started).toMatchObject([{ cycleId: HAND_ID, pathIds: [] }]);
    if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
    const { scoreboard } = OPERATIONS.cycle.output.parse(answer.value);
    expect(scoreboard).toMatchObject({ planned: 30, clean: true, outcomes: { passed: 30 } });
  });

  test('that nobody waits for answers its id at once', async () => {
    const world = createWorld({ cycles: { scoreboard: () => new Promise(() => undefined) } });
    const answer = await invoke(OPERATIONS.cycle, world, { wait: false }, createListener());
    expect(answer).toEqual({
      kind: 'done',
      value: { cycleId: HAND_ID, workflowId: `canary-cycle/${HAND_ID}` },
    });
  });

  test('takes the next millisecond where the id is taken', async () => {
    const asked: string[] = [];
    const start = async (cycleId: string) => {
      asked.push(cycleId);
      return asked.length < 3 ? ('already_started' as const) : ('started' as const);
    };
    const world = createWorld({ cycles: { start } });
    const answer = await invoke(OPERATIONS.cycle, world, { wait: false }, createListener());
    expect(asked.map((id) => id.slice(-4))).toEqual(['000Z', '001Z', '002Z']);
    expect(answer).toMatchObject({ value: { cycleId: 'hand-20261123T183000002Z' } });
  });
});

describe('waiting for a cycle', () => {
  const never = () => new Promise<never>(() => undefined);
  const running = { clock: systemClock };

  test('tells how many tests are decided, once for each change', async () => {
    const listener = createListener();
    const world = { ...createWorld({ cycles: { scoreboard: never } }), ...running };
    const waiting = invoke(OPERATIONS.cycle, world, { timeout: '1700ms' }, listener);
    await expect.poll(() => listener.told.length).toBe(1);
    const { cycleId } = world.started[0] ?? { cycleId: '' };
    await storeClosed(world.results, resultOf('A1.1-A1.2-intra', { cycleId }));
    await storeClosed(world.results, resultOf('A1.1-B1.1-async', { cycleId, ...TIMED_OUT }));
    await waiting;
    expect(listener.told).toEqual([
      `cycle ${cycleId}: 0/30 decided`,
      `cycle ${cycleId}: 2/30 decided, 1 passed, 1 failed`,
    ]);
  });

  test('ends at its timeout and says that the cycle goes on', async () => {
    const world = { ...createWorld({ cycles: { scoreboard: never } }), ...running };
    const answer = await invoke(OPERATIONS.cycle, world, { timeout: '60ms' }, createListener());
    expect(answer).toMatchObject({
      kind: 'timed_out',
      message: expect.stringMatching(/^no end within 0.06 s; cycle hand-\S+ goes on by itself$/),
    });
  });

  test('ends when it is interrupted', async () => {
    const stop = new AbortController();
    const listener = createListener(stop.signal);
    const world = { ...createWorld({ cycles: { scoreboard: never } }), ...running };
    const waiting = invoke(OPERATIONS.cycle, world, {}, listener);
    await expect.poll(() => listener.told.length).toBe(1);
    stop.abort();
    expect(await waiting).toMatchObject({ kind: 'interrupted' });
  });

  test('goes on while Temporal is away, and asks again', async () => {
    let asked = 0;
    const scoreboard = async (cycleId: string) => {
      asked += 1;
      return asked === 1 ? temporalAway()() : scoreboardOf(cycleId, 0, []);
    };
    const listener = createListener();
    const world = { ...createWorld({ cycles: { scoreboard } }), ...running };
    expect(await invoke(OPERATIONS.cycle, world, {}, listener)).toMatchObject({ kind: 'done' });
    expect(listener.told).toContainEqual(
      'Temporal at 127.0.0.1:7233 is unavailable: connect ECONNREFUSED; asking again',
    );
  });

  test('says so when no worker is alive', async () => {
    const listener = createListener();
    const world = { ...createWorld({ cycles: { scoreboard: never }, workers: [] }), ...running };
    await invoke(OPERATIONS.cycle, world, { timeout: '40ms' }, listener);
    expect(listener.told[0]).toMatch(/no worker is alive, the cycle waits for one$/);
  });

  test('needs no progress to be known', async () => {
    const listener = createListener();
    const world = createWorld();
    const blind = { ...world, results: { ...world.results, resultsOfCycle: away('postgres') } };
    const cycles = { ...world.cycles, scoreboard: async (id: string) => scoreboardOf(id, 0, []) };
    const answer = await invoke(OPERATIONS.cycle, { ...blind, cycles }, {}, listener);
    expect(answer).toMatchObject({ kind: 'done' });
    expect(listener.told[0]).toContain('progress is not known, postgres is unavailable');
  });

  test('fails when the cycle ended without a scoreboard', async () => {
    const scoreboard = async (cycleId: string): Promise<never> => {
      throw new CycleFailedError(cycleId, 'unknown path A9');
    };
    const answer = await invoke(
      OPERATIONS.cycle,
      createWorld({ cycles: { scoreboard } }),
      {},
      createListener(),
    );
    expect(answer).toEqual({
      kind: 'failed',
      message: `cycle ${HAND_ID} ended without a scoreboard: unknown path A9`,
    });
  });

  test('by default outlasts every cycle that ends by itself', () => {
    const config = exampleConfig();
    // close-tests gives a cycle up two minutes after its last final deadline.
    const longestMs = config.cycle.spread + config.finalDeadlineMaxMs + 120_000;
    expect(defaultTimeoutMs(config)).toBeGreaterThan(longestMs);
  });
});
