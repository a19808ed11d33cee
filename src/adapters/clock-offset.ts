// The offset of a frame's clock against ours, as NTP measures it: the tightest of several probes.
import type { ClockOffset } from '../domain/latency.js';
import type { Clock } from '../ports.js';

/** Reads the other clock once, epoch milliseconds; `undefined` when it did not answer. */
export type ClockProbe = () => Promise<number | undefined>;

/** Both clocks are read in whole milliseconds, which costs up to one either way. */
const RESOLUTION_MS = 1;

/**
 * Probes one after another and keeps the one with the shortest round trip: its answer was read
 * within half of that trip of its middle. `undefined` when no probe was answered.
 */
export async function measureClockOffset(
  clock: Clock,
  probe: ClockProbe,
  probes: number,
): Promise<ClockOffset | undefined> {
  let best: ClockOffset | undefined;
  for (let count = 0; count < probes; count += 1) {
    const offset = await probeOnce(clock, probe);
    if (offset === undefined) continue;
    if (best === undefined || offset.errorMs < best.errorMs) best = offset;
  }
  return best;
}

async function probeOnce(clock: Clock, probe: ClockProbe): Promise<ClockOffset | undefined> {
  const sentMs = clock.nowMs();
  const theirsMs = await probe();
  const receivedMs = clock.nowMs();
  // Our own clock may have been set back meanwhile; such a probe measures nothing.
  if (theirsMs === undefined || receivedMs < sentMs) return undefined;
  return {
    offsetMs: theirsMs - (sentMs + receivedMs) / 2,
    errorMs: (receivedMs - sentMs) / 2 + RESOLUTION_MS,
  };
}
