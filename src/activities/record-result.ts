// Recording takes facts and is idempotent: the first call stores the verdict, every call appends
// what the stored verdict does not explain (design, decision 10).
import type { ClockOffsets } from '../domain/clock.js';
import { correctionsOf } from '../domain/correction.js';
import type { Finding } from '../domain/finding.js';
import type { FireOutcome } from '../domain/fire.js';
import { isSeenLate } from '../domain/latency.js';
import { type Result, resultOf } from '../domain/result.js';
import type { Stamp } from '../domain/stamp.js';
import { talliesOfResult } from '../domain/tally.js';
import type { CanaryTest, TestId } from '../domain/test.js';
import type { DecidedVerdict, Outcome } from '../domain/verdict.js';
import type { ResultStore, StampStore } from '../ports.js';
import { type ClockDependencies, measureOffsets } from './clock-readings.js';

export interface Decision {
  readonly test: CanaryTest;
  readonly verdict: DecidedVerdict;
  readonly stamps: readonly Stamp[];
  /** Stamps that no validator saw and an EventStore's answer would have raised. */
  readonly unseen: readonly Stamp[];
  readonly findings: readonly Finding[];
  readonly fire: FireOutcome;
  readonly firedAtMs: number | undefined;
}

export interface RecordActivities {
  /**
   * Stores the verdict once, and what later calls bring as findings and corrections; answers the
   * outcome that is stored, whoever decided it.
   */
  recordResult(decision: Decision): Promise<Outcome>;
}

/** Facts about a test whose workflow is no more. */
export type RecordLate = (
  testId: TestId,
  facts: { readonly stamps: readonly Stamp[]; readonly findings: readonly Finding[] },
) => Promise<'recorded' | 'no_result'>;

interface RecordDependencies extends ClockDependencies {
  readonly results: ResultStore;
  readonly stamps: StampStore;
  readonly onMarkFailure: (testId: TestId, error: unknown) => void;
}

export function createRecordActivities(deps: RecordDependencies): RecordActivities {
  return {
    async recordResult(decision) {
      const { test } = decision;
      const facts = { ...decision, offsets: await offsetsIfNeeded(deps, decision) };
      const result = resultOf(test, decision.verdict, facts, deps.clock.nowMs());
      const { stored } = await deps.results.record(result, talliesOfResult(result));
      const known = [...decision.stamps, ...decision.unseen];
      await appendNews(deps.results, test, stored, known, decision.findings);
      markDecided(deps, stored);
      return stored.outcome;
    },
  };
}

/** Clocks decide only whether a test that was seen late is late; no other is kept waiting. */
async function offsetsIfNeeded(
  deps: RecordDependencies,
  { test, verdict, stamps, firedAtMs }: Decision,
): Promise<ClockOffsets> {
  const passed = verdict.kind === 'passed' && firedAtMs !== undefined;
  return passed && isSeenLate(test, stamps, firedAtMs) ? measureOffsets(deps) : {};
}

/** The call that validators make where the test is closed already (design, decision 7). */
export function createRecordLate(deps: Pick<RecordDependencies, 'results' | 'stamps'>): RecordLate {
  return async (testId, facts) => {
    const [test, stored] = await Promise.all([
      deps.stamps.test(testId),
      deps.results.result(testId),
    ]);
    if (test === undefined || stored === undefined) {
      // Corrections need a verdict to correct; a finding stands by itself.
      const { findings } = facts;
      if (findings.length > 0) await deps.results.append(testId, { findings, corrections: [] });
      return 'no_result';
    }
    const known = await deps.stamps.stamps(testId);
    await appendNews(deps.results, test, stored, [...known, ...facts.stamps], facts.findings);
    return 'recorded';
  };
}

/** Appends what the stored verdict does not explain; the close calls it, too. */
export async function appendNews(
  results: ResultStore,
  test: CanaryTest,
  stored: Result,
  stamps: readonly Stamp[],
  findings: readonly Finding[],
): Promise<void> {
  const corrections = correctionsOf(test, stored, stamps);
  if (findings.length === 0 && corrections.length === 0) return;
  await results.append(test.testId, { findings, corrections });
}

/**
 * The mark in the stamp store only saves validators a signal and closes the open-tests gauge; the
 * row is the truth, so its failure is told and does not hold the verdict. Every call marks, and
 * so does the close: what one could not mark the next one does.
 */
function markDecided(deps: RecordDependencies, stored: Result): void {
  deps.stamps
    .markDecided(stored.testId, stored.outcome)
    .catch((error: unknown) => deps.onMarkFailure(stored.testId, error));
}
