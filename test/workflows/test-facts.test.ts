// What the Temporal UI shows of a test while it runs and when it has ended.
import { expect, test } from 'vitest';
import type { DecidedVerdict } from '../../src/domain/verdict.js';
import { describeTest, type Facts, noFacts } from '../../src/workflows/test-facts.js';
import { stampAt, testOf } from '../support/samples.js';

const TIMEOUT: DecidedVerdict = {
  kind: 'failed',
  signal: 'timeout',
  phase: 'settlement',
  missing: ['cf_settled_local'],
  reason: 'no cf_settled_local before the final deadline',
};
const PATH = 'A1:canary-1 → B1:canary-1 by async, final deadline 60 s';

test.each<readonly [string, Partial<Facts>, string]>([
  ['at the start', {}, `**pending** ${PATH}`],
  [
    'with what it has heard',
    {
      stamps: [stampAt('cf_initiated', 'A', 1)],
      findings: [{ kind: 'wrong_fee', testId: 't', subject: 'teg-a/7', evidence: '1, not 2' }],
    },
    `**pending** ${PATH}\n- cf_initiated at A\n- finding wrong_fee: teg-a/7`,
  ],
  [
    'decided, while PostgreSQL is away',
    { verdict: { kind: 'passed' } },
    `**passed, not stored yet** ${PATH}`,
  ],
  ['passed', { verdict: { kind: 'passed' }, outcome: 'passed' }, `**passed** ${PATH}`],
  [
    'failed, with its phase and reason',
    { verdict: TIMEOUT, outcome: 'failed' },
    `**failed: timeout, phase settlement (${TIMEOUT.reason})** ${PATH}`,
  ],
  [
    'stored otherwise than it was decided again',
    { verdict: TIMEOUT, outcome: 'passed' },
    `**passed** ${PATH}`,
  ],
])('%s', (_when, facts, shown) => {
  expect(describeTest(testOf('A1.1-B1.1-async'), { ...noFacts(), ...facts })).toBe(shown);
});
