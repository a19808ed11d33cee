// Answers made to fit: whatever they hold, they stay JSON of the same form.
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { fitted } from '../../../src/admin/mcp/fitted.js';

const letters = (count: number) => 'x'.repeat(count);

describe('a value made to fit', () => {
  test.each([
    ['what fits', { a: [1, 2] }, 100, { kind: 'fits', value: { a: [1, 2] }, cuts: [] }],
    [
      'the longest list',
      { a: [1, 2], b: [letters(9), letters(9), letters(9), letters(9)] },
      45,
      {
        kind: 'fits',
        value: { a: [1, 2], b: [letters(9), letters(9)] },
        cuts: [{ list: 'b', kept: 2, of: 4 }],
      },
    ],
    [
      'a list inside a list of one',
      { a: [{ b: [1, 2, 3, 4, 5, 6, 7, 8] }] },
      23,
      {
        kind: 'fits',
        value: { a: [{ b: [1, 2, 3, 4] }] },
        cuts: [{ list: 'a.0.b', kept: 4, of: 8 }],
      },
    ],
    ['no list', { a: letters(30) }, 20, { kind: 'too_long', characters: 38 }],
  ])('%s', (_what, value, charactersMax, expected) => {
    expect(fitted(value, charactersMax)).toEqual(expected);
  });
});

/** Whether one value is the other with lists that end earlier. */
function isBeginningOf(part: unknown, whole: unknown): boolean {
  if (Array.isArray(part) && Array.isArray(whole)) {
    return (
      part.length <= whole.length && part.every((one, index) => isBeginningOf(one, whole[index]))
    );
  }
  if (typeof part !== 'object' || part === null || typeof whole !== 'object' || whole === null) {
    return Object.is(part, whole);
  }
  const [mine, theirs] = [Object.entries(part), Object.entries(whole)];
  return (
    mine.length === theirs.length &&
    mine.every(
      ([key, one], index) => key === theirs[index]?.[0] && isBeginningOf(one, theirs[index]?.[1]),
    )
  );
}

property.prop([fc.json({ maxDepth: 5 }), fc.integer({ min: 10, max: 200 })], { numRuns: 500 })(
  'whatever the value, it fits and is a beginning of it, or is said to be too long',
  (text, charactersMax) => {
    const whole: unknown = JSON.parse(text);
    const fit = fitted(whole, charactersMax);
    if (fit.kind === 'too_long') {
      expect(fit.characters).toBeGreaterThan(charactersMax);
      return;
    }
    expect(JSON.stringify(fit.value).length).toBeLessThanOrEqual(charactersMax);
    expect(isBeginningOf(fit.value, whole)).toBe(true);
  },
);
