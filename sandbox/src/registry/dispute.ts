// Disputes as a table: phases, the drawn transitions, and who may make them.
import { type Refusal, refuse } from './refusal.js';

export const DISPUTE_PHASES = ['opened', 'evidence', 'voting', 'resolved', 'dismissed'] as const;

export type DisputePhase = (typeof DISPUTE_PHASES)[number];

export const DISPUTE_TRANSITIONS = ['evidence', 'voting', 'resolve', 'dismiss'] as const;

export type DisputeTransition = (typeof DISPUTE_TRANSITIONS)[number];

interface TransitionRule {
  readonly from: readonly DisputePhase[];
  readonly to: DisputePhase;
  /** `party`: claimant or respondent; `admin`: whoever holds the admin token. */
  readonly by: 'party' | 'admin';
}

/** The drawing. What is not here is refused. */
export const DISPUTE_RULES: Readonly<Record<DisputeTransition, TransitionRule>> = {
  evidence: { from: ['opened', 'evidence'], to: 'evidence', by: 'party' },
  voting: { from: ['evidence'], to: 'voting', by: 'admin' },
  resolve: { from: ['voting'], to: 'resolved', by: 'admin' },
  dismiss: { from: ['opened', 'evidence', 'voting'], to: 'dismissed', by: 'admin' },
};

export type DisputeStep = { readonly ok: true; readonly phase: DisputePhase } | Refusal;

/** The phase after that transition, or the refusal of one that is not drawn. */
export function stepDispute(phase: DisputePhase, transition: DisputeTransition): DisputeStep {
  const rule = DISPUTE_RULES[transition];
  if (rule.from.includes(phase)) return { ok: true, phase: rule.to };
  const legal = rule.from.join(' or ');
  return refuse('illegal_transition', `"${transition}" needs ${legal}, the phase is "${phase}"`);
}
