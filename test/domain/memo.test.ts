// The memo carries the test id there and back, and nothing else is taken for a canary's.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BACKENDS } from '../../src/domain/backend.js';
import {
  CANARY_MEMO_MARK,
  claimsCanary,
  memoOf,
  storedMemoOf,
  testIdOf,
} from '../../src/domain/memo.js';
import { derivePaths } from '../../src/domain/path.js';
import { REFERENCE, testOf } from './builders.js';

function check(memo: string, testId: string | undefined) {
  expect(testIdOf(memo)).toBe(testId);
}

describe('the test id in a memo', () => {
  test.each([
    ['canary-20261123T183000Z-A1.1-B1.1-async', '20261123T183000Z-A1.1-B1.1-async'],
    ['cross_registry:canary-20261123T183000Z-A1.1-B1.1-2pc', '20261123T183000Z-A1.1-B1.1-2pc'],
    ['canary-x', 'x'],
    [`canary-${'x'.repeat(128)}`, 'x'.repeat(128)],
    [`canary-${'x'.repeat(129)}`, undefined],
    ['canary-', undefined],
    ['cross_registry:canary-', undefined],
    ['cross_registry:cross_registry:canary-x', undefined],
    ['canary-cross_registry:canary-x', 'cross_registry:canary-x'],
    ['Canary-x', undefined],
    [' canary-x', undefined],
    ['canary-x ', undefined],
    ['canary-x\n', undefined],
    ['canary-x y', undefined],
    ['canary-*', undefined],
    ['canary--x', undefined],
    ['canary-é', undefined],
    ['rent for canary-x', undefined],
    ['cross_registry:', undefined],
    ['', undefined],
  ])('%j: %j', (memo, testId) => check(memo, testId));
});

describe('whose a memo claims to be', () => {
  test.each([
    ['canary-x', true],
    ['cross_registry:canary-x', true],
    ['canary-*', true],
    ['canary-', true],
    ['rent for A1:canary-2', false],
    ['cross_registry:rent', false],
    ['', false],
  ])('%j: a canary %j', (memo, claimed) => expect(claimsCanary(memo)).toBe(claimed));
});

describe('there and back', () => {
  test('every test of the reference is found in the memo that the platform stores', () => {
    for (const path of derivePaths(REFERENCE)) {
      const { testId } = testOf(path);
      check(storedMemoOf(testId, path.backend), testId);
      check(memoOf(testId), testId);
      expect(memoOf(testId)).toBe(`canary-${testId}`);
    }
  });

  test('only 2pc wraps', () => {
    const stored = BACKENDS.map((backend) => storedMemoOf('x', backend));
    expect(stored).toEqual(['canary-x', 'canary-x', 'cross_registry:canary-x']);
  });

  test('whatever text comes in, an id that comes out is plain and was really there', () => {
    const pieces = ['canary-', 'cross_registry:', 'A1.1', ' ', '\u0000', '*', 'é'];
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 5 }).map((all) => all.join(''));
    fc.assert(
      fc.property(text, (memo) => {
        const testId = testIdOf(memo);
        if (testId === undefined) return;
        expect(testId).toMatch(/^[\w.:-]{1,128}$/);
        expect(memo).toContain(CANARY_MEMO_MARK + testId);
      }),
      { numRuns: 500 },
    );
  });
});
