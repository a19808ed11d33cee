// What a page tells from noise, held against arithmetic that anyone can follow.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binomialTail, failuresAbove, pagePower } from '../../monitoring/src/rules/detectable.js';

/** Pascal's triangle and plain products. */
function tailByHand(tests: number, failures: number, ratio: number): number {
  let row = [1];
  for (let n = 0; n < tests; n += 1) {
    row = [1, ...row.slice(1).map((value, index) => value + (row[index] ?? 0)), 1];
  }
  return row.reduce(
    (sum, ways, count) =>
      count < failures ? sum : sum + ways * ratio ** count * (1 - ratio) ** (tests - count),
    0,
  );
}

describe('the chance of at least so many failures', () => {
  test('is that of Pascal’s triangle', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 0, max: 41 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (tests, failures, ratio) => {
          expect(binomialTail(tests, failures, ratio)).toBeCloseTo(
            tailByHand(tests, failures, ratio),
            9,
          );
        },
      ),
    );
  });

  test('keeps its digits where it is tiny', () => {
    expect(binomialTail(150, 22, 0.002) / tailByHand(150, 22, 0.002)).toBeCloseTo(1, 6);
    expect(binomialTail(150, 22, 0.002)).toBeLessThan(1e-30);
  });
});

test.each([
  [150, 0.144, 22],
  [60, 0.144, 9],
  [10, 0.1, 2],
  [100, 0.06, 7],
])('of %i tests more than %d are %i', (tests, ratio, failures) => {
  expect(failuresAbove(tests, ratio)).toBe(failures);
});

describe('a page', () => {
  const page = { shortTests: 150, longTests: 1_800, thresholdRatio: 0.144, noiseRatio: 0.002 };

  test('one failed test of sixty does not page', () => {
    expect(failuresAbove(60, page.thresholdRatio)).toBeGreaterThan(1);
  });

  test('tells what it says it tells, and not less', () => {
    const { detectableRatio } = pagePower(page);
    const power = (ratio: number) =>
      binomialTail(page.shortTests, failuresAbove(page.shortTests, 0.144), ratio) *
      binomialTail(page.longTests, failuresAbove(page.longTests, 0.144), ratio);
    expect(power(detectableRatio)).toBeGreaterThanOrEqual(0.95);
    expect(power(detectableRatio - 0.001)).toBeLessThan(0.95);
  });

  test('fewer tests tell only larger degradations', () => {
    const few = pagePower({ ...page, shortTests: 10, longTests: 120 });
    expect(few.detectableRatio).toBeGreaterThan(pagePower(page).detectableRatio);
    expect(few.falseAlarmProbability).toBeGreaterThan(pagePower(page).falseAlarmProbability);
  });
});
