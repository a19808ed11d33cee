// The frames' clocks as the gateway measures them, once or again and again.
import type { ClockOffset, ClockOffsets } from '../domain/clock.js';
import type { FrameId } from '../domain/frame.js';
import type { Clock, TransferGateway } from '../ports.js';

export interface ClockDependencies {
  readonly clock: Clock;
  readonly frames: readonly FrameId[];
  readonly gateway: Pick<TransferGateway, 'clockOffset'>;
}

/**
 * A quartz clock may run 100 millionths fast: in this time it leaves a measured offset by 1.5 ms,
 * no more than the error of a good measurement.
 */
const GOOD_FOR_MS = 15_000;

/** Measures all frames at once; one that could not be measured has no offset. */
export async function measureOffsets(
  deps: Pick<ClockDependencies, 'frames' | 'gateway'>,
): Promise<ClockOffsets> {
  const measured = await Promise.all(
    deps.frames.map(async (frame) => [frame, await deps.gateway.clockOffset(frame)] as const),
  );
  const known = measured.filter((entry): entry is [FrameId, ClockOffset] => entry[1] !== undefined);
  return Object.fromEntries(known);
}

/** Offsets for somebody who needs them for minutes: measured when asked for, and again in time. */
export function createClockReadings(deps: ClockDependencies): () => Promise<ClockOffsets> {
  let last: { readonly atMs: number; readonly offsets: Promise<ClockOffsets> } | undefined;
  return () => {
    const nowMs = deps.clock.nowMs();
    if (last === undefined || nowMs - last.atMs >= GOOD_FOR_MS) {
      last = { atMs: nowMs, offsets: measureOffsets(deps) };
    }
    return last.offsets;
  };
}
