// What needs a person, as the command line tells it: what broke, or what never came.
import { expect, test } from 'vitest';
import type { Closing, Result } from '../../src/domain/result.js';
import { PATH, run } from './cli-run.js';
import { createWorld, resultOf, storeClosed, TIMED_OUT } from './world.js';

interface Case {
  readonly what: string;
  readonly result?: Partial<Result>;
  readonly closing?: Partial<Closing>;
  readonly code: number;
  readonly says: RegExp;
}

const CASES: readonly Case[] = [
  { what: 'nothing', code: 0, says: /^nothing needs attention\n$/ },
  {
    what: 'a failure by its reason',
    result: TIMED_OUT,
    code: 1,
    says: /failed[\s\S]*before\s+the\s+final/,
  },
  {
    what: 'a degraded test by what never came',
    closing: {
      degraded: true,
      absent: [{ frame: 'B', stamp: 'cf_settled_remote' }],
      absentEvents: [{ frame: 'A', eventType: 'TransactionFeeCollected' }],
    },
    code: 1,
    says: /degraded; never came: cf_settled_remote @ B,\s+TransactionFeeCollected @ A/,
  },
];

test.each(CASES)('tells of $what', async ({ closing, code, result, says }) => {
  const world = createWorld();
  await storeClosed(world.results, resultOf(PATH, result), closing);
  const told = await run('attention', { world });
  expect(told.stdout).toMatch(says);
  expect(told.code).toBe(code);
});
