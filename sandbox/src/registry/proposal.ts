// A governance proposal as a pure state machine: its outcome is a function of its votes.
import { type Refusal, refuse } from './refusal.js';

export const PROPOSAL_STATUSES = ['open', 'passed', 'rejected', 'expired'] as const;

export type ProposalStatus = (typeof PROPOSAL_STATUSES)[number];

export const VOTE_CHOICES = ['for', 'against', 'abstain'] as const;

export type VoteChoice = (typeof VOTE_CHOICES)[number];

/** The drawn transitions: an open proposal is decided once, a decided one never changes. */
export const PROPOSAL_TRANSITIONS: Readonly<Record<ProposalStatus, readonly ProposalStatus[]>> = {
  open: ['passed', 'rejected', 'expired'],
  passed: [],
  rejected: [],
  expired: [],
};

/** What votes weigh by: veToken, or what enrolment gave each agent. */
export const WEIGHED_BY = ['ve', 'enrolment'] as const;

export type WeighedBy = (typeof WEIGHED_BY)[number];

export interface VotingRules {
  /** The share of the electorate's weight that must be cast, abstentions included. */
  readonly quorumBasisPoints: number;
  /** `for` must exceed this share of `for` and `against` together. */
  readonly majorityBasisPoints: number;
}

/** One agent of the electorate, fixed with its weight when the proposal was opened. */
export interface Elector {
  readonly weight: number;
  readonly choice: VoteChoice | null;
}

export interface Proposal {
  readonly status: ProposalStatus;
  readonly rules: VotingRules;
  readonly closesAtMs: number;
  readonly electorate: ReadonlyMap<string, Elector>;
}

/** Weights by choice; `total` is the whole electorate's. */
export interface Tally extends Readonly<Record<VoteChoice, number>> {
  readonly total: number;
}

export interface Vote {
  readonly voter: string;
  readonly choice: VoteChoice;
  readonly atMs: number;
}

export type ProposalStep = { readonly ok: true; readonly proposal: Proposal } | Refusal;

const WHOLE = 10_000;

export function tallyOf(electorate: Proposal['electorate']): Tally {
  const tally = { for: 0, against: 0, abstain: 0, total: 0 };
  for (const { weight, choice } of electorate.values()) {
    tally.total += weight;
    if (choice !== null) tally[choice] += weight;
  }
  return tally;
}

/**
 * The status that these votes make. While voting is open, a proposal is decided only when no
 * further vote could change the outcome; after its end, without a quorum, it has expired.
 */
export function outcomeOf(tally: Tally, rules: VotingRules, isOver: boolean): ProposalStatus {
  const cast = tally.for + tally.against + tally.abstain;
  const hasQuorum = cast > 0 && cast * WHOLE >= tally.total * rules.quorumBasisPoints;
  if (!hasQuorum) return isOver ? 'expired' : 'open';
  const remaining = isOver ? 0 : tally.total - cast;
  if (isMajority(tally.for, tally.against + remaining, rules)) return 'passed';
  return isMajority(tally.for + remaining, tally.against, rules) ? 'open' : 'rejected';
}

/** Casts a vote and, when that decides the proposal, closes it. */
export function castVote(proposal: Proposal, vote: Vote): ProposalStep {
  const settled = settle(proposal, vote.atMs);
  if (settled.status !== 'open') return refuse('illegal_transition', `it is ${settled.status}`);
  const elector = settled.electorate.get(vote.voter);
  if (elector === undefined) {
    return refuse('forbidden', `"${vote.voter}" is not in the electorate`);
  }
  if (elector.choice !== null) {
    return refuse('already_voted', `"${vote.voter}" has voted "${elector.choice}"`);
  }
  const electorate = new Map(settled.electorate).set(vote.voter, {
    ...elector,
    choice: vote.choice,
  });
  return { ok: true, proposal: settle({ ...settled, electorate }, vote.atMs) };
}

/** Closes a proposal that its votes or its end have decided; any other is refused. */
export function closeProposal(proposal: Proposal, atMs: number): ProposalStep {
  if (proposal.status !== 'open') {
    return refuse('illegal_transition', `it is ${proposal.status} already`);
  }
  const settled = settle(proposal, atMs);
  if (settled.status !== 'open') return { ok: true, proposal: settled };
  return refuse('illegal_transition', 'its votes have not decided it and its end has not come');
}

/** The proposal as it stands at that time: an open one closes when it is decided. */
export function settle(proposal: Proposal, atMs: number): Proposal {
  if (proposal.status !== 'open') return proposal;
  const isOver = atMs >= proposal.closesAtMs;
  return { ...proposal, status: outcomeOf(tallyOf(proposal.electorate), proposal.rules, isOver) };
}

function isMajority(inFavour: number, against: number, rules: VotingRules): boolean {
  return inFavour * WHOLE > (inFavour + against) * rules.majorityBasisPoints;
}
