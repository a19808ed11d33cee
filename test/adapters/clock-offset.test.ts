// Clock offsets: whatever the delays and the clocks, the true offset lies within the stated error.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { measureClockOffset } from '../../src/adapters/clock-offset.js';

interface Probe {
  readonly outMs: number;
  readonly backMs: number;
  readonly answered: boolean;
}

/** Two clocks in whole milliseconds over one true time, and a line with the given delays. */
function simulate(probes: readonly Probe[], startMs: number, trueOffsetMs: number) {
  let trueMs = startMs;
  let next = 0;
  return {
    clock: { nowMs: () => Math.floor(trueMs) },
    async probe() {
      const { outMs, backMs, answered } = probes[next] ?? { outMs: 0, backMs: 0, answered: false };
      next += 1;
      trueMs += outMs;
      const theirsMs = Math.floor(trueMs + trueOffsetMs);
      trueMs += backMs;
      return answered ? theirsMs : undefined;
    },
  };
}

const delayMs = fc.double({ min: 0, max: 500, noNaN: true });
const anyProbe = fc.record({
  outMs: delayMs,
  backMs: delayMs,
  answered: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
});

test('the true offset lies within the error, and an unanswered clock has none', async () => {
  const cases = fc.record({
    probes: fc.array(anyProbe, { maxLength: 6 }),
    startMs: fc.double({ min: 1e12, max: 2e12, noNaN: true }),
    trueOffsetMs: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ probes, startMs, trueOffsetMs }) => {
      const { clock, probe } = simulate(probes, startMs, trueOffsetMs);
      const bounds = { probes: probes.length, budgetMs: 60_000 };
      const measured = await measureClockOffset(clock, probe, bounds);
      const silent = probes.findIndex((one) => !one.answered);
      const answered = silent === -1 ? probes : probes.slice(0, silent);
      expect(measured === undefined).toBe(answered.length === 0);
      if (measured === undefined) return;
      const { offsetMs, errorMs } = measured;
      expect(Math.abs(offsetMs - trueOffsetMs)).toBeLessThanOrEqual(errorMs);
      const shortestMs = Math.min(...answered.map(({ outMs, backMs }) => outMs + backMs));
      expect(errorMs).toBeLessThanOrEqual(shortestMs / 2 + 1.5);
    }),
  );
});

test('a probe during which our clock was set back measures nothing', async () => {
  const readings = [1_000, 1_000, 900, 2_000, 2_004];
  const clock = { nowMs: () => readings.shift() ?? 0 };
  const bounds = { probes: 2, budgetMs: 5_000 };
  const measured = await measureClockOffset(clock, async () => 5_000, bounds);
  expect(measured).toEqual({ offsetMs: 2_998, errorMs: 3 });
});

test('a slow clock is not asked beyond the budget', async () => {
  let asked = 0;
  let nowMs = 0;
  const slow = async () => {
    asked += 1;
    nowMs += 1_000;
    return nowMs;
  };
  await measureClockOffset({ nowMs: () => nowMs }, slow, { probes: 5, budgetMs: 1_500 });
  expect(asked).toBe(2);
});
