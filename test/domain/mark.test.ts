// Telling a canary's events from user traffic on raw text: none of ours is ever passed over.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMatcher } from '../../src/domain/mark.js';

function check(marks: readonly string[], text: string, matches: boolean) {
  expect(createMatcher(marks)(text)).toBe(matches);
}

describe('a text matches', () => {
  test.each<readonly [readonly string[], string, boolean]>([
    [['canary-'], '{"memo":"canary-x"}', true],
    [['canary-'], '{"memo":"rent"}', false],
    [['canary-', 'A1:payer'], '{"payer":"A1:payer"}', true],
    [['canary-', 'A1:canary-1'], '{"payer":"A1:canary-1"}', true],
    [['canary-', 'canary-'], '{"memo":"canary-x"}', true],
    [[], 'anything', false],
  ])('%j in %s: %s', (marks, text, matches) => check(marks, text, matches));

  test('exactly when it holds one of the marks', () => {
    const word = fc.stringMatching(/^[ab:]{1,3}$/);
    fc.assert(
      fc.property(fc.array(word), fc.stringMatching(/^[ab:]{0,8}$/), (marks, text) => {
        check(
          marks,
          text,
          marks.some((mark) => text.includes(mark)),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
