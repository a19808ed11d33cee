// Agent enrolment (ironhand) as a table, and how its records are compared with SPIRE's entries.
import { type Refusal, refuse } from './refusal.js';

export const AGENT_STATUSES = ['enrolled', 'revoked'] as const;

export type AgentStatus = (typeof AGENT_STATUSES)[number];

export const ENROLMENT_ACTIONS = ['enrol', 'revoke', 'restore'] as const;

export type EnrolmentAction = (typeof ENROLMENT_ACTIONS)[number];

/** What the registry knows of an agent before the action; `unknown` has no row. */
type Known = AgentStatus | 'unknown';

/** The drawing. What is not here is refused. */
export const ENROLMENT_RULES: Readonly<
  Record<EnrolmentAction, Partial<Record<Known, AgentStatus>>>
> = {
  enrol: { unknown: 'enrolled' },
  revoke: { enrolled: 'revoked' },
  restore: { revoked: 'enrolled' },
};

export type EnrolmentStep = { readonly ok: true; readonly status: AgentStatus } | Refusal;

/** The status after that action, or the refusal of one that is not drawn. */
export function stepEnrolment(
  status: AgentStatus | undefined,
  action: EnrolmentAction,
): EnrolmentStep {
  const next = ENROLMENT_RULES[action][status ?? 'unknown'];
  if (next !== undefined) return { ok: true, status: next };
  if (status === undefined) return refuse('unknown_agent', `cannot ${action}: it is not enrolled`);
  if (action === 'enrol') return refuse('already_exists', `cannot enrol: it is ${status} already`);
  return refuse('illegal_transition', `cannot ${action}: it is ${status}`);
}

export interface EnrolmentCensus {
  readonly enrolled: readonly string[];
  readonly revoked: readonly string[];
  /** Agents that have a SPIRE entry. */
  readonly entries: readonly string[];
  /** Entries without an enrolled agent: an identity that should not work any more. */
  readonly orphans: readonly string[];
  /** Enrolled agents without an entry: they cannot prove who they are. */
  readonly missing: readonly string[];
}

/** Compares enrolment records with SPIRE entries. */
export function takeCensus(
  agents: ReadonlyMap<string, AgentStatus>,
  entries: ReadonlySet<string>,
): EnrolmentCensus {
  const withStatus = (status: AgentStatus) =>
    [...agents].filter(([, known]) => known === status).map(([agentId]) => agentId);
  const enrolled = withStatus('enrolled');
  return {
    enrolled,
    revoked: withStatus('revoked'),
    entries: [...entries],
    orphans: [...entries].filter((agentId) => agents.get(agentId) !== 'enrolled'),
    missing: enrolled.filter((agentId) => !entries.has(agentId)),
  };
}
