// What does more than read is in the log of actions, and done once under one key, whatever the
// face: what is asked, what is answered, what is logged.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Actor, Face } from '../../src/admin/actor.js';
import { done, refused } from '../../src/admin/answer.js';
import { type Context, invoke, type Operation, operation } from '../../src/admin/operation.js';
import { OPERATIONS } from '../../src/admin/operations.js';
import { KEY_LIFE_MS } from '../../src/domain/action.js';
import { echoing } from './cli-run.js';
import {
  createListener,
  createWorld,
  NOW_MS,
  OPERATOR,
  temporalAway,
  type World,
} from './world.js';

const PATH = 'A1.1-B1.1-async';
const PAUSE = { path: PATH, reason: 'the receiver moves', for: '2h' };

function caller(key?: string, face: Face = 'http'): Context {
  const actor = { ...OPERATOR, face };
  return { ...createListener(), actor, ...(key === undefined ? {} : { idempotencyKey: key }) };
}

async function logged(world: World) {
  const answer = await invoke(OPERATIONS.actions, world, {}, caller());
  if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
  return OPERATIONS.actions.output.parse(answer.value).actions;
}

/** An operation that counts how often it was run, and holds until it is let go. */
function counting(over: { readonly hold?: Promise<void> } = {}) {
  const runs: unknown[] = [];
  const called = operation({
    name: 'count',
    summary: 'counts',
    role: 'operate',
    secrets: ['token'],
    input: z.strictObject({ n: z.int().max(9), token: z.string().default('t') }),
    output: z.strictObject({ runs: z.int(), token: z.string() }),
    async run(_deps, { n }) {
      runs.push(n);
      await over.hold;
      if (n === 0) return refused('n', '0', 'must not be zero');
      return done({ runs: runs.length, token: 'secret' });
    },
  });
  return { called, runs };
}

describe('the log of actions', () => {
  test('has what was asked, by whom, over which face, and what was answered', async () => {
    const world = createWorld();
    await invoke(OPERATIONS.pause, world, PAUSE, caller('k', 'mcp'));
    expect(await logged(world)).toMatchObject([
      {
        action: 1,
        at: '2026-11-23T18:30:00.000Z',
        actor: 'a person',
        face: 'mcp',
        operation: 'pause',
        subject: PATH,
        input: { path: PATH, all: false, reason: 'the receiver moves', for: 7_200_000 },
        idempotencyKey: 'k',
        outcome: 'done',
        answer: { pathId: PATH, by: 'a person' },
      },
    ]);
  });

  test.each<readonly [string, Operation, object, Actor]>([
    ['what only reads', OPERATIONS.paths, {}, OPERATOR],
    ['what is not understood', OPERATIONS.pause, { path: PATH }, OPERATOR],
    ['what may not be asked', OPERATIONS.pause, PAUSE, { ...OPERATOR, role: 'read' }],
  ])('does not have %s', async (_, called, input, actor) => {
    const world = createWorld();
    await invoke(called, world, input, { ...caller(), actor });
    expect(await logged(world)).toEqual([]);
  });

  test('has what was refused and what could not be reached, too', async () => {
    const world = createWorld({ cycles: { start: temporalAway() } });
    await invoke(OPERATIONS.fire, world, { path: 'A9' }, caller());
    await invoke(OPERATIONS.fire, world, { path: PATH }, caller());
    const outcomes = (await logged(world)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['unreachable', 'refused']);
  });

  test('has a defect before it is thrown', async () => {
    const start = async (): Promise<never> => Promise.reject(new Error('oops'));
    const world = createWorld({ cycles: { start } });
    await expect(invoke(OPERATIONS.fire, world, { path: PATH }, caller())).rejects.toThrow('oops');
    expect(await logged(world)).toMatchObject([{ outcome: 'failed' }]);
  });

  test('holds no secret, neither asked nor answered', async () => {
    const world = createWorld();
    const { called } = counting();
    await invoke(called, world, { n: 1, token: 'mine' }, caller());
    expect(await logged(world)).toMatchObject([
      { input: { n: 1, token: '***' }, answer: { runs: 1, token: '***' } },
    ]);
    expect(JSON.stringify(await world.actions.list({ limit: 9 }))).not.toMatch(/secret|mine/);
  });

  test('that cannot be written lets nothing be done', async () => {
    const world = createWorld({ postgresAway: true });
    const { called, runs } = counting();
    const answer = await invoke(called, world, { n: 1 }, caller());
    expect(answer).toMatchObject({ kind: 'unreachable', dependency: 'postgres' });
    expect(runs).toEqual([]);
  });

  test('pages by a cursor that stays where it is', async () => {
    const world = createWorld();
    const { called } = counting();
    for (const n of [1, 2, 3]) await invoke(called, world, { n }, caller());
    const page = async (cursor?: string) => {
      const input = { limit: 2, ...(cursor === undefined ? {} : { cursor }) };
      const answer = await invoke(OPERATIONS.actions, world, input, caller());
      if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
      return answer.value;
    };
    const first = await page();
    await invoke(called, world, { n: 4 }, caller());
    const second = await page(first.nextCursor);
    const ids = [first, second].map(({ actions }) => actions.map(({ action }) => action));
    expect(ids).toEqual([[3, 2], [1]]);
    expect(second.nextCursor).toBeUndefined();
  });
});

