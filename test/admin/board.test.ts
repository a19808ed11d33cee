// The reading of the canary page: one answer with the matrix, the strip of cycles and live numbers.
import { describe, expect, test } from 'vitest';
import { invoke } from '../../src/admin/operation.js';
import { OPERATIONS } from '../../src/admin/operations.js';
import type { BoardView } from '../../src/admin/views/board-view.js';
import { parseConfig } from '../../src/config.js';
import { testOf } from '../support/samples.js';
import {
  createListener,
  createWorld,
  NOW_MS,
  resultOf,
  storeClosed,
  storeCycle,
  TIMED_OUT,
  type World,
} from './world.js';

const MINUTE_MS = 60_000;
const INTRA = 'A1.1-A1.2-intra';
const ASYNC = 'A1.1-B1.1-async';

async function board(world: World): Promise<BoardView> {
  const answer = await invoke(OPERATIONS.board, world, {}, createListener());
  if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
  return OPERATIONS.board.output.parse(answer.value);
}

function pathOf(view: BoardView, pathId: string): BoardView['paths'][number] {
  const path = view.paths.find((one) => one.pathId === pathId);
  if (path === undefined) throw new Error(`no path ${pathId}`);
  return path;
}

/** Verdicts of a path at minutes before now, the oldest first. */
async function storeVerdicts(
  world: World,
  pathId: string,
  verdicts: readonly [minutesAgo: number, over?: Parameters<typeof resultOf>[1]][],
): Promise<void> {
  for (const [minutesAgo, over] of verdicts) {
    const decidedAtMs = NOW_MS - minutesAgo * MINUTE_MS;
    const cycleId = `cycle-${minutesAgo}`;
    await storeClosed(world.results, resultOf(pathId, { cycleId, decidedAtMs, ...over }));
  }
}

describe('a path of the board', () => {
  test('has its marks newest first, and twelve of them at most', async () => {
    const world = createWorld();
    const minutes = Array.from({ length: 15 }, (_, index): [number] => [15 - index]);
    await storeVerdicts(world, INTRA, minutes);
    const { last } = pathOf(await board(world), INTRA);
    expect(last.map(({ testId }) => testId)).toEqual(
      Array.from({ length: 12 }, (_, index) => `cycle-${index + 1}-${INTRA}`),
    );
  });

  test('counts a day, and leaves out what is not held against it', async () => {
    const world = createWorld();
    await storeVerdicts(world, ASYNC, [
      [1_441, TIMED_OUT],
      [1_440],
      [3, TIMED_OUT],
      [2, { outcome: 'observer' }],
      [1],
    ]);
    const path = pathOf(await board(world), ASYNC);
    expect({ passed: path.passed, of: path.of }).toEqual({ passed: 2, of: 3 });
    expect(path).toMatchObject({ p50Ms: 40, committedP50Ms: 37, observerShareP50Ms: 3 });
  });

  const cases: readonly {
    readonly what: string;
    readonly verdicts: Parameters<typeof storeVerdicts>[2];
    readonly since: number | undefined;
  }[] = [
    { what: 'passes', verdicts: [[5, TIMED_OUT], [4]], since: undefined },
    {
      what: 'fails since its last pass',
      verdicts: [[5], [4, TIMED_OUT], [3, TIMED_OUT]],
      since: 4,
    },
    { what: 'never passed', verdicts: [[9, TIMED_OUT]], since: 9 },
  ];
  test.each(cases)('$what', async ({ since, verdicts }) => {
    const world = createWorld();
    await storeVerdicts(world, ASYNC, verdicts);
    const sinceMs = since === undefined ? undefined : NOW_MS - since * MINUTE_MS;
    const expected = sinceMs === undefined ? undefined : new Date(sinceMs).toISOString();
    expect(pathOf(await board(world), ASYNC).unpassedSince).toBe(expected);
  });

  test('tells open tests from those past their soft deadline', async () => {
    const world = createWorld();
    const { softMs } = testOf(ASYNC).deadlines;
    const fired = [NOW_MS - softMs - 1, NOW_MS - softMs + 1];
    for (const [index, firedAtMs] of fired.entries()) {
      const canary = testOf(ASYNC, `open-${index}`);
      await world.stamps.register(canary);
      await world.stamps.markFired(canary.testId, firedAtMs);
    }
    const view = await board(world);
    expect(pathOf(view, ASYNC)).toMatchObject({ open: 2, overdue: 1 });
    expect(view).toMatchObject({ openTests: 2, overdueTests: 1 });
  });
});

