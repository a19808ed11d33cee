// The simulated platform: from a scenario, every stored copy of every event, with true times.
import type { StoredEvent, TransferEvent } from '../../../src/domain/event.js';
import { type FrameId, frameIds, type Topology } from '../../../src/domain/frame.js';
import { derivePaths } from '../../../src/domain/path.js';
import type { CanaryTest } from '../../../src/domain/test.js';
import { eventOf, FIRED_AT_MS, testOf, topologyOf } from '../builders.js';
import { type Emission, emissionsOf, holdersOf } from '../platform.js';
import type { CopyFate, Distortion, FrameFate, Scenario } from './scenario.js';

export const REFUND_AFTER_MS = 300_000;
const DEADLINES = {
  intra: { softMs: 10_000, finalMs: 60_000 },
  async: { softMs: 30_000, finalMs: 420_000 },
  '2pc': { softMs: 15_000, finalMs: 90_000 },
};

/** One copy of an event in one frame's store. Times that clocks did not bend are `true...`. */
export interface Copy {
  readonly frame: FrameId;
  readonly emission: Emission;
  readonly distortion: Distortion;
  readonly trueCommittedAtMs: number;
  readonly trueStoredAtMs: number;
  readonly stored: StoredEvent;
  readonly fate: CopyFate;
  /** A second event or copy, beyond what the platform should hold. */
  readonly extra: boolean;
}

export interface World {
  readonly scenario: Scenario;
  readonly test: CanaryTest;
  readonly frames: readonly FrameId[];
  readonly fateOfFrame: Readonly<Record<FrameId, FrameFate>>;
  readonly copies: readonly Copy[];
}

export function worldOf(scenario: Scenario): World {
  const topology = topologyOfScenario(scenario);
  const frames = frameIds(topology);
  const paths = derivePaths(topology);
  const path = paths[scenario.pathNumber % paths.length];
  if (path === undefined) throw new Error('a topology without a path');
  const test = testOf(path, { deadlines: DEADLINES[path.backend] });
  const fates = frames.flatMap((frame, index) => {
    const fate = scenario.frames[index];
    return fate === undefined ? [] : [[frame, fate] as const];
  });
  const fateOfFrame = Object.fromEntries(fates);
  const world = { scenario, test, frames, fateOfFrame, copies: [] };
  return { ...world, copies: numbered(copiesOf(world)) };
}

function topologyOfScenario({ registriesPerFrame }: Scenario): Topology {
  const registriesOf = registriesPerFrame.map((count, index) => {
    const frame = String.fromCharCode(65 + index);
    return [frame, Array.from({ length: count }, (_, one) => `${frame}${one + 1}`)] as const;
  });
  return topologyOf(Object.fromEntries(registriesOf));
}

interface Happening {
  readonly emission: Emission;
  readonly atMs: number;
}

/** What really happens, and when; whether it leaves an event behind is another matter. */
function happeningsOf({ scenario, test }: World): readonly Happening[] {
  if (!scenario.fire.executed) return [];
  const { path } = test;
  const debitedAtMs = FIRED_AT_MS + scenario.debitMs;
  const creditedAtMs = debitedAtMs + scenario.creditMs;
  const oneTransaction = path.senderFrame === path.receiverFrame && path.backend !== 'async';
  const credited = oneTransaction || scenario.credit !== 'never';
  const happenings = emissionsOf(path).flatMap((emission): readonly Happening[] => {
    const ofCredit =
      emission.eventType === 'CrossFrameTransferSettled' ||
      emission.eventType === 'CrossRegistryTransferCompleted';
    if (!ofCredit) return [{ emission, atMs: debitedAtMs }];
    return credited ? [{ emission, atMs: oneTransaction ? debitedAtMs : creditedAtMs }] : [];
  });
  if (path.backend !== 'async' || scenario.credit === 'credited') return happenings;
  const refund = { eventType: 'CrossFrameTransferRefunded', emitter: path.senderFrame } as const;
  return [...happenings, { emission: refund, atMs: debitedAtMs + REFUND_AFTER_MS }];
}

function copiesOf(world: World): readonly Copy[] {
  return happeningsOf(world).flatMap((happening, index) => {
    const fate = world.scenario.fates[happening.emission.eventType];
    if (fate.lost) return [];
    const first = eventCopies(world, happening, index + 1);
    if (fate.again === 'no') return first;
    const again = fate.again === 'second event' ? index + 101 : index + 1;
    const second = eventCopies(world, happening, again);
    return [...first, ...second.map((copy) => ({ ...copy, extra: true }))];
  });
}

/** An event in its emitter's store, and in those of the frames that its broadcast reaches. */
function eventCopies(world: World, { emission, atMs }: Happening, position: number): Copy[] {
  const { eventType, emitter } = emission;
  const fate = world.scenario.fates[eventType];
  const committedAtMs = atMs + fate.delayMs;
  const distortion = effective(fate.distortion, emission);
  const event = eventOf(world.test, eventType, {
    id: { producer: `teg-${emitter.toLowerCase()}`, position },
    committedAtMs: committedAtMs + offsetOf(world, emitter),
    ...distorted(distortion),
  });
  return holdersOf(emission, world.frames).flatMap((frame) => {
    const copyFate = fate.copies[world.frames.indexOf(frame)];
    const own = frame === emitter;
    if (copyFate === undefined || (!own && copyFate.cut)) return [];
    const storedAtMs = committedAtMs + fate.storeMs + (own ? 0 : copyFate.broadcastMs);
    const stored: StoredEvent = {
      event,
      sequence: 0,
      storedAtMs: storedAtMs + offsetOf(world, frame),
      foreignFrom: own ? undefined : emitter,
    };
    const times = { trueCommittedAtMs: committedAtMs, trueStoredAtMs: storedAtMs };
    return [{ frame, emission, distortion, ...times, stored, fate: copyFate, extra: false }];
  });
}

/** A wrong source shows in Settled alone, and a fee event names no receiver. */
function effective(distortion: Distortion, { eventType }: Emission): Distortion {
  if (distortion === 'source_frame' && eventType !== 'CrossFrameTransferSettled') return 'none';
  if (distortion === 'receiver' && eventType === 'TransactionFeeCollected') return 'none';
  return distortion;
}

function distorted(distortion: Distortion): Partial<TransferEvent> {
  switch (distortion) {
    case 'none':
      return {};
    case 'amount':
      return { amountBaseUnits: 7n };
    case 'sender':
      return { sender: 'A1:user-07', payer: 'A1:user-07' };
    case 'receiver':
      return { receiver: 'A1:user-07' };
    case 'backend':
      return { backend: 'no backend' as never };
    case 'source_frame':
      return { sourceFrame: 'Z' };
  }
}

function offsetOf({ fateOfFrame }: Pick<World, 'fateOfFrame'>, frame: FrameId): number {
  return fateOfFrame[frame]?.offsetMs ?? 0;
}

/** Sequences in each frame's log, in the order of storing. */
function numbered(copies: readonly Copy[]): readonly Copy[] {
  const inOrder = [...copies].sort((one, other) => one.trueStoredAtMs - other.trueStoredAtMs);
  const last = new Map<FrameId, number>();
  return inOrder.map((copy) => {
    const sequence = (last.get(copy.frame) ?? 0) + 1;
    last.set(copy.frame, sequence);
    return { ...copy, stored: { ...copy.stored, sequence } };
  });
}
