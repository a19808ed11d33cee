// Of answers that come in another order than they were asked for, none takes back a later one.
import { expect, test } from 'vitest';
import { createOrder } from '../../ui/src/live/in-order.js';

test.each<readonly [what: string, arrive: readonly number[], kept: readonly number[]]>([
  ['as they were asked for', [0, 1, 2], [0, 1, 2]],
  ['the first one last', [1, 2, 0], [1, 2]],
  ['the newest first', [2, 0, 1], [2]],
  ['one that was lost', [0, 2], [0, 2]],
])('%s', (_, arrive, kept) => {
  const begin = createOrder();
  const readings = [begin(), begin(), begin()];
  expect(arrive.filter((index) => readings[index]?.())).toEqual(kept);
});

test('one thing knows nothing of another', () => {
  const [board, auditor] = [createOrder(), createOrder()];
  const early = board();
  expect([auditor()(), early()]).toEqual([true, true]);
});