describe('the rest of the board', () => {
  test('an empty reactor has the whole matrix and nothing invented', async () => {
    const view = await board(createWorld());
    expect(view.paths).toHaveLength(30);
    expect(view.paths.every(({ last, of }) => last.length === 0 && of === 0)).toBe(true);
    expect(view.shape).toMatchObject({ lanes: 2, paths: { intra: 6, async: 12, '2pc': 12 } });
    expect(view.requirements).toEqual({
      intra: 'tokens_xfer',
      async: 'cf_initiated AND (cf_settled_local OR cf_settled_remote)',
      '2pc': 'tokens_xfer OR cf_settled_local OR cf_settled_remote',
    });
    expect(view).toMatchObject({ cycles: [], away: [], totals: { passed: 0, of: 0 } });
    expect(view.agents[0]).toEqual({
      agent: 'A1:canary-1',
      registry: 'A1',
      feesPerDay: '0.072000',
    });
  });

  test('the strip of cycles says what each came to', async () => {
    const world = createWorld();
    await storeClosed(world.results, resultOf(INTRA, { cycleId: 'old' }));
    await storeClosed(world.results, resultOf(ASYNC, { cycleId: 'old', ...TIMED_OUT }));
    await storeCycle(world.results, 'old', NOW_MS - 2 * MINUTE_MS, 2);
    const open = { cycleId: 'new', slotMs: NOW_MS, planned: 2, startedAtMs: NOW_MS };
    await world.results.openCycle(open);
    await storeClosed(world.results, resultOf(INTRA, { cycleId: 'new' }));
    await world.stamps.register(testOf(ASYNC, 'new'));
    const view = await board(world);
    expect(view.cycles.map(({ cycleId, clean }) => [cycleId, clean])).toEqual([
      ['new', undefined],
      ['old', false],
    ]);
    expect(view.cycles[1]?.failureSignals).toEqual(['timeout']);
    expect(view.firing).toEqual({ cycleId: 'new', planned: 2, open: 1, judged: 1 });
    expect(view.missedSlots?.recent).toEqual([new Date(NOW_MS - MINUTE_MS).toISOString()]);
    expect(view.nextCycleAt).toBe(new Date(NOW_MS + MINUTE_MS).toISOString());
  });

  test('a float that the platform told stands with its agent', async () => {
    const float = {
      availableBaseUnits: 4_974_310_000n,
      heldBaseUnits: 10_000n,
      status: 'active',
    } as const;
    const world = createWorld({ floats: [{ agent: 'B1:canary-2', float }] });
    const agents = (await board(world)).agents.filter(({ available }) => available !== undefined);
    expect(agents).toEqual([
      {
        agent: 'B1:canary-2',
        registry: 'B1',
        available: '4974.310000',
        held: '0.010000',
        active: true,
        feesPerDay: '0.072000',
      },
    ]);
  });

  test.each([
    { away: 'redis', gone: 'validators', there: 'missedSlots' },
    { away: 'postgres', gone: 'missedSlots', there: 'validators' },
  ] as const)('without $away the rest is still told', async ({ away, gone, there }) => {
    const view = await board(
      createWorld({ redisAway: away === 'redis', postgresAway: away === 'postgres' }),
    );
    expect(view.away.map(({ store }) => store)).toEqual([away]);
    expect(view[gone]).toBeUndefined();
    expect(view[there]).toBeDefined();
    expect(view.paths).toHaveLength(30);
  });

  test('without both stores nothing is told', async () => {
    const world = createWorld({ redisAway: true, postgresAway: true });
    const answer = await invoke(OPERATIONS.board, world, {}, createListener());
    expect(answer.kind).toBe('unreachable');
  });

  test('sends people on where the configuration says', async () => {
    const text = 'links: { temporalUi: "http://127.0.0.1:1/namespaces/default" }';
    const { config } = createWorld();
    const links = parseConfig('links.yaml', withLinks(text), {}).links;
    const view = await board(createWorld({ config: { ...config, links } }));
    expect(view.links).toEqual({ temporalUi: 'http://127.0.0.1:1/namespaces/default' });
  });
});

/** The least configuration that can be read, with links. */
function withLinks(links: string): string {
  return `
platform:
  lanes: 1
  agentTokensFile: tokens.json
  frames:
    - id: A
      teg: http://a
      eventStore: http://a
      registries: [{ id: A1, url: http://a, agents: ["A1:x"] }]
stores: { postgres: "postgres://p/d", redis: "redis://r" }
${links}
`;
}
