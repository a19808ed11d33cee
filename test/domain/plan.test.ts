// The plan of a cycle: ids that a second planning would give again, fires spread evenly.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { storedMemoOf, testIdOf } from '../../src/domain/memo.js';
import { derivePaths } from '../../src/domain/path.js';
import { type CyclePlan, dueAtMs, type PlanSettings, planTest } from '../../src/domain/plan.js';
import { slotLabel } from '../../src/domain/test.js';
import { FIRED_AT_MS, REFERENCE } from './builders.js';

const SETTINGS: PlanSettings = {
  amountBaseUnits: 10_001n,
  feeBasisPoints: 10,
  deadlines: {
    intra: { softMs: 1, finalMs: 2 },
    async: { softMs: 3, finalMs: 4 },
    '2pc': { softMs: 5, finalMs: 6 },
  },
};
const PATHS = derivePaths(REFERENCE);
const CYCLE = slotLabel(FIRED_AT_MS);
const plan = (cycleId: string) => PATHS.map((path) => planTest(cycleId, path, SETTINGS, false));

describe('a slot in ids', () => {
  test.each([
    ['2026-11-23T18:30:00.000Z', '20261123T183000Z'],
    ['2026-01-02T03:04:05.678Z', '20260102T030405Z'],
  ])('%s: %s', (iso, label) => expect(slotLabel(Date.parse(iso))).toBe(label));
});

describe('the tests of a cycle', () => {
  test('one for each path, each with its own amount, fee and deadlines', () => {
    const one = plan(CYCLE).find(({ path }) => path.id === 'A1.1-B1.1-async');
    expect(one).toEqual({
      testId: '20261123T183000Z-A1.1-B1.1-async',
      cycleId: '20261123T183000Z',
      path: PATHS.find(({ id }) => id === 'A1.1-B1.1-async'),
      amount: '10001',
      fee: '11',
      deadlines: { softMs: 3, finalMs: 4 },
      warmUp: false,
    });
  });

  test('planned again they are the same, and no two of any two slots share an id', () => {
    expect(plan(CYCLE)).toEqual(plan(CYCLE));
    const next = slotLabel(FIRED_AT_MS + 60_000);
    const ids = [...plan(CYCLE), ...plan(next)].map(({ testId }) => testId);
    expect(new Set(ids).size).toBe(2 * PATHS.length);
  });

  test('every id survives the memo', () => {
    for (const { testId, path } of plan(CYCLE)) {
      expect(testIdOf(storedMemoOf(testId, path.backend))).toBe(testId);
    }
  });
});

describe('fires', () => {
  const spreadOver = (spreadMs: number): CyclePlan => ({
    cycleId: CYCLE,
    startedAtMs: FIRED_AT_MS,
    spreadMs,
    tests: plan(CYCLE),
  });

  test('the first at once, then evenly, all within the spread', () => {
    fc.assert(
      fc.property(fc.nat(60_000), (spreadMs) => {
        const due = PATHS.map((_, index) => dueAtMs(spreadOver(spreadMs), index) - FIRED_AT_MS);
        const gaps = due.slice(1).map((ms, index) => ms - (due[index] ?? 0));
        expect(due[0]).toBe(0);
        expect(Math.max(...due)).toBeLessThanOrEqual(spreadMs);
        expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('40 s over 30 tests', () => {
    expect(dueAtMs(spreadOver(40_000), 15)).toBe(FIRED_AT_MS + 20_000);
  });
});
