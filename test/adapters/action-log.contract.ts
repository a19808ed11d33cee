// What every log of actions must do, whatever it is made of.
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { KEY_LIFE_MS, type NewAction } from '../../src/domain/action.js';
import type { ActionLog } from '../../src/ports.js';

const NOW_MS = Date.parse('2026-11-23T18:30:00.000Z');

/** An action by an actor that no other case has met. */
function newAction(over: Partial<NewAction> = {}): NewAction {
  return {
    atMs: NOW_MS,
    actor: randomUUID(),
    face: 'http',
    operation: 'pause',
    subject: 'A1.1-B1.1-async',
    input: { all: false, reason: 'x', deep: [{ n: 1.5 }] },
    idempotencyKey: undefined,
    ...over,
  };
}

const DIGEST = 'of the input';
const DONE = { atMs: NOW_MS + 5, outcome: 'done', answer: { kind: 'done', value: { z: 1, a: 2 } } };

export function actionLogContract(name: string, log: () => ActionLog): void {
  describe(`log of actions: ${name}`, () => {
    test('an action is kept with its end, which is written once', async () => {
      const action = newAction({ input: { reason: 'x' } });
      const begun = await log().begin(action, DIGEST);
      if (begun.kind !== 'begun') throw new Error('it was repeated');
      const [running] = await log().list({ limit: 1, actor: action.actor });
      expect(running).toEqual({ ...action, actionId: begun.actionId, end: undefined });
      await log().end(begun.actionId, DONE);
      await log().end(begun.actionId, { ...DONE, outcome: 'failed' });
      const [ended] = await log().list({ limit: 1, actor: action.actor });
      expect(ended).toEqual({ ...action, actionId: begun.actionId, end: DONE });
      expect(JSON.stringify(ended?.end?.answer)).toBe(JSON.stringify(DONE.answer));
    });

    test('the newest come first, by actor and operation, below a place', async () => {
      const actor = randomUUID();
      const ids: number[] = [];
      for (const operation of ['pause', 'fire', 'pause'] as const) {
        const begun = await log().begin(newAction({ actor, operation }), DIGEST);
        if (begun.kind === 'begun') ids.push(begun.actionId);
      }
      const [first = 0, second = 0, third = 0] = ids;
      const table = [
        { query: { limit: 9, actor }, expected: [third, second, first] },
        { query: { limit: 2, actor }, expected: [third, second] },
        { query: { limit: 9, actor, below: third }, expected: [second, first] },
        { query: { limit: 9, actor, operation: 'pause' }, expected: [third, first] },
        { query: { limit: 1, operation: 'fire' }, expected: [second] },
      ];
      for (const { expected, query } of table) {
        const found = await log().list(query);
        expect(
          found.map(({ actionId }) => actionId),
          JSON.stringify(query),
        ).toEqual(expected);
      }
    });

    keyCases(log);
  });
}

function keyCases(log: () => ActionLog): void {
  const kindOf = async (action: NewAction) => (await log().begin(action, DIGEST)).kind;

  test('of many calls at once under one key exactly one begins', async () => {
    const action = newAction({ idempotencyKey: 'k' });
    const kinds = await Promise.all(Array.from({ length: 12 }, () => kindOf(action)));
    expect(kinds.filter((kind) => kind === 'begun')).toHaveLength(1);
    expect(await log().list({ limit: 20, actor: action.actor })).toHaveLength(1);
    const again = await log().begin(action, DIGEST);
    if (again.kind !== 'repeated') throw new Error('it was begun again');
    expect(again.claim).toMatchObject({
      claimedAtMs: NOW_MS,
      inputDigest: DIGEST,
      action: { end: undefined },
    });
  });

  test.each([
    ['another actor', { actor: randomUUID() }],
    ['another operation', { operation: 'fire' }],
    ['another key', { idempotencyKey: 'other' }],
    ['no key', { idempotencyKey: undefined }],
    ['the key after its life', { atMs: NOW_MS + KEY_LIFE_MS }],
  ])('%s is another request', async (_, over) => {
    const action = newAction({ idempotencyKey: 'k' });
    await log().begin(action, DIGEST);
    expect(await kindOf({ ...action, ...over })).toBe('begun');
    expect(await kindOf({ ...action, atMs: NOW_MS + KEY_LIFE_MS - 1 })).toBe('repeated');
  });

  test.each([
    ['done', 'repeated'],
    ['failed', 'repeated'],
    ['timed_out', 'repeated'],
    ['interrupted', 'repeated'],
    ['refused', 'begun'],
    ['unreachable', 'begun'],
  ])('a request that ended as %s is %s', async (outcome, kind) => {
    const action = newAction({ idempotencyKey: 'k' });
    const first = await log().begin(action, DIGEST);
    if (first.kind !== 'begun') throw new Error('it was repeated');
    await log().end(first.actionId, { ...DONE, outcome });
    const second = await log().begin({ ...action, atMs: NOW_MS + 9 }, 'other');
    expect(second).toMatchObject({ kind, ...(kind === 'begun' ? { claimedAtMs: NOW_MS } : {}) });
    // What took a key over holds it as the first did, with its own input.
    const third = await log().begin({ ...action, atMs: NOW_MS + 10 }, 'third');
    const inputDigest = kind === 'begun' ? 'other' : DIGEST;
    expect(third).toMatchObject({ kind: 'repeated', claim: { inputDigest } });
  });
}
