// A second reading of what the platform emits and broadcasts (design, section 3, and the contract
// page), apart from src/domain/contract.ts, so that a wrong table cannot pass against itself.
import type { FrameStoredEvent } from '../../src/domain/closing.js';
import type { TransferEventType } from '../../src/domain/event.js';
import type { FrameId } from '../../src/domain/frame.js';
import type { Path } from '../../src/domain/path.js';
import type { StampName } from '../../src/domain/stamp.js';
import type { CanaryTest } from '../../src/domain/test.js';
import { eventOf, storedAt } from './builders.js';

export interface Emission {
  readonly eventType: TransferEventType;
  readonly emitter: FrameId;
}

/** Everything that a settled transfer leaves behind, in the order of its life. */
export function emissionsOf(path: Path): readonly Emission[] {
  const crossFrame = path.senderFrame !== path.receiverFrame;
  const bySender = (eventType: TransferEventType) => ({ eventType, emitter: path.senderFrame });
  const settled: Emission = {
    eventType: 'CrossFrameTransferSettled',
    emitter: path.receiverFrame,
  };
  const always = [bySender('TokensTransferred'), bySender('TransactionFeeCollected')];
  switch (path.backend) {
    case 'intra':
      return always;
    case 'async':
      return [...always, bySender('CrossFrameTransferInitiated'), settled];
    case '2pc':
      return [
        ...always,
        ...(crossFrame ? [settled] : []),
        bySender('CrossRegistryTransferCompleted'),
      ];
  }
}

/** Of the events only these two reach other frames; TokensTransferred is not among them. */
export function isBroadcast(eventType: TransferEventType): boolean {
  return eventType === 'CrossFrameTransferInitiated' || eventType === 'CrossFrameTransferSettled';
}

/** The frames whose EventStore ends up with an event, the emitter first. */
export function holdersOf(emission: Emission, frames: readonly FrameId[]): readonly FrameId[] {
  if (!isBroadcast(emission.eventType)) return [emission.emitter];
  return [emission.emitter, ...frames.filter((frame) => frame !== emission.emitter)];
}

/** The stamp that a validator raises, in the words of the design's table of five validators. */
export function stampRaised(
  eventType: TransferEventType,
  sourceFrame: FrameId,
  localFrame: FrameId,
): StampName | undefined {
  switch (eventType) {
    case 'TokensTransferred':
      return 'tokens_xfer';
    case 'TransactionFeeCollected':
      return 'fee_collected';
    case 'CrossFrameTransferInitiated':
      return 'cf_initiated';
    case 'CrossFrameTransferSettled':
      return sourceFrame === localFrame ? 'cf_settled_local' : 'cf_settled_remote';
    case 'CrossFrameTransferRefunded':
      return 'cf_refunded';
    case 'CrossRegistryTransferCompleted':
      return undefined;
  }
}

/** The requirements of section 3, as the sentences of the table. */
export function isCompleteByTheBook(path: Path, has: (name: StampName) => boolean): boolean {
  const settled = has('cf_settled_local') || has('cf_settled_remote');
  if (path.backend === 'intra') return has('tokens_xfer');
  return path.backend === 'async' ? has('cf_initiated') && settled : has('tokens_xfer') || settled;
}

/** Something wrong with the platform, applied to each event of a test. */
export interface Fault {
  /** The event never happens. */
  readonly never?: (emission: Emission, path: Path) => boolean;
  /** The copy to this frame is lost. */
  readonly cut?: (emission: Emission, to: FrameId) => boolean;
  /** What the event says its source is. */
  readonly sourceFrame?: (emission: Emission) => FrameId;
}

/** Every stored copy of every event of a settled transfer, under a fault. */
export function storedEventsOf(
  test: CanaryTest,
  frames: readonly FrameId[],
  fault: Fault = {},
): readonly FrameStoredEvent[] {
  return emissionsOf(test.path)
    .filter((emission) => fault.never?.(emission, test.path) !== true)
    .flatMap((emission, index) => {
      const event = eventOf(test, emission.eventType, {
        id: { producer: `teg-${emission.emitter.toLowerCase()}`, position: index + 1 },
        sourceFrame: fault.sourceFrame?.(emission) ?? emission.emitter,
      });
      return holdersOf(emission, frames)
        .filter((frame) => frame === emission.emitter || fault.cut?.(emission, frame) !== true)
        .map((frame) =>
          storedAt(frame, event, frame === emission.emitter ? undefined : emission.emitter),
        );
    });
}

/** When the transfer was complete, in the words of section 3; infinity for never. */
export function completionByTheBook(path: Path, timeOf: (name: StampName) => number): number {
  const settled = Math.min(timeOf('cf_settled_local'), timeOf('cf_settled_remote'));
  if (path.backend === 'intra') return timeOf('tokens_xfer');
  return path.backend === 'async'
    ? Math.max(timeOf('cf_initiated'), settled)
    : Math.min(timeOf('tokens_xfer'), settled);
}
