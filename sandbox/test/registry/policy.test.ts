// OPA policies: each condition by a case that violates it alone, and the enforced decision.
import { describe, expect, test } from 'vitest';
import {
  decide,
  enforcedDecision,
  POLICIES,
  type PolicyAgent,
  type PolicyInput,
  type PolicyName,
} from '../../src/registry/policy.js';

const ENROLLED: PolicyAgent = { status: 'enrolled', votingWeight: 3 };
const REVOKED: PolicyAgent = { status: 'revoked', votingWeight: 3 };
const SILENT: PolicyAgent = { status: 'enrolled', votingWeight: 0 };
const USER: PolicyInput = { agent_id: 'A1:user-01', respondent: 'A1:user-02' };
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

type Case = readonly [PolicyName, PolicyInput, PolicyAgent | undefined, readonly string[]];

const CASES: readonly Case[] = [
  ['governance.propose', { ...USER, duration_ms: WEEK_MS }, ENROLLED, []],
  ['governance.propose', USER, REVOKED, ['proposer_is_enrolled']],
  ['governance.propose', USER, SILENT, ['proposer_has_say']],
  [
    'governance.propose',
    { ...USER, duration_ms: WEEK_MS + 1 },
    ENROLLED,
    ['vote_ends_within_a_week'],
  ],
  ['governance.vote', USER, ENROLLED, []],
  ['governance.vote', USER, REVOKED, ['voter_is_enrolled']],
  ['governance.vote', USER, SILENT, ['voter_has_say']],
  ['governance.vote', USER, undefined, ['voter_is_enrolled', 'voter_has_say']],
  ['disputes.open', USER, ENROLLED, []],
  ['disputes.open', USER, REVOKED, ['claimant_is_enrolled']],
  ['disputes.open', { ...USER, respondent: USER.agent_id }, ENROLLED, ['parties_differ']],
  ['agents.enrol', { ...USER, voting_weight: 10 }, undefined, []],
  ['agents.enrol', USER, ENROLLED, ['agent_is_new']],
  ['agents.enrol', { ...USER, voting_weight: 11 }, undefined, ['weight_is_small']],
  ['agents.revoke', USER, ENROLLED, []],
  ['agents.revoke', USER, REVOKED, ['agent_is_enrolled']],
  ['agents.revoke', { agent_id: 'A1:canary-1' }, ENROLLED, ['agent_is_no_canary']],
];

describe('decide', () => {
  test.each(CASES)('%s of %j, agent %j: violates %j', (policy, input, agent, violated) => {
    const decision = violated.length === 0 ? 'allow' : 'deny';
    expect(decide(policy, input, agent)).toEqual({ decision, violated });
  });

  test('every condition of every policy has a case that violates it', () => {
    const conditions = Object.entries(POLICIES).flatMap(([policy, table]) =>
      Object.keys(table).map((condition) => `${policy} ${condition}`),
    );
    const violated = CASES.flatMap(([policy, , , names]) =>
      names.map((name) => `${policy} ${name}`),
    );
    expect(conditions.filter((condition) => !violated.includes(condition))).toEqual([]);
  });
});

test.each([
  [200, 'allow'],
  [201, 'allow'],
  [202, 'allow'],
  [400, undefined],
  [401, 'deny'],
  [403, 'deny'],
  [404, 'deny'],
  [409, 'deny'],
  [500, undefined],
  [503, undefined],
])('status %i is the enforced decision %s', (status, decision) => {
  expect(enforcedDecision(status)).toBe(decision);
});
