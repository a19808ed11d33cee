// The contract of each backend: what completes a test, which stamps and events each frame must see.
import type { Backend } from './backend.js';
import { COMPLETED_EVENT_TYPE, type TransferEventType } from './event.js';
import type { FrameId } from './frame.js';
import { type Path, topologyOf } from './path.js';
import { allOf, anyOf, type Requirement, requiredStamps, stamp } from './requirement.js';
import { STAMP_NAMES, type StampName } from './stamp.js';

/** S is the sender's frame, R the receiver's, O any other; within one frame S is also R. */
export type Role = 'S' | 'R' | 'O';

interface TopologyContract {
  readonly expected: Readonly<Record<Role, readonly StampName[]>>;
  /** The event types that the platform emits, by the role of the emitting frame. */
  readonly emitted: Readonly<Record<'S' | 'R', readonly TransferEventType[]>>;
}

interface BackendContract {
  readonly requirement: Requirement;
  readonly refundable: boolean;
  readonly same_frame: TopologyContract;
  readonly cross_frame: TopologyContract;
}

export interface FrameStamp {
  readonly frame: FrameId;
  readonly stamp: StampName;
}

export interface FrameEvent {
  readonly frame: FrameId;
  readonly eventType: TransferEventType;
}

const SENT = ['tokens_xfer', 'fee_collected'] as const;
const SENT_EVENTS = ['TokensTransferred', 'TransactionFeeCollected'] as const;
const NOTHING: TopologyContract = {
  expected: { S: SENT, R: [], O: [] },
  emitted: { S: SENT_EVENTS, R: [] },
};

/** The contract table: design, section 3 (requirements) and table 4a (expected stamps). */
const CONTRACTS: Readonly<Record<Backend, BackendContract>> = {
  intra: {
    requirement: stamp('tokens_xfer'),
    refundable: false,
    same_frame: NOTHING,
    cross_frame: NOTHING,
  },
  async: {
    requirement: allOf(
      stamp('cf_initiated'),
      anyOf(stamp('cf_settled_local'), stamp('cf_settled_remote')),
    ),
    refundable: true,
    same_frame: {
      expected: {
        S: [...SENT, 'cf_initiated', 'cf_settled_local'],
        R: [],
        O: ['cf_initiated', 'cf_settled_remote'],
      },
      emitted: {
        S: [...SENT_EVENTS, 'CrossFrameTransferInitiated', 'CrossFrameTransferSettled'],
        R: [],
      },
    },
    cross_frame: {
      expected: {
        S: [...SENT, 'cf_initiated', 'cf_settled_remote'],
        R: ['cf_initiated', 'cf_settled_local'],
        O: ['cf_initiated', 'cf_settled_remote'],
      },
      emitted: {
        S: [...SENT_EVENTS, 'CrossFrameTransferInitiated'],
        R: ['CrossFrameTransferSettled'],
      },
    },
  },
  '2pc': {
    requirement: anyOf(stamp('tokens_xfer'), stamp('cf_settled_local'), stamp('cf_settled_remote')),
    refundable: false,
    same_frame: {
      expected: { S: SENT, R: [], O: [] },
      emitted: { S: [...SENT_EVENTS, COMPLETED_EVENT_TYPE], R: [] },
    },
    cross_frame: {
      expected: {
        S: [...SENT, 'cf_settled_remote'],
        R: ['cf_settled_local'],
        O: ['cf_settled_remote'],
      },
      emitted: {
        S: [...SENT_EVENTS, COMPLETED_EVENT_TYPE],
        R: ['CrossFrameTransferSettled'],
      },
    },
  },
};

export function requirementOf(backend: Backend): Requirement {
  return CONTRACTS[backend].requirement;
}

/** Whether the platform may refund a transfer of this backend; elsewhere a refund is impossible. */
export function isRefundable(backend: Backend): boolean {
  return CONTRACTS[backend].refundable;
}

export function roleOf(path: Path, frame: FrameId): Role {
  if (frame === path.senderFrame) return 'S';
  return frame === path.receiverFrame ? 'R' : 'O';
}

/** Every (frame, stamp) that a healthy platform raises for a test of this path. */
export function expectedStamps(path: Path, frames: readonly FrameId[]): readonly FrameStamp[] {
  const { expected } = CONTRACTS[path.backend][topologyOf(path)];
  return frames.flatMap((frame) =>
    expected[roleOf(path, frame)].map((name) => ({ frame, stamp: name })),
  );
}

/** Whether a frame can never see this stamp for a test of this path, whatever else goes wrong. */
export function isImpossible(path: Path, frame: FrameId, name: StampName): boolean {
  const role = roleOf(path, frame);
  if (name === 'cf_refunded') return !(isRefundable(path.backend) && role === 'S');
  return !CONTRACTS[path.backend][topologyOf(path)].expected[role].includes(name);
}

/** Every (frame, stamp) that must never be raised for a test of this path. */
export function impossibleStamps(path: Path, frames: readonly FrameId[]): readonly FrameStamp[] {
  return frames.flatMap((frame) =>
    STAMP_NAMES.filter((name) => isImpossible(path, frame, name)).map((name) => ({
      frame,
      stamp: name,
    })),
  );
}

/** Exactly the events that the platform emits for a settled transfer of this path, each once. */
export function emittedEvents(path: Path): readonly FrameEvent[] {
  const { emitted } = CONTRACTS[path.backend][topologyOf(path)];
  const at = (frame: FrameId) => (eventType: TransferEventType) => ({ frame, eventType });
  return [...emitted.S.map(at(path.senderFrame)), ...emitted.R.map(at(path.receiverFrame))];
}

/** The frame whose TEG emits an event of this path, by which its `source_frame` is judged. */
export function emitterOf(path: Path, eventType: TransferEventType): FrameId | undefined {
  if (eventType === 'CrossFrameTransferRefunded') return path.senderFrame;
  return emittedEvents(path).find((one) => one.eventType === eventType)?.frame;
}

/** Whether a stamp must be signalled to the workflow: required ones, and the refund. */
export function decides(backend: Backend, name: StampName): boolean {
  return name === 'cf_refunded' || requiredStamps(requirementOf(backend)).includes(name);
}
