// A verdict is never rewritten: what a later fact adds to it is a correction, if it is news.
import { isRefundable } from './contract.js';
import { formatEventId } from './event.js';
import type { Result } from './result.js';
import type { Stamp } from './stamp.js';
import type { CanaryTest, TestId } from './test.js';
import { isComplete } from './verdict.js';

export const CORRECTION_KINDS = ['refund', 'completion'] as const;

export type CorrectionKind = (typeof CORRECTION_KINDS)[number];

export interface Correction {
  readonly kind: CorrectionKind;
  readonly testId: TestId;
  readonly evidence: string;
}

/**
 * What the stored verdict does not explain (design, decision 10): a refund without `refunded`, a
 * completion without `passed` or `observer`. Second events and impossible stamps are findings.
 */
export function correctionsOf(
  test: CanaryTest,
  stored: Pick<Result, 'outcome' | 'failureSignal'>,
  stamps: readonly Stamp[],
): readonly Correction[] {
  const refund = stamps.find((one) => one.name === 'cf_refunded');
  const corrections: Correction[] = [];
  if (
    refund !== undefined &&
    isRefundable(test.path.backend) &&
    stored.failureSignal !== 'refunded'
  ) {
    corrections.push({
      kind: 'refund',
      testId: test.testId,
      evidence: `refunded by ${formatEventId(refund.eventId)} after the verdict ${stored.outcome}`,
    });
  }
  const explained = stored.outcome === 'passed' || stored.outcome === 'observer';
  if (!explained && isComplete(test, stamps)) {
    corrections.push({
      kind: 'completion',
      testId: test.testId,
      evidence: `completed after the verdict ${stored.outcome} by ${stamps
        .map((one) => `${one.name}@${one.frame}=${formatEventId(one.eventId)}`)
        .join(', ')}`,
    });
  }
  return corrections;
}