describe('an idempotency key', () => {
  test('answers again what was answered, and does nothing again', async () => {
    const world = createWorld();
    const { called, runs } = counting();
    const first = await invoke(called, world, { n: 1 }, caller('k'));
    const second = await invoke(called, world, { n: 1 }, caller('k'));
    expect(first).toEqual({ kind: 'done', value: { runs: 1, token: 'secret' } });
    expect(second).toEqual({ kind: 'done', value: { runs: 1, token: '***' } });
    expect(runs).toHaveLength(1);
    expect(await logged(world)).toHaveLength(1);
  });

  test('tells the second of two calls at once that the first is under way', async () => {
    const world = createWorld();
    let letGo = (): unknown => undefined;
    const hold = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { called, runs } = counting({ hold });
    const first = invoke(called, world, { n: 1 }, caller('k'));
    const second = await invoke(called, world, { n: 1 }, caller('k'));
    expect(second).toMatchObject({ kind: 'in_progress', message: /as action 1 and has not ended/ });
    letGo();
    expect((await first).kind).toBe('done');
    expect(runs).toHaveLength(1);
  });

  test('with another input is refused, and the input is named as taken', async () => {
    const world = createWorld();
    const { called, runs } = counting();
    await invoke(called, world, { n: 1 }, caller('k'));
    const answer = await invoke(called, world, { n: 2 }, caller('k'));
    expect(answer).toMatchObject({
      kind: 'refused',
      refusal: { field: 'idempotencyKey', value: 'k' },
    });
    expect(runs).toEqual([1]);
  });

  test.each([
    ['another secret', { n: 1, token: 'b' }, 'refused'],
    ['the same secret', { token: 'a', n: 1 }, 'done'],
  ])('with %s, which the log does not hold', async (_what, input, kind) => {
    const world = createWorld();
    const { called, runs } = counting();
    await invoke(called, world, { n: 1, token: 'a' }, caller('k'));
    expect(await invoke(called, world, input, caller('k'))).toMatchObject({ kind });
    expect(runs).toHaveLength(1);
  });

  test.each([
    ['another body', { b: 2 }, 'refused'],
    ['the same body in another order', { c: [{ y: 2, x: 1 }], b: 1 }, 'done'],
  ])('of a request to an upstream with %s', async (_what, body, kind) => {
    const world = { ...createWorld(), upstreams: echoing(['A1']) };
    const asked = { target: 'A1', path: '/x', method: 'POST' };
    const first = { ...asked, body: { b: 1, c: [{ x: 1, y: 2 }] } };
    await invoke(OPERATIONS.request, world, first, caller('k'));
    const again = await invoke(OPERATIONS.request, world, { ...asked, body }, caller('k'));
    expect(again).toMatchObject({ kind });
  });

  test('is of one actor and one operation, for a day', async () => {
    let nowMs = NOW_MS;
    const world = { ...createWorld(), clock: { nowMs: () => nowMs } };
    const { called, runs } = counting();
    const other = { ...OPERATOR, name: 'another' };
    await invoke(called, world, { n: 1 }, caller('k'));
    await invoke(called, world, { n: 1 }, { ...caller('k'), actor: other });
    expect(runs).toHaveLength(2);
    nowMs += KEY_LIFE_MS;
    await invoke(called, world, { n: 2 }, caller('k'));
    expect(runs).toEqual([1, 1, 2]);
  });

  test('may be used again where nothing was done', async () => {
    const world = createWorld();
    const { called, runs } = counting();
    await invoke(called, world, { n: 0 }, caller('k'));
    expect(await invoke(called, world, { n: 1 }, caller('k'))).toMatchObject({ kind: 'done' });
    expect(runs).toEqual([0, 1]);
  });

  test.each(['', 'x'.repeat(201)])('must be of a length that can be kept', async (key) => {
    const { called, runs } = counting();
    const answer = await invoke(called, createWorld(), { n: 1 }, caller(key));
    expect(answer).toMatchObject({ kind: 'refused', refusal: { field: 'idempotencyKey' } });
    expect(runs).toEqual([]);
  });

  test('starts one cycle though its answer was lost on the way', async () => {
    const lost = createWorld();
    const start: World['cycles']['start'] = async (...how) => {
      await lost.cycles.start(...how);
      return temporalAway()();
    };
    const world = { ...lost, cycles: { ...lost.cycles, start } };
    const fire = { path: PATH, wait: false };
    const first = await invoke(OPERATIONS.fire, world, fire, caller('k'));
    const second = await invoke(OPERATIONS.fire, lost, fire, caller('k'));
    expect([first.kind, second.kind]).toEqual(['unreachable', 'done']);
    expect(lost.started).toHaveLength(1);
  });
});
