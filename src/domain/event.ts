// Ledger events of the platform, as the contract page states them and as feeds deliver them.
import type { Backend } from './backend.js';
import type { AgentId, FrameId } from './frame.js';

/** The five event types that validators follow, in the order of a transfer's life. */
export const VALIDATED_EVENT_TYPES = [
  'TokensTransferred',
  'TransactionFeeCollected',
  'CrossFrameTransferInitiated',
  'CrossFrameTransferSettled',
  'CrossFrameTransferRefunded',
] as const;

export type ValidatedEventType = (typeof VALIDATED_EVENT_TYPES)[number];

/** The 2pc backend's own completion event: no validator follows it, only the close looks for it. */
export const COMPLETED_EVENT_TYPE = 'CrossRegistryTransferCompleted';

export type TransferEventType = ValidatedEventType | typeof COMPLETED_EVENT_TYPE;

/** What names an event for ever: the TEG that emitted it and its number there. */
export interface EventId {
  readonly producer: string;
  readonly position: number;
}

/** An event of a transfer, its amount in base units. A fee event has payer and no memo. */
export interface TransferEvent {
  readonly id: EventId;
  readonly eventType: TransferEventType;
  /** The frame that emitted the event; for Settled the receiver's. */
  readonly sourceFrame: FrameId;
  /** When its origin committed it, epoch milliseconds of the origin's clock. */
  readonly committedAtMs: number;
  readonly transferId: string;
  readonly backend: Backend;
  readonly memo: string | undefined;
  readonly sender: AgentId | undefined;
  readonly receiver: AgentId | undefined;
  readonly payer: AgentId | undefined;
  readonly amountBaseUnits: bigint;
}

/** An event where a frame's EventStore (or topic) keeps it. */
export interface StoredEvent {
  readonly event: TransferEvent;
  /** The place in the frame's log: EventStore sequence, or Kafka offset. */
  readonly sequence: number;
  /** When the frame's EventStore committed it, epoch milliseconds of that clock. */
  readonly storedAtMs: number;
  /** The frame whose EventStore sent the copy; `undefined` for the frame's own events. */
  readonly foreignFrom: FrameId | undefined;
}

export function sameEvent(one: EventId, other: EventId): boolean {
  return one.producer === other.producer && one.position === other.position;
}

/** `teg-a/1041`, the form that evidence and pages show. */
export function formatEventId(id: EventId): string {
  return `${id.producer}/${id.position}`;
}
