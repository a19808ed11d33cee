// One reading for all viewers: when it is shared, and when it is made anew.
import { describe, expect, test } from 'vitest';
import { done } from '../../../src/admin/answer.js';
import { createSharedReadings } from '../../../src/admin/http/shared-readings.js';
import { OPERATIONS } from '../../../src/admin/operations.js';

function readings() {
  let nowMs = 0;
  let told = 0;
  let made = 0;
  const shared = createSharedReadings({ nowMs: () => nowMs }, { told: () => told });
  return {
    shared,
    pass: (ms: number) => {
      nowMs += ms;
    },
    tell: () => {
      told += 1;
    },
    /** The number of the reading that a request is answered with. */
    async ask(name = 'board') {
      const reading = await shared.read(name, async () => {
        made += 1;
        return done({ number: made });
      });
      return reading.text;
    },
  };
}

type World = ReturnType<typeof readings>;

const CASES: readonly (readonly [string, (world: World) => void, string])[] = [
  ['at the same moment', () => undefined, '{"number":1}'],
  ['a moment later', ({ pass }) => pass(999), '{"number":1}'],
  ['a second later', ({ pass }) => pass(1_000), '{"number":2}'],
  ['after news', ({ tell }) => tell(), '{"number":2}'],
  ['after an action', ({ shared }) => shared.forget(), '{"number":2}'],
];

describe('a second viewer', () => {
  test.each(CASES)('%s', async (_when, happens, expected) => {
    const world = readings();
    expect(await world.ask()).toBe('{"number":1}');
    happens(world);
    expect(await world.ask()).toBe(expected);
  });

  test('waits for the reading that is under way, unless there was news meanwhile', async () => {
    const { ask, tell } = readings();
    const [first, second] = [ask(), ask()];
    tell();
    const third = ask();
    expect(await Promise.all([first, second, third])).toEqual([
      '{"number":1}',
      '{"number":1}',
      '{"number":2}',
    ]);
  });

  test('of something else has a reading of its own', async () => {
    const { ask } = readings();
    expect([await ask('board'), await ask('auditor')]).toEqual(['{"number":1}', '{"number":2}']);
  });

  test('hears of the same error, and the next one asks again', async () => {
    const { ask, shared } = readings();
    const failing = () => Promise.reject(new Error('away'));
    const both = [shared.read('board', failing), shared.read('board', failing)];
    for (const one of both) await expect(one).rejects.toThrow('away');
    expect(await ask()).toBe('{"number":1}');
  });
});

test.each([
  ['the board', OPERATIONS.board, {}, true],
  ['one with a question of its own', OPERATIONS.board, { unknown: 'x' }, false],
  ['results, which everybody filters', OPERATIONS.results, {}, false],
  ['an action', OPERATIONS.cycle, {}, false],
  ['who has tokens, which not all may see', OPERATIONS.tokens, {}, false],
] as const)('%s', (_what, operation, input, expected) => {
  expect(readings().shared.takes(operation, input)).toBe(expected);
});
