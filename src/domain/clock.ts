// The frames' clocks against ours: what was measured of them, and what a commit time then says.
import type { FrameId } from './frame.js';
import type { Stamp } from './stamp.js';
import type { CanaryTest } from './test.js';

/** A frame's clock minus ours, and how far that figure may be off, both in milliseconds. */
export interface ClockOffset {
  readonly offsetMs: number;
  readonly errorMs: number;
}

/** What was measured, by frame; a frame whose clock could not be measured is not in it. */
export type ClockOffsets = Readonly<Record<FrameId, ClockOffset>>;

/** How far a clock that could not be measured is taken to be from ours at most, milliseconds. */
export const ASSUMED_CLOCK_ERROR_MS = 1_000;

/** Settled is the receiver's TEG's commit, all else the sender's: by the table, not by claim. */
export function originOf(test: CanaryTest, one: Stamp): FrameId {
  const settled = one.name === 'cf_settled_local' || one.name === 'cf_settled_remote';
  return settled ? test.path.receiverFrame : test.path.senderFrame;
}

/**
 * The earliest moment of our own clock at which a stamp's event can have been committed: the
 * origin's time, corrected, less the error. What is after a deadline by this is surely after it.
 */
export function earliestCommitMs(
  test: CanaryTest,
  one: Stamp,
  offsets: ClockOffsets,
  unmeasuredErrorMs: number = ASSUMED_CLOCK_ERROR_MS,
): number {
  const measured = offsets[originOf(test, one)] ?? { offsetMs: 0, errorMs: unmeasuredErrorMs };
  return one.originCommittedAtMs - measured.offsetMs - measured.errorMs;
}
