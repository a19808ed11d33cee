// How long the close of a cycle waits, and for what; past that it says what it does not know.
import type { CanaryTest } from './test.js';

/** When a test was fired, or at least decided, epoch milliseconds. */
interface DecidedTimes {
  readonly firedAtMs: number | undefined;
  readonly decidedAtMs: number;
}

/** What is known of a test that has no verdict, epoch milliseconds. */
interface OpenTimes {
  /** When at the latest every test of the cycle had been started. */
  readonly startedByMs: number;
  readonly firedAtMs: number | undefined;
  /** Since when somebody has been looking for the verdict. */
  readonly lookedSinceMs: number;
}

/** Beyond all deadlines: workers that were away together come back and decide in this time. */
export const LOST_AFTER_MS = 120_000;

/** Until when validators may bring expected stamps: the soft deadline (design, decision 9). */
export function expectedUntilMs(test: CanaryTest, times: DecidedTimes): number {
  return (times.firedAtMs ?? times.decidedAtMs) + test.deadlines.softMs;
}

/** Until when the close asks again where an EventStore does not answer: a final deadline more. */
export function askedUntilMs(test: CanaryTest, times: DecidedTimes): number {
  return expectedUntilMs(test, times) + test.deadlines.finalMs;
}

/**
 * When a test without a verdict is given up as lost. A fire may take a whole final deadline, and a
 * test has its own from the fire on; whoever has only just begun to look waits a while in any case.
 */
export function lostAtMs(test: CanaryTest, times: OpenTimes): number {
  const { finalMs } = test.deadlines;
  const firedByMs = times.firedAtMs ?? times.startedByMs + finalMs;
  return Math.max(firedByMs + finalMs, times.lookedSinceMs) + LOST_AFTER_MS;
}
