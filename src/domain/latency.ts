// Two latencies and the observer's share (design, decision 3). Never negative, never invented.
import { type ClockOffsets, earliestCommitMs, originOf } from './clock.js';
import { requirementOf } from './contract.js';
import { requiredStamps, timeMet } from './requirement.js';
import type { Stamp } from './stamp.js';
import type { CanaryTest } from './test.js';
import { earliestTimes } from './verdict.js';

export type { ClockOffset, ClockOffsets } from './clock.js';

export interface Latencies {
  /** From the fire to the stamps that completed the test, as validators saw them. */
  readonly totalMs: number | undefined;
  /** From the fire to the commits that completed it, by the origins' corrected clocks. */
  readonly committedMs: number | undefined;
  /** What observing added: total minus committed. */
  readonly observerShareMs: number | undefined;
}

/** The latency by the times at which validators saw the stamps, in milliseconds. */
export function totalLatencyMs(
  test: CanaryTest,
  stamps: readonly Stamp[],
  firedAtMs: number,
): number | undefined {
  const met = timeMet(
    requirementOf(test.path.backend),
    earliestTimes(stamps, (one) => one.seenAtMs),
  );
  return met === undefined || met < firedAtMs ? undefined : met - firedAtMs;
}

/** All latencies of a closed test; where an offset was never measured, the committed are empty. */
export function latenciesOf(
  test: CanaryTest,
  stamps: readonly Stamp[],
  firedAtMs: number,
  offsets: ClockOffsets,
): Latencies {
  const totalMs = totalLatencyMs(test, stamps, firedAtMs);
  const committedMs = committedLatencyMs(test, stamps, firedAtMs, offsets);
  const share =
    totalMs === undefined || committedMs === undefined ? undefined : totalMs - committedMs;
  return {
    totalMs,
    committedMs,
    observerShareMs: share === undefined || share < 0 ? undefined : share,
  };
}

/**
 * Whether the test was seen complete later than its soft deadline. What was seen in time was also
 * committed in time, whatever a clock says: only then need the clocks be measured.
 */
export function isSeenLate(test: CanaryTest, stamps: readonly Stamp[], firedAtMs: number): boolean {
  const totalMs = totalLatencyMs(test, stamps, firedAtMs);
  return totalMs !== undefined && totalMs > test.deadlines.softMs;
}

/**
 * Whether the completion was committed later than the soft deadline, by the origins' corrected
 * clocks and beyond their error (design, decision 4): what only we saw late is not late.
 */
export function isLate(
  test: CanaryTest,
  stamps: readonly Stamp[],
  firedAtMs: number,
  offsets: ClockOffsets,
): boolean {
  if (!isSeenLate(test, stamps, firedAtMs)) return false;
  const met = timeMet(
    requirementOf(test.path.backend),
    earliestTimes(stamps, (one) => earliestCommitMs(test, one, offsets)),
  );
  return met !== undefined && met - firedAtMs > test.deadlines.softMs;
}

function committedLatencyMs(
  test: CanaryTest,
  stamps: readonly Stamp[],
  firedAtMs: number,
  offsets: ClockOffsets,
): number | undefined {
  const requirement = requirementOf(test.path.backend);
  const required = requiredStamps(requirement);
  // A stamp that is not required must not move the latency, not even by its frame's clock.
  const counted = stamps.filter((one) => required.includes(one.name));
  if (counted.some((one) => offsets[originOf(test, one)] === undefined)) return undefined;
  const corrected = (one: Stamp) =>
    one.originCommittedAtMs - (offsets[originOf(test, one)]?.offsetMs ?? 0);
  const met = timeMet(requirement, earliestTimes(counted, corrected));
  if (met === undefined) return undefined;
  const errorMs = Math.max(0, ...counted.map((one) => offsets[originOf(test, one)]?.errorMs ?? 0));
  const latencyMs = met - firedAtMs;
  return latencyMs < errorMs ? undefined : latencyMs;
}
