// Quantiles by the nearest rank: always a value that was measured.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantile } from '../../src/domain/quantile.js';

function check(sample: readonly number[], q: number, value: number | undefined) {
  expect(quantile(sample, q)).toBe(value);
}

test.each([
  [[], 0.5, undefined],
  [[7], 0, 7],
  [[7], 1, 7],
  [[3, 1, 2], 0.5, 2],
  [[4, 3, 2, 1], 0.5, 2],
  [[4, 3, 2, 1], 0.95, 4],
  [[10, 9, 1], 0, 1],
  [[2, 10, 1], 1, 10],
  [Array.from({ length: 100 }, (_, index) => index + 1), 0.95, 95],
])('of %j at %s: %s', (sample, q, value) => check(sample, q, value));

test('at least that share of the sample is not above it, and no smaller value will do', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1 }),
      fc.integer({ min: 1, max: 100 }),
      (sample, percent) => {
        const value = quantile(sample, percent / 100) ?? Number.NaN;
        const notAbove = sample.filter((one) => one <= value).length;
        const below = sample.filter((one) => one < value).length;
        expect(sample).toContain(value);
        expect(notAbove * 100).toBeGreaterThanOrEqual(percent * sample.length);
        expect(below * 100).toBeLessThan(percent * sample.length);
      },
    ),
  );
});

test('the sample is left as it was', () => {
  const sample = [3, 1, 2];
  quantile(sample, 0.5);
  expect(sample).toEqual([3, 1, 2]);
});
