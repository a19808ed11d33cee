// Samples for the domain's tests: topologies, one path of each shape, tests, stamps and events.
import type { FrameStoredEvent } from '../../src/domain/closing.js';
import type { TransferEvent, TransferEventType } from '../../src/domain/event.js';
import type { FireOutcome } from '../../src/domain/fire.js';
import type { FrameId, Topology } from '../../src/domain/frame.js';
import { derivePaths, type Path } from '../../src/domain/path.js';
import type { Stamp, StampName } from '../../src/domain/stamp.js';
import type { CanaryTest } from '../../src/domain/test.js';
import type { LookBack } from '../../src/domain/verdict.js';

export const FIRED_AT_MS = Date.UTC(2026, 10, 23, 18, 30, 0);

/** A topology from the registries of each frame, `{ A: ['A1', 'A2'], B: ['B1'] }`. */
export function topologyOf(
  registriesOf: Readonly<Record<FrameId, readonly string[]>>,
  agents = 2,
  lanes = 2,
): Topology {
  const registry = (id: string) => ({
    id,
    agents: Array.from({ length: agents }, (_, index) => `${id}:canary-${index + 1}`),
  });
  const frames = Object.entries(registriesOf).map(([id, registries]) => ({
    id,
    registries: registries.map(registry),
  }));
  return { frames, lanes };
}

/** The reference set-up of the design: 30 paths. */
export const REFERENCE = topologyOf({ A: ['A1', 'A2'], B: ['B1'] });
/** With a frame that is neither sender nor receiver of any path between A and B. */
export const THREE_FRAMES = topologyOf({ A: ['A1', 'A2'], B: ['B1'], C: ['C1'] });
export const FRAMES: readonly FrameId[] = ['A', 'B', 'C'];

/** One path of each shape that a backend can have. Sender's frame is A; cross-frame goes to B. */
export const SHAPES = {
  intra: pathNamed('A1.1-A1.2-intra'),
  'async same frame': pathNamed('A1.1-A2.1-async'),
  'async cross frame': pathNamed('A1.1-B1.1-async'),
  '2pc same frame': pathNamed('A1.1-A2.1-2pc'),
  '2pc cross frame': pathNamed('A1.1-B1.1-2pc'),
} as const;

export type Shape = keyof typeof SHAPES;

export const SHAPE_NAMES = Object.keys(SHAPES) as readonly Shape[];

export function pathNamed(id: string, topology: Topology = THREE_FRAMES): Path {
  const path = derivePaths(topology).find((one) => one.id === id);
  if (path === undefined) throw new Error(`the topology has no path ${id}`);
  return path;
}

export function testOf(path: Path, overrides: Partial<CanaryTest> = {}): CanaryTest {
  return {
    testId: `20261123T183000Z-${path.id}`,
    cycleId: '20261123T183000Z',
    path,
    amount: '10000',
    fee: '10',
    deadlines: { softMs: 10_000, finalMs: 60_000 },
    warmUp: false,
    ...overrides,
  };
}

/** A stamp 100 ms after the fire at the frame that the design has see it, unless told otherwise. */
export function stampAt(
  name: StampName,
  frame: FrameId = 'A',
  overrides: Partial<Stamp> = {},
): Stamp {
  return {
    name,
    frame,
    eventId: { producer: 'teg-a', position: 1 },
    transferId: 'transfer-1',
    sourceFrame: 'A',
    originCommittedAtMs: FIRED_AT_MS + 80,
    storedAtMs: FIRED_AT_MS + 90,
    seenAtMs: FIRED_AT_MS + 100,
    ...overrides,
  };
}

/** An event of a test exactly as the platform should emit it. */
export function eventOf(
  test: CanaryTest,
  eventType: TransferEventType,
  overrides: Partial<TransferEvent> = {},
): TransferEvent {
  const { path } = test;
  const fee = eventType === 'TransactionFeeCollected';
  const settled = eventType === 'CrossFrameTransferSettled';
  const sourceFrame = settled ? path.receiverFrame : path.senderFrame;
  return {
    id: { producer: `teg-${sourceFrame.toLowerCase()}`, position: 1 },
    eventType,
    sourceFrame,
    committedAtMs: FIRED_AT_MS + 80,
    transferId: `transfer-of-${test.testId}`,
    backend: path.backend,
    memo: fee ? undefined : `canary-${test.testId}`,
    sender: fee ? undefined : path.sender,
    receiver: fee ? undefined : path.receiver,
    payer: fee ? path.sender : undefined,
    amountBaseUnits: BigInt(fee ? test.fee : test.amount),
    ...overrides,
  };
}

let lastSequence = 0;

/** An event as a frame keeps it; a copy of another frame's when `foreignFrom` is given. */
export function storedAt(
  frame: FrameId,
  event: TransferEvent,
  foreignFrom?: FrameId,
): FrameStoredEvent {
  lastSequence += 1;
  const storedAtMs = event.committedAtMs + 10;
  return { frame, stored: { event, sequence: lastSequence, storedAtMs, foreignFrom } };
}

export const ACCEPTED: FireOutcome = {
  kind: 'accepted',
  transferId: 'transfer-1',
  acceptedAtMs: FIRED_AT_MS + 50,
};

/** A look-back that reached everything and found nothing new. */
export function lookBackOf(overrides: Partial<LookBack> = {}): LookBack {
  return {
    stamps: [],
    unseen: [],
    unreachableFrames: [],
    storeReachable: true,
    fire: ACCEPTED,
    firedAtMs: FIRED_AT_MS,
    askedAtMs: FIRED_AT_MS + 62_000,
    ...overrides,
  };
}
