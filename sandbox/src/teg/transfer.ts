// A transfer as the TEG knows it, and what two TEGs tell each other about one.
import { type Backend, CANARY_MEMO_PREFIX, type Traffic } from '../names.js';
import type { FaultScope } from '../service/faults.js';

/** The statuses of the contract, and the one of a 2pc that is not decided yet. */
export const TRANSFER_STATUSES = [
  'settled',
  'in_transit',
  'in_doubt',
  'refunded',
  'aborted',
] as const;

export type TransferStatus = (typeof TRANSFER_STATUSES)[number];

/** What both sides know. Amounts are base units. */
export interface TransferFacts {
  readonly transferId: string;
  readonly backend: Backend;
  readonly sender: string;
  readonly receiver: string;
  readonly senderFrame: string;
  readonly receiverFrame: string;
  readonly amount: bigint;
  /** As the sender gave it, never wrapped. */
  readonly memo: string;
}

/** What a sender asks for, checked against the topology but not yet against the ledger. */
export interface TransferOrder extends TransferFacts {
  readonly fee: bigint;
  readonly idempotencyKey: string;
  readonly requestHash: string;
}

export interface Transfer extends TransferFacts {
  readonly fee: bigint;
  readonly status: TransferStatus | 'preparing';
  readonly requestHash: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly attempts: number;
}

/** An order as it stands after the TEG took it, or as it stood already under the same key. */
export interface PlacedTransfer {
  readonly transfer: Transfer;
  readonly replayed: boolean;
}

/** Whose transfer it is, by its memo as the sender gave it. */
export function trafficOf(memo: string): Traffic {
  return memo.startsWith(CANARY_MEMO_PREFIX) ? 'canary' : 'user';
}

/** What faults are matched with, wherever the transfer is at hand. */
export function faultScopeOf(frame: string, transfer: TransferFacts): FaultScope {
  return {
    frame,
    backend: transfer.backend,
    sender: transfer.sender,
    receiver: transfer.receiver,
    memoPrefix: transfer.memo,
  };
}
