// A stored result as JSON: times in UTC, the amount in AVT; an absent key is not known.
import { z } from 'zod';
import { formatAmount } from '../../domain/amount.js';
import { BACKENDS } from '../../domain/backend.js';
import { STAMP_NAMES } from '../../domain/stamp.js';
import { FAILURE_SIGNALS, OUTCOMES, PHASES } from '../../domain/verdict.js';
import type { StoredResult } from '../../ports.js';
import { acknowledgementSchema, acknowledgementView } from './acknowledgement-view.js';
import { timeSchema, utc, utcIfKnown } from './time.js';

const frameStamp = z.strictObject({ frame: z.string(), stamp: z.enum(STAMP_NAMES) });
const frameEvent = z.strictObject({ frame: z.string(), eventType: z.string() });

export const resultSchema = z.strictObject({
  testId: z.string(),
  cycleId: z.string(),
  pathId: z.string(),
  backend: z.enum(BACKENDS),
  amount: z.string().regex(/^\d+\.\d{6}$/),
  outcome: z.enum(OUTCOMES),
  failureSignal: z.enum(FAILURE_SIGNALS).optional(),
  phase: z.enum(PHASES).optional(),
  missing: z.array(z.enum(STAMP_NAMES)),
  reason: z.string(),
  transferId: z.string().optional(),
  firedAt: timeSchema.optional(),
  decidedAt: timeSchema,
  closedAt: timeSchema.optional(),
  totalLatencyMs: z.number().optional(),
  committedLatencyMs: z.number().optional(),
  observerShareMs: z.number().optional(),
  late: z.boolean(),
  degraded: z.boolean(),
  warmUp: z.boolean(),
  maintenance: z.boolean(),
  findingCount: z.int(),
  correctionCount: z.int(),
  /** Passed, and nothing is known that would spoil it. */
  clean: z.boolean(),
  acknowledgement: acknowledgementSchema.optional(),
  unaskedFrames: z.array(z.string()),
  absent: z.array(frameStamp),
  absentEvents: z.array(frameEvent),
  unobserved: z.array(frameStamp),
});

export type ResultView = z.infer<typeof resultSchema>;

export function resultView(result: StoredResult): ResultView {
  return {
    testId: result.testId,
    cycleId: result.cycleId,
    pathId: result.pathId,
    backend: result.backend,
    amount: formatAmount(BigInt(result.amount)),
    outcome: result.outcome,
    failureSignal: result.failureSignal,
    phase: result.phase,
    missing: [...result.missing],
    reason: result.reason,
    transferId: result.transferId,
    firedAt: utcIfKnown(result.firedAtMs),
    decidedAt: utc(result.decidedAtMs),
    closedAt: utcIfKnown(result.closedAtMs),
    totalLatencyMs: result.totalLatencyMs,
    committedLatencyMs: result.latencies.committedMs,
    observerShareMs: result.latencies.observerShareMs,
    late: result.late,
    degraded: result.degraded,
    warmUp: result.warmUp,
    maintenance: result.maintenance,
    findingCount: result.findingCount,
    correctionCount: result.correctionCount,
    clean: result.clean,
    acknowledgement: acknowledgementView(result.acknowledgement),
    unaskedFrames: [...result.unaskedFrames],
    absent: result.absent.map((one) => ({ ...one })),
    absentEvents: result.absentEvents.map((one) => ({ ...one })),
    unobserved: result.unobserved.map((one) => ({ ...one })),
  };
}

/** Whether a result spoils its cycle or alarms by itself, so that tables show it first. */
export function isBlemished(result: StoredResult | ResultView): boolean {
  const flawed = result.degraded || result.late || result.unaskedFrames.length > 0;
  return result.outcome !== 'passed' || flawed || result.findingCount > 0;
}

/** The blemishes of a result in words: its failure signal and its flags. */
export function flagsOf(result: ResultView): readonly string[] {
  return [
    ...(result.late ? ['late'] : []),
    ...(result.degraded ? ['degraded'] : []),
    ...(result.unaskedFrames.length > 0 ? ['unknown'] : []),
    ...(result.findingCount > 0 ? [counted(result.findingCount, 'finding')] : []),
    ...(result.unobserved.length > 0 ? ['unobserved'] : []),
    ...(result.correctionCount > 0 ? [counted(result.correctionCount, 'correction')] : []),
    ...(result.warmUp ? ['warm-up'] : []),
    ...(result.maintenance ? ['maintenance'] : []),
    ...(result.acknowledgement === undefined ? [] : ['acknowledged']),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
