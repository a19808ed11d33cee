// What is red now: everything that somebody should look at, each with the reason in words.
import { z } from 'zod';
import type { StoreUnavailableError } from '../../adapters/store-unavailable-error.js';
import type { PathId } from '../../domain/path.js';
import type { OpenTest, StoredResult, WorkerEntry } from '../../ports.js';
import type { AwayDependency } from '../admin-dependencies.js';
import { flagsOf, isBlemished, resultView } from '../views/result-view.js';
import { isFollowing, type ValidatorView } from './validator-health.js';

export const redSchema = z.strictObject({
  what: z.enum(['store', 'worker', 'cycle', 'validator', 'path', 'test']),
  subject: z.string(),
  reason: z.string(),
});

export type Red = z.infer<typeof redSchema>;

/** What only Redis knows. */
export interface Live {
  readonly openTests: readonly OpenTest[];
  readonly validators: readonly ValidatorView[];
  readonly workers: readonly WorkerEntry[];
  /** What each worker says that it misses; nothing of one that cannot be asked from here. */
  readonly lacks: readonly {
    readonly workerId: string;
    readonly away: readonly AwayDependency[];
  }[];
}

export interface RedFacts {
  readonly nowMs: number;
  readonly intervalMs: number;
  /** Of the stores that are away: what only they know is not judged. */
  readonly problems: readonly StoreUnavailableError[];
  readonly live: Live | undefined;
  /** The newest slot that fired; inside, `undefined` before the first. */
  readonly slots: { readonly lastSlotMs: number | undefined } | undefined;
  /** The newest results of all paths, newest first. */
  readonly newest: readonly StoredResult[];
}

/** A slot counts as overdue once the next one is due as well. */
const SLOTS_UNTIL_OVERDUE = 2;

export function redOf(facts: RedFacts): readonly Red[] {
  const { live, newest, nowMs, problems } = facts;
  return [
    ...problems.map(({ store, message }) => ({
      what: 'store' as const,
      subject: store,
      reason: message,
    })),
    ...(live === undefined ? [] : redWorkers(live)),
    ...redCycle(facts),
    ...redValidators(live?.validators ?? []),
    ...redPaths(newest),
    ...redTests(live?.openTests ?? [], nowMs),
  ];
}

function redWorkers({ lacks, workers }: Live): readonly Red[] {
  if (workers.length === 0) {
    return [{ what: 'worker', subject: 'all', reason: 'no worker is alive' }];
  }
  return lacks.flatMap(({ workerId, away }) =>
    away.map(({ name, problem }) => ({
      what: 'worker',
      subject: workerId,
      reason: `lacks ${name}: ${problem}`,
    })),
  );
}

/** A reactor that was started just now owes its next slot only after a while. */
function redCycle({ nowMs, intervalMs, live, slots }: RedFacts): readonly Red[] {
  if (slots === undefined) return [];
  const { lastSlotMs } = slots;
  const startsMs = (live?.workers ?? []).map(({ startedAtMs }) => startedAtMs);
  const startedAtMs = startsMs.length === 0 ? 0 : Math.min(...startsMs);
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

function redTests(openTests: readonly OpenTest[], nowMs: number): readonly Red[] {
  return openTests
    .filter((open) => open.softDeadlineAtMs < nowMs)
    .map(({ testId, softDeadlineAtMs }) => {
      const pastMs = nowMs - softDeadlineAtMs;
      const reason = `open ${Math.round(pastMs / 1_000)} s past its soft deadline`;
      return { what: 'test', subject: testId, reason };
    });
}
