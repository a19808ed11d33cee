// Pauses and maintenance windows: what is taken, what is refused, what is listed, what is fired.
import { describe, expect, test } from 'vitest';
import { invoke } from '../../src/admin/operation.js';
import { OPERATIONS } from '../../src/admin/operations.js';
import { createListener, createWorld, NOW_MS, type World } from './world.js';

const PATH = 'A1.1-B1.1-async';
const OTHER = 'A1.1-A1.2-intra';
const REASON = 'the receiver moves';
const HOUR_MS = 3_600_000;
const at = (ms: number) => new Date(ms).toISOString();

const pause = (world: World, input: object) =>
  invoke(OPERATIONS.pause, world, input, createListener());
const resume = (world: World, input: object) =>
  invoke(OPERATIONS.resume, world, input, createListener());

async function pausedIn(world: World) {
  const answer = await invoke(OPERATIONS.pauses, world, {}, createListener());
  return answer.kind === 'done' ? answer.value.pauses.map(({ pathId }) => pathId ?? 'all') : [];
}

describe.each([
  ['a pause', OPERATIONS.pause],
  ['a maintenance window', OPERATIONS.maintenanceAdd],
])('%s', (_, called) => {
  test.each([
    ['no scope', { reason: REASON, for: '1h' }, 'path'],
    ['two scopes', { path: PATH, all: true, reason: REASON, for: '1h' }, 'path'],
    ['a path that is none', { path: 'A9', reason: REASON, for: '1h' }, 'path'],
    ['no reason', { path: PATH, for: '1h' }, 'reason'],
    ['an empty reason', { path: PATH, reason: ' ', for: '1h' }, 'reason'],
    ['no end', { path: PATH, reason: REASON }, 'until'],
    ['two ends', { path: PATH, reason: REASON, for: '1h', until: at(NOW_MS + 9) }, 'until'],
    ['no duration', { path: PATH, reason: REASON, for: 'long' }, 'for'],
    ['no time', { path: PATH, reason: REASON, until: 'tomorrow' }, 'until'],
    ['an end that is over', { path: PATH, reason: REASON, until: at(NOW_MS) }, 'until'],
    ['more than thirty days', { path: PATH, reason: REASON, for: '721h' }, 'for'],
  ])('with %s is refused', async (_what, input, field) => {
    const world = createWorld();
    const answer = await invoke(called, world, input, createListener());
    expect(answer).toMatchObject({ kind: 'refused', refusal: { field } });
    expect(await world.windows.standing(NOW_MS)).toEqual([]);
  });

  test.each([
    [
      { path: PATH, for: '30d' },
      { pathId: PATH, until: at(NOW_MS + 720 * HOUR_MS) },
    ],
    [{ all: true, until: '2026-11-23T20:30:00+01:00' }, { until: at(NOW_MS + HOUR_MS) }],
  ])('of %j is taken', async (input, expected) => {
    const asked = { ...input, reason: REASON };
    const answer = await invoke(called, createWorld(), asked, createListener());
    expect(answer).toMatchObject({
      kind: 'done',
      value: { ...expected, by: 'a person', reason: REASON, from: at(NOW_MS), active: true },
    });
  });
});

describe('a pause', () => {
  test('ends by itself, and is replaced by a newer one of the same scope', async () => {
    let nowMs = NOW_MS;
    const world = { ...createWorld(), clock: { nowMs: () => nowMs } };
    await pause(world, { path: PATH, reason: REASON, for: '2h' });
    await pause(world, { path: PATH, reason: REASON, for: '1h' });
    expect(await pausedIn(world)).toEqual([PATH]);
    nowMs += HOUR_MS;
    expect(await pausedIn(world)).toEqual([]);
  });

  test('of one path is ended alone, of every path only with all', async () => {
    const world = createWorld();
    await pause(world, { path: PATH, reason: REASON, for: '1h' });
    await pause(world, { path: OTHER, reason: REASON, for: '1h' });
    expect(await resume(world, { path: PATH })).toMatchObject({ kind: 'done' });
    expect(await resume(world, { path: PATH })).toMatchObject({ kind: 'refused' });
    expect(await pausedIn(world)).toEqual([OTHER]);
    await pause(world, { all: true, reason: REASON, for: '1h' });
    expect(await resume(world, { path: OTHER })).toMatchObject({
      kind: 'refused',
      refusal: { problem: `is paused with every path (by a person: ${REASON}): resume all` },
    });
    expect(await pausedIn(world)).toEqual([OTHER, 'all']);
    expect(await resume(world, { all: true })).toMatchObject({ kind: 'done' });
    expect(await pausedIn(world)).toEqual([]);
  });

  test.each([PATH, undefined])(
    'refuses a fire with its reason, unless forced: %s',
    async (path) => {
      const world = createWorld();
      const why = `is paused by a person until ${at(NOW_MS + HOUR_MS)}: ${REASON}`;
      const scope = path === undefined ? { all: true } : { path };
      await pause(world, { ...scope, reason: REASON, for: '1h' });
      const fire = (force: boolean) =>
        invoke(OPERATIONS.fire, world, { path: PATH, force, wait: false }, createListener());
      expect(await fire(false)).toMatchObject({
        kind: 'refused',
        refusal: {
          field: 'path',
          problem: `${why}; force fires it all the same`,
        },
      });
      expect(world.started).toEqual([]);
      expect((await fire(true)).kind).toBe('done');
      expect(world.started).toMatchObject([{ pathIds: [PATH], force: true }]);
    },
  );
});

describe('a maintenance window', () => {
  test('may begin later, stands until then, and is ended by its number', async () => {
    const world = createWorld();
    const input = { path: PATH, reason: REASON, from: at(NOW_MS + HOUR_MS), for: '1h' };
    const added = await invoke(OPERATIONS.maintenanceAdd, world, input, createListener());
    expect(added).toMatchObject({
      value: { window: 1, active: false, until: at(NOW_MS + 2 * HOUR_MS) },
    });
    const end = (window: number) =>
      invoke(OPERATIONS.maintenanceEnd, world, { window }, createListener());
    expect(await end(7)).toMatchObject({ kind: 'refused', refusal: { allowed: ['1'] } });
    expect((await end(1)).kind).toBe('done');
    const left = await invoke(OPERATIONS.maintenance, world, {}, createListener());
    expect(left).toEqual({ kind: 'done', value: { windows: [] } });
  });
});
