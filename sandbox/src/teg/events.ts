// The events of every posting, as the contract's table says; positions come later.

import { formatAmount } from '../money.js';
import type { Backend, EventType } from '../names.js';
import { TWO_PHASE_MEMO_PREFIX } from '../names.js';
import type { FaultScope } from '../service/faults.js';
import { treasuryAccount } from './account-ids.js';
import { faultScopeOf, type TransferFacts } from './transfer.js';

/** An event that has no position yet. */
export interface EventDraft {
  readonly eventType: EventType;
  readonly sourceFrame: string;
  readonly transferId: string | null;
  readonly backend: Backend | null;
  readonly data: Readonly<Record<string, string | number>>;
  /** What faults are matched with; knows the memo also where the event carries none. */
  readonly scope: FaultScope;
}

/** Which events each step of a transfer emits, in this order. */
export const EVENTS_OF_STEP = {
  intra: ['TokensTransferred', 'TransactionFeeCollected'],
  async_debit: ['TokensTransferred', 'CrossFrameTransferInitiated', 'TransactionFeeCollected'],
  credit: ['CrossFrameTransferSettled'],
  async_refund: ['CrossFrameTransferRefunded'],
  two_phase_inside: [
    'TokensTransferred',
    'TransactionFeeCollected',
    'CrossRegistryTransferCompleted',
  ],
  two_phase_commit: ['TokensTransferred', 'TransactionFeeCollected'],
  two_phase_completion: ['CrossRegistryTransferCompleted'],
} as const satisfies Readonly<Record<string, readonly EventType[]>>;

export type TransferStep = keyof typeof EVENTS_OF_STEP;

/** A transfer's facts with the fee, where the step collects one. */
type StepFacts = TransferFacts & { readonly fee?: bigint };

/** The events of one step, emitted by the TEG of `frame`. `reason` is the refund's. */
export function eventsOf(
  step: TransferStep,
  frame: string,
  transfer: StepFacts,
  reason?: string,
): readonly EventDraft[] {
  return EVENTS_OF_STEP[step].map((eventType) => ({
    eventType,
    sourceFrame: frame,
    transferId: transfer.transferId,
    backend: transfer.backend,
    data:
      eventType === 'TransactionFeeCollected'
        ? feeData(frame, transfer)
        : { ...transferData(transfer), ...(reason === undefined ? {} : { reason }) },
    scope: { ...faultScopeOf(frame, transfer), eventType },
  }));
}

/** The event of tokens that came into being or ceased to be. */
export function supplyEvent(
  eventType: 'TokensIssued' | 'TokensDestroyed',
  frame: string,
  change: { readonly account: string; readonly amount: bigint; readonly reason: string },
): EventDraft {
  const { account, reason } = change;
  return frameEvent(eventType, frame, { account, amount: formatAmount(change.amount), reason });
}

/** The event that follows a supply snapshot, so that every cut has something after it. */
export function markerEvent(frame: string, snapshotPosition: number): EventDraft {
  return frameEvent('SupplyMarker', frame, { snapshot_position: snapshotPosition });
}

/** An event of the frame itself, outside any transfer. */
export function frameEvent(
  eventType: EventType,
  frame: string,
  data: EventDraft['data'],
): EventDraft {
  const scope = { frame, eventType };
  return { eventType, sourceFrame: frame, transferId: null, backend: null, data, scope };
}

function transferData(transfer: TransferFacts): EventDraft['data'] {
  return {
    memo: transfer.backend === '2pc' ? TWO_PHASE_MEMO_PREFIX + transfer.memo : transfer.memo,
    sender: transfer.sender,
    receiver: transfer.receiver,
    sender_frame: transfer.senderFrame,
    receiver_frame: transfer.receiverFrame,
    amount: formatAmount(transfer.amount),
  };
}

/** The fee event names no memo: only the transfer id leads to its transfer. */
function feeData(frame: string, transfer: StepFacts): EventDraft['data'] {
  return {
    payer: transfer.sender,
    treasury: treasuryAccount(frame),
    amount: formatAmount(transfer.fee ?? 0n),
  };
}
