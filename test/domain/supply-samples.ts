// Events of the supply audit as cases write them: a transfer's life in one line each.
import type { Backend } from '../../src/domain/backend.js';
import type {
  SupplyEvent,
  SupplyEventHead,
  TransferFacts,
  TransferKind,
} from '../../src/domain/supply-event.js';

/** Weights small enough to be read: the number at the account's end. */
export function weightOf(account: string): bigint {
  return BigInt(/\d+$/.exec(account)?.[0] ?? '0');
}

export function headOf(frame: string, position: number): SupplyEventHead {
  return {
    id: { producer: `teg-${frame.toLowerCase()}`, position },
    sequence: position,
    eventType: 'any',
    frame,
    sourceFrame: frame,
    committedAtMs: position * 1_000,
    digest: `${frame}/${position}`,
  };
}

/** From agent 1 of the sender's frame to agent 2 of the receiver's. */
export function transferOf(
  backend: Backend,
  [senderFrame, receiverFrame]: readonly [string, string],
  amountBaseUnits = 100n,
): TransferFacts {
  return {
    transferId: 't-1',
    backend,
    sender: `${senderFrame}1:agent-1`,
    receiver: `${receiverFrame}1:agent-2`,
    senderFrame,
    receiverFrame,
    amountBaseUnits,
  };
}

export function eventOf(
  kind: TransferKind,
  transfer: TransferFacts,
  frame: string,
  position: number,
): SupplyEvent {
  return { ...headOf(frame, position), kind, ...transfer } as SupplyEvent;
}
