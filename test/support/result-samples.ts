// Results, closes and scoreboards of any shape, drawn by fast-check.
import fc from 'fast-check';
import { BACKENDS } from '../../src/domain/backend.js';
import { COMPLETED_EVENT_TYPE } from '../../src/domain/event.js';
import { FINDING_KINDS, type Finding } from '../../src/domain/finding.js';
import type { Closing, Result } from '../../src/domain/result.js';
import { STAMP_NAMES, type Stamp } from '../../src/domain/stamp.js';
import { FAILURE_SIGNALS, OUTCOMES, PHASES } from '../../src/domain/verdict.js';

const momentMs = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) });
const latencyMs = fc.integer({ min: 0, max: 400_000 });
/** Offsets are halves of whole milliseconds, so committed latencies are, too. */
const halfMs = fc.integer({ min: 0, max: 800_000 }).map((halves) => halves / 2);
const perhaps = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const frame = fc.constantFrom('A', 'B', 'C');
const stampName = fc.constantFrom(...STAMP_NAMES);
/** Whatever a platform may put into a message, NUL and halves of surrogate pairs left out. */
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((one) => one.replaceAll('\0', ''));

export const anyStamp: fc.Arbitrary<Stamp> = fc.record({
  name: stampName,
  frame,
  eventId: fc.record({ producer: text, position: fc.nat() }),
  transferId: text,
  sourceFrame: frame,
  originCommittedAtMs: momentMs,
  storedAtMs: momentMs,
  seenAtMs: momentMs,
});

export function anyResult(testId: string): fc.Arbitrary<Result> {
  return fc.record({
    testId: fc.constant(testId),
    cycleId: fc.constantFrom('cycle-1', 'cycle-2'),
    pathId: fc.constantFrom('A1.1-A1.2-intra', 'A1.1-B1.1-async'),
    backend: fc.constantFrom(...BACKENDS),
    amount: fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String),
    outcome: fc.constantFrom(...OUTCOMES),
    failureSignal: perhaps(fc.constantFrom(...FAILURE_SIGNALS)),
    phase: perhaps(fc.constantFrom(...PHASES)),
    missing: fc.uniqueArray(stampName),
    reason: text,
    transferId: perhaps(text),
    firedAtMs: perhaps(momentMs),
    totalLatencyMs: perhaps(latencyMs),
    late: fc.boolean(),
    warmUp: fc.boolean(),
    maintenance: fc.boolean(),
    decidedAtMs: momentMs,
  });
}

export function anyFinding(testId: string): fc.Arbitrary<Finding> {
  return fc.record({
    kind: fc.constantFrom(...FINDING_KINDS.slice(0, 3), 'missing_in_kafka' as const),
    testId: fc.constant(testId),
    subject: fc.constantFrom('A/tokens_xfer', 'teg-a/1', 'A/TokensTransferred/teg-b/2'),
    evidence: text,
  });
}

export function anyClosing(testId: string): fc.Arbitrary<Closing> {
  const frameStamps = fc.array(fc.record({ frame, stamp: stampName }), { maxLength: 3 });
  return fc.record({
    unaskedFrames: fc.uniqueArray(frame),
    absent: frameStamps,
    absentEvents: fc.array(
      fc.record({ frame, eventType: fc.constant(COMPLETED_EVENT_TYPE) } as const),
      { maxLength: 2 },
    ),
    unobserved: frameStamps,
    degraded: fc.boolean(),
    latencies: fc.record({
      totalMs: perhaps(latencyMs),
      committedMs: perhaps(halfMs),
      observerShareMs: perhaps(halfMs),
    }),
    stamps: fc.array(anyStamp, { maxLength: 4 }),
    findings: fc.array(anyFinding(testId), { maxLength: 4 }),
    closedAtMs: momentMs,
  });
}
