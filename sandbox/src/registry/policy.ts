// OPA policies in shadow mode, as a table: what each would decide about a request, beside what
// the registry itself decides. They are stricter candidates, so the two may differ.
import type { AgentStatus } from './enrolment.js';

export const DECISIONS = ['allow', 'deny'] as const;

export type Decision = (typeof DECISIONS)[number];

/** `enforced`: what the registry answered; `shadow`: what the policy would have answered. */
export const DECISION_SOURCES = ['enforced', 'shadow'] as const;

export type DecisionSource = (typeof DECISION_SOURCES)[number];

export const POLICY_NAMES = [
  'governance.propose',
  'governance.vote',
  'disputes.open',
  'agents.enrol',
  'agents.revoke',
] as const;

export type PolicyName = (typeof POLICY_NAMES)[number];

/** What a request says. */
export interface PolicyInput {
  /** Who acts, or for the enrolment policies who is acted upon. */
  readonly agent_id: string;
  readonly respondent?: string | undefined;
  readonly voting_weight?: number | undefined;
  readonly duration_ms?: number | undefined;
}

/** What the registry knows of that agent. */
export interface PolicyAgent {
  readonly status: AgentStatus;
  readonly votingWeight: number;
}

export interface PolicyDecision {
  readonly decision: Decision;
  /** The conditions that did not hold. */
  readonly violated: readonly string[];
}

type Condition = (input: PolicyInput, agent: PolicyAgent | undefined) => boolean;

const LONGEST_VOTE_MS = 7 * 24 * 60 * 60 * 1000;
const GREATEST_NEW_WEIGHT = 10;

const isEnrolled: Condition = (_input, agent) => agent?.status === 'enrolled';
const hasSay: Condition = (_input, agent) => (agent?.votingWeight ?? 0) > 0;

/** Policy -> its conditions by name; all must hold for `allow`. */
export const POLICIES: Readonly<Record<PolicyName, Readonly<Record<string, Condition>>>> = {
  'governance.propose': {
    proposer_is_enrolled: isEnrolled,
    proposer_has_say: hasSay,
    vote_ends_within_a_week: (input) => (input.duration_ms ?? 0) <= LONGEST_VOTE_MS,
  },
  'governance.vote': { voter_is_enrolled: isEnrolled, voter_has_say: hasSay },
  'disputes.open': {
    claimant_is_enrolled: isEnrolled,
    parties_differ: (input) => input.respondent !== input.agent_id,
  },
  'agents.enrol': {
    agent_is_new: (_input, agent) => agent === undefined,
    weight_is_small: (input) => (input.voting_weight ?? 0) <= GREATEST_NEW_WEIGHT,
  },
  'agents.revoke': {
    agent_is_enrolled: isEnrolled,
    agent_is_no_canary: (input) => !input.agent_id.includes(':canary-'),
  },
};

/** Decides by the table; the same input and agent always give the same decision. */
export function decide(
  policy: PolicyName,
  input: PolicyInput,
  agent: PolicyAgent | undefined,
): PolicyDecision {
  const violated = Object.entries(POLICIES[policy])
    .filter(([, holds]) => !holds(input, agent))
    .map(([name]) => name);
  return { decision: violated.length === 0 ? 'allow' : 'deny', violated };
}

/** What an HTTP status says of the registry's own decision; undefined when it made none. */
export function enforcedDecision(status: number): Decision | undefined {
  if (status >= 200 && status < 300) return 'allow';
  return status === 401 || status === 403 || status === 404 || status === 409 ? 'deny' : undefined;
}
