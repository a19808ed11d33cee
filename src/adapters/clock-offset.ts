// The offset of a frame's clock against ours, as NTP measures it: the tightest of several probes.
import type { ClockOffset } from '../domain/latency.js';
import type { Clock } from '../ports.js';

/** Reads the other clock once, epoch milliseconds; `undefined` when it did not answer. */
export type ClockProbe = () => Promise<number | undefined>;

/** Both clocks are read in whole milliseconds, which costs up to one either way. */
const RESOLUTION_MS = 1;

export interface ProbeBounds {
  readonly probes: number;
  /** No probe begins later than this after the first. */
  readonly budgetMs: number;
}

/**
 * Probes one after another and keeps the one with the shortest round trip: its answer was read
 * within half of that trip of its middle. A clock that does not answer is not asked again.
 * `undefined` when nothing was measured.
 */
export async function measureClockOffset(
  clock: Clock,
  probe: ClockProbe,
  { probes, budgetMs }: ProbeBounds,
): Promise<ClockOffset | undefined> {
  const startedAtMs = clock.nowMs();
  let best: ClockOffset | undefined;
  for (let count = 0; count < probes; count += 1) {
    const sentMs = clock.nowMs();
    if (sentMs - startedAtMs > budgetMs) break;
    const theirsMs = await probe();
    if (theirsMs === undefined) break;
    const offset = offsetOf(sentMs, theirsMs, clock.nowMs());
    if (offset === undefined) continue;
    if (best === undefined || offset.errorMs < best.errorMs) best = offset;
  }
  return best;
}

function offsetOf(sentMs: number, theirsMs: number, receivedMs: number): ClockOffset | undefined {
  // Our own clock may have been set back meanwhile; such a probe measures nothing.
  if (receivedMs < sentMs) return undefined;
  return {
    offsetMs: theirsMs - (sentMs + receivedMs) / 2,
    errorMs: (receivedMs - sentMs) / 2 + RESOLUTION_MS,
  };
}
