// Ledger events as the supply audit reads them: what moved, from which account to which.
import type { Backend } from './backend.js';
import type { EventId } from './event.js';
import type { FrameId } from './frame.js';

/** Any account of a frame's ledger: an agent, a treasury, in-transit, issuance. */
export type AccountId = string;

/** What every event carries, wherever its tokens went. */
export interface SupplyEventHead {
  readonly id: EventId;
  /** Its place in the log of the frame. */
  readonly sequence: number;
  readonly eventType: string;
  /** The frame whose TEG emitted it; `source_frame` may say otherwise, and is a fact of its own. */
  readonly frame: FrameId;
  readonly sourceFrame: FrameId;
  /** When its origin committed it, epoch milliseconds of the origin's clock. */
  readonly committedAtMs: number;
  /** A hash of its content: two contents under one position are a finding. */
  readonly digest: string;
}

export interface TransferFacts {
  readonly transferId: string;
  readonly backend: Backend;
  readonly sender: AccountId;
  readonly receiver: AccountId;
  readonly senderFrame: FrameId;
  readonly receiverFrame: FrameId;
  readonly amountBaseUnits: bigint;
}

export interface AccountAmount {
  readonly account: AccountId;
  readonly amountBaseUnits: bigint;
}

export type TransferKind = 'transferred' | 'initiated' | 'settled' | 'refunded' | 'completed';

/** One event; amounts are base units. */
export type SupplyEvent = SupplyEventHead &
  (
    | { [Kind in TransferKind]: TransferFacts & { readonly kind: Kind } }[TransferKind]
    | {
        readonly kind: 'fee';
        readonly transferId: string;
        readonly payer: AccountId;
        readonly treasury: AccountId;
        readonly amountBaseUnits: bigint;
      }
    | (AccountAmount & { readonly kind: 'issued' })
    | (AccountAmount & { readonly kind: 'destroyed' })
    /** Tokens that change accounts inside the circulating supply, as a stake does. */
    | {
        readonly kind: 'moved';
        readonly from: AccountId;
        readonly to: AccountId;
        readonly amountBaseUnits: bigint;
      }
    /** Moves nothing: a marker after a snapshot. */
    | { readonly kind: 'marker' }
    /** A type or a content that cannot be read: whatever it moved is not known. */
    | { readonly kind: 'unreadable'; readonly problem: string }
  );

export type SupplyEventKind = SupplyEvent['kind'];
export type SupplyEventOf<Kind extends SupplyEventKind> = Extract<
  SupplyEvent,
  { readonly kind: Kind }
>;
