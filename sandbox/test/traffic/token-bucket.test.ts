// Pacing: the average is kept, and what an outage cost is not made up for.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenBucket } from '../../src/traffic/token-bucket.js';

/** How many go when asked at those times, all that may each time. */
function takenAt(ratePerSecond: number, timesMs: readonly number[]): readonly number[] {
  const bucket = createTokenBucket(ratePerSecond, 0);
  return timesMs.map((timeMs) => {
    let taken = 0;
    while (bucket.take(timeMs)) taken += 1;
    return taken;
  });
}

const everyMs = (stepMs: number, untilMs: number) =>
  Array.from({ length: untilMs / stepMs }, (_, index) => (index + 1) * stepMs);

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

describe('a bucket', () => {
  const rates = [0, 0.5, 1, 20, 500] as const;
  test.each(rates)('of %d per second lets as many go in ten seconds', (rate) => {
    const taken = sum(takenAt(rate, everyMs(20, 10_000)));
    expect(Math.abs(taken - rate * 10)).toBeLessThanOrEqual(1);
  });

  const outages: readonly (readonly [number, number, number])[] = [
    // rate, length of the outage, how many may go right after it
    [20, 60_000, 5],
    [20, 100, 2],
    [1, 60_000, 1],
    [1_000, 60_000, 250],
  ];
  test.each(outages)('of %d per second, after %d ms, lets %d go', (rate, outageMs, expected) => {
    expect(takenAt(rate, [outageMs])).toEqual([expected]);
  });

  test('never lets more go than the rate and what it may save', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 500, noNaN: true }), steps, (rate, waits) => {
        let nowMs = 0;
        const times = waits.map((wait) => {
          nowMs += wait;
          return nowMs;
        });
        const passedSeconds = nowMs / 1000;
        const taken = sum(takenAt(rate, times));
        expect(taken).toBeLessThanOrEqual(rate * passedSeconds + 1e-6);
      }),
    );
  });

  test('follows a change of the rate from that moment on', () => {
    const bucket = createTokenBucket(0, 0);
    expect(bucket.take(60_000)).toBe(false);
    bucket.setRate(10, 60_000);
    expect(bucket.take(60_050)).toBe(false);
    expect(bucket.take(60_100)).toBe(true);
    expect(bucket.rate()).toBe(10);
  });

  test('survives a clock that goes back', () => {
    const bucket = createTokenBucket(10, 1_000);
    expect(bucket.take(0)).toBe(false);
    expect(bucket.take(100)).toBe(true);
  });
});
