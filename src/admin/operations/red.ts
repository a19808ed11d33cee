// What is red now: everything that somebody should look at, each with the reason in words.
import { z } from 'zod';
import type { PathId } from '../../domain/path.js';
import type { OpenTest, StoredResult } from '../../ports.js';
import { flagsOf, isBlemished, resultView } from '../views/result-view.js';
import { isFollowing, type ValidatorView } from './validator-health.js';

export const redSchema = z.strictObject({
  what: z.enum(['worker', 'cycle', 'validator', 'path', 'test']),
  subject: z.string(),
  reason: z.string(),
});

export type Red = z.infer<typeof redSchema>;

export interface RedFacts {
  readonly nowMs: number;
  readonly intervalMs: number;
  /** When each worker that lives began. */
  readonly workerStartsMs: readonly number[];
  readonly validators: readonly ValidatorView[];
  /** The newest slot that fired; `undefined` before the first. */
  readonly lastSlotMs: number | undefined;
  /** The newest results of all paths, newest first. */
  readonly newest: readonly StoredResult[];
  readonly openTests: readonly OpenTest[];
}

/** A slot counts as overdue once the next one is due as well. */
const SLOTS_UNTIL_OVERDUE = 2;

export function redOf(facts: RedFacts): readonly Red[] {
  return [
    ...redWorkers(facts),
    ...redCycle(facts),
    ...redValidators(facts.validators),
    ...redPaths(facts.newest),
    ...redTests(facts),
  ];
}

function redWorkers({ workerStartsMs }: RedFacts): readonly Red[] {
  if (workerStartsMs.length > 0) return [];
  return [{ what: 'worker', subject: 'all', reason: 'no worker is alive' }];
}

/** A reactor that was started just now owes its next slot only after a while. */
function redCycle({ nowMs, intervalMs, lastSlotMs, workerStartsMs }: RedFacts): readonly Red[] {
  const startedAtMs = workerStartsMs.length === 0 ? 0 : Math.min(...workerStartsMs);
  const owedSinceMs = Math.max(lastSlotMs ?? 0, startedAtMs);
  if (nowMs - owedSinceMs < SLOTS_UNTIL_OVERDUE * intervalMs) return [];
  const reason =
    lastSlotMs === undefined
      ? 'no scheduled cycle has fired yet'
      : `the last slot fired ${Math.round((nowMs - lastSlotMs) / 1_000)} s ago`;
  return [{ what: 'cycle', subject: 'schedule', reason }];
}

function redValidators(validators: readonly ValidatorView[]): readonly Red[] {
  return validators
    .filter((one) => !isFollowing(one))
    .map(({ frame, eventType, condition }) => ({
      what: 'validator',
      subject: `${frame}/${eventType}`,
      reason: condition,
    }));
}

/** Each path is judged by its newest result alone. */
function redPaths(newest: readonly StoredResult[]): readonly Red[] {
  const lastOfPath = new Map<PathId, StoredResult>();
  for (const result of newest) {
    if (!lastOfPath.has(result.pathId)) lastOfPath.set(result.pathId, result);
  }
  return [...lastOfPath.values()].filter(isBlemished).map((result) => {
    const words = [result.outcome, result.failureSignal ?? '', ...flagsOf(resultView(result))];
    const why = result.reason === '' ? '' : `: ${result.reason}`;
    const reason = `${words.filter((word) => word !== '').join(', ')}${why}`;
    return { what: 'path', subject: result.pathId, reason };
  });
}

function redTests({ nowMs, openTests }: RedFacts): readonly Red[] {
  return openTests
    .filter((open) => open.softDeadlineAtMs < nowMs)
    .map(({ testId, softDeadlineAtMs }) => {
      const pastMs = nowMs - softDeadlineAtMs;
      const reason = `open ${Math.round(pastMs / 1_000)} s past its soft deadline`;
      return { what: 'test', subject: testId, reason };
    });
}
