// The platform's business state as its own services tell it (platform contract): closed lists of
// states, and what one answer holds. Amounts are base units.
import type { RegistryId } from './frame.js';

/** An A2A token's states; the last three are ends. */
export const A2A_STATES = ['offered', 'accepted', 'redeemed', 'cancelled', 'expired'] as const;
export type A2aState = (typeof A2A_STATES)[number];

export const PROPOSAL_STATUSES = ['open', 'passed', 'rejected', 'expired'] as const;
export type ProposalStatus = (typeof PROPOSAL_STATUSES)[number];

export const DISPUTE_PHASES = ['opened', 'evidence', 'voting', 'resolved', 'dismissed'] as const;
export type DisputePhase = (typeof DISPUTE_PHASES)[number];

export const PEER_STATUSES = ['up', 'down', 'unknown'] as const;
export type PeerStatus = (typeof PEER_STATUSES)[number];

export interface A2aCount {
  readonly state: A2aState;
  readonly tokens: number;
  readonly amountBaseUnits: bigint;
}

/** What a TEG says of stakes and A2A tokens. */
export interface TegBusiness {
  readonly lockedBaseUnits: bigint;
  readonly stakers: number;
  /** veToken of all stakes, in millionths. */
  readonly votingPowerMillionths: bigint;
  readonly a2a: readonly A2aCount[];
  readonly escrowedBaseUnits: bigint;
}

export interface RegistryBusiness {
  readonly peers: readonly {
    readonly registry: RegistryId;
    readonly status: PeerStatus;
  }[];
  readonly proposals: readonly { readonly status: ProposalStatus; readonly proposals: number }[];
  /** Over the proposals decided last; the ratio is `undefined` before the first. */
  readonly turnout: {
    readonly castWeight: number;
    readonly totalWeight: number;
    readonly ratio: number | undefined;
  };
  readonly disputes: readonly { readonly phase: DisputePhase; readonly disputes: number }[];
}
