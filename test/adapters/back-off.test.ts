// Waits between tries: they double up to their bound, differ from each other, and begin anew.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBackOff } from '../../src/adapters/back-off.js';

test('every wait lies between half and all of its step, and steps double to the maximum', () => {
  const cases = fc.record({
    firstMs: fc.integer({ min: 1, max: 1_000 }),
    factor: fc.integer({ min: 1, max: 100 }),
    draws: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
  });
  fc.assert(
    fc.property(cases, ({ firstMs, factor, draws }) => {
      const maxMs = firstMs * factor;
      const left = [...draws];
      const backOff = createBackOff({ firstMs, maxMs, random: () => left.shift() ?? 0 });
      for (const [index] of draws.entries()) {
        const stepMs = Math.min(maxMs, firstMs * 2 ** index);
        const waitMs = backOff.nextMs();
        expect(waitMs).toBeGreaterThanOrEqual(stepMs / 2);
        expect(waitMs).toBeLessThanOrEqual(stepMs);
      }
      backOff.reset();
      expect(backOff.nextMs()).toBeLessThanOrEqual(firstMs);
    }),
  );
});
