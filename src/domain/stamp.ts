// A stamp is the first time a validator saw an event of a test, with the times of its whole way.
import type { EventId, StoredEvent, ValidatedEventType } from './event.js';
import type { FrameId } from './frame.js';

export type StampName =
  | 'tokens_xfer'
  | 'fee_collected'
  | 'cf_initiated'
  | 'cf_settled_local'
  | 'cf_settled_remote'
  | 'cf_refunded';

/** Every stamp, in the order of a transfer's life. */
export const STAMP_NAMES: readonly StampName[] = [
  'tokens_xfer',
  'fee_collected',
  'cf_initiated',
  'cf_settled_local',
  'cf_settled_remote',
  'cf_refunded',
];

export interface Stamp {
  readonly name: StampName;
  /** The frame whose validator saw the event. */
  readonly frame: FrameId;
  readonly eventId: EventId;
  readonly transferId: string;
  /** The frame that says it emitted the event. */
  readonly sourceFrame: FrameId;
  /** Epoch milliseconds: committed at the origin, stored by the frame, seen by the validator. */
  readonly originCommittedAtMs: number;
  readonly storedAtMs: number;
  readonly seenAtMs: number;
}

const STAMP_OF_EVENT: Readonly<
  Record<ValidatedEventType, { readonly own: StampName; readonly other: StampName }>
> = {
  TokensTransferred: { own: 'tokens_xfer', other: 'tokens_xfer' },
  TransactionFeeCollected: { own: 'fee_collected', other: 'fee_collected' },
  CrossFrameTransferInitiated: { own: 'cf_initiated', other: 'cf_initiated' },
  CrossFrameTransferSettled: { own: 'cf_settled_local', other: 'cf_settled_remote' },
  CrossFrameTransferRefunded: { own: 'cf_refunded', other: 'cf_refunded' },
};

/** The stamp an event raises at a frame: Settled is local where its `source_frame` is the frame. */
export function stampNameOf(
  eventType: ValidatedEventType,
  sourceFrame: FrameId,
  localFrame: FrameId,
): StampName {
  const row = STAMP_OF_EVENT[eventType];
  return sourceFrame === localFrame ? row.own : row.other;
}

/** The stamp that a validated event raises at a frame. */
export function stampOf(stored: StoredEvent, name: StampName, frame: FrameId, seenAtMs: number) {
  const stamp: Stamp = {
    name,
    frame,
    eventId: stored.event.id,
    transferId: stored.event.transferId,
    sourceFrame: stored.event.sourceFrame,
    originCommittedAtMs: stored.event.committedAtMs,
    storedAtMs: stored.storedAtMs,
    seenAtMs,
  };
  return stamp;
}

/** The Redis field of a stamp: the earliest over all frames, as the seed names it. */
export function stampField(name: StampName): string {
  return `${name}_seen_iso`;
}

/** The Redis field of a stamp as one frame saw it. */
export function frameStampField(name: StampName, frame: FrameId): string {
  return `${stampField(name)}@${frame}`;
}
