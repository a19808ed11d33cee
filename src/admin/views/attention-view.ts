// What needs a person as JSON: since when, how many, the last of it, and who has seen it.
import { z } from 'zod';
import {
  type Acknowledgement,
  type Attention,
  isFailing,
  isSeen,
  sinceMs,
  worstOf,
} from '../../domain/attention.js';
import { FAILURE_SIGNALS, OUTCOMES, PHASES } from '../../domain/verdict.js';
import type { StoredResult } from '../../ports.js';
import { acknowledgementSchema, acknowledgementView } from './acknowledgement-view.js';
import { flagsOf, resultView } from './result-view.js';
import { timeSchema, utc } from './time.js';

export const attentionSchema = z.strictObject({
  /** Present where the row stands for all paths of a frame. */
  frame: z.string().optional(),
  pathIds: z.array(z.string()),
  /** Whether it still fails; else it is well again and nobody has seen it. */
  failing: z.boolean(),
  since: timeSchema,
  /** Tests in a row that are not clean, over its paths. */
  failingTests: z.int(),
  /** Tests that nobody has acknowledged. */
  openTests: z.int(),
  /** The worst of it, of that the newest. */
  last: z.strictObject({
    testId: z.string(),
    pathId: z.string(),
    outcome: z.enum(OUTCOMES),
    failureSignal: z.enum(FAILURE_SIGNALS).optional(),
    phase: z.enum(PHASES).optional(),
    flags: z.array(z.string()),
    reason: z.string(),
    /** What was expected and never came, `cf_initiated @ B`. */
    absent: z.array(z.string()),
    decidedAt: timeSchema,
  }),
  /** Present where all of it was acknowledged: the newest word. */
  acknowledged: acknowledgementSchema.optional(),
});

export type AttentionView = z.infer<typeof attentionSchema>;

export function attentionView(row: Attention<StoredResult>): AttentionView {
  const { troubles } = row;
  const { last } = worstOf(row);
  const { decidedAtMs, failureSignal, outcome, pathId, phase, reason, testId } = last;
  return {
    frame: row.frame,
    pathIds: troubles.map((one) => one.pathId),
    failing: isFailing(row),
    since: utc(sinceMs(row)),
    failingTests: sum(troubles.map(({ failingCount }) => failingCount)),
    openTests: sum(troubles.map(({ openCount }) => openCount)),
    last: {
      testId,
      pathId,
      outcome,
      failureSignal,
      phase,
      flags: [...flagsOf(resultView(last))],
      reason,
      absent: absentOf(last),
      decidedAt: utc(decidedAtMs),
    },
    acknowledged: isSeen(row) ? acknowledgementView(newestWord(row)) : undefined,
  };
}

function absentOf({ absent, absentEvents }: StoredResult): string[] {
  return [
    ...absent.map(({ frame, stamp }) => `${stamp} @ ${frame}`),
    ...absentEvents.map(({ eventType, frame }) => `${eventType} @ ${frame}`),
  ];
}

function newestWord({ troubles }: Attention<StoredResult>): Acknowledgement | undefined {
  const words = troubles.flatMap(({ last }) => last.acknowledgement ?? []);
  return words.sort((one, other) => other.atMs - one.atMs)[0];
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
