// Missed slots: those between the last that fired and this one, named, and never without bound.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { missedSlots } from '../../src/domain/slot.js';

const MINUTE_MS = 60_000;

function check(
  last: number | undefined,
  slot: number,
  intervalMs: number,
  missed: readonly number[],
) {
  const lastMs = last === undefined ? undefined : last * MINUTE_MS;
  const found = missedSlots(lastMs, slot * MINUTE_MS, intervalMs);
  expect(found.map((ms) => ms / MINUTE_MS)).toEqual(missed);
}

describe('the slots that did not fire', () => {
  test.each<readonly [string, number | undefined, number, number, readonly number[]]>([
    ['the very first', undefined, 9, MINUTE_MS, []],
    ['one after the other', 8, 9, MINUTE_MS, []],
    ['the same again', 9, 9, MINUTE_MS, []],
    ['an older one, caught up late', 9, 7, MINUTE_MS, []],
    ['one missed', 7, 9, MINUTE_MS, [8]],
    ['three missed, oldest first', 5, 9, MINUTE_MS, [6, 7, 8]],
    ['every five minutes', 0, 15, 5 * MINUTE_MS, [5, 10]],
    ['after the interval grew', 7, 20, 5 * MINUTE_MS, [10, 15]],
    ['after the interval shrank', 5, 8, MINUTE_MS, [6, 7]],
  ])('%s', (_, last, slot, intervalMs, missed) => check(last, slot, intervalMs, missed));

  test('a long outage: a day of minutes is named, the newest', () => {
    const missed = missedSlots(0, 10_000 * MINUTE_MS, MINUTE_MS);
    expect(missed).toHaveLength(1_440);
    expect(missed.at(-1)).toBe(9_999 * MINUTE_MS);
  });

  test('each is a due moment strictly between the two, and only the bound leaves any out', () => {
    const anyMoment = fc.nat(3_000_000);
    fc.assert(
      fc.property(anyMoment, anyMoment, fc.integer({ min: 1_000, max: 100_000 }), (a, b, every) => {
        const [last, slot] = a < b ? [a, b] : [b, a];
        const missed = missedSlots(last, slot, every);
        expect(missed.filter((due) => due % every !== 0 || due <= last || due >= slot)).toEqual([]);
        const dueBetween = Math.ceil(slot / every) - 1 - Math.floor(last / every);
        expect(missed).toHaveLength(Math.min(1_440, Math.max(0, dueBetween)));
      }),
    );
  });
});
