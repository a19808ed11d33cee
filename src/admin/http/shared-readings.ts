// Readings that all viewers ask for at the same news: one answer serves them all, so that two
// hundred open pages ask the stores no more than one does.
import type { Clock } from '../../ports.js';
import type { Answer } from '../answer.js';
import type { Operation } from '../operation.js';
import { OPERATIONS } from '../operations.js';
import type { News } from './news.js';

/** They depend on nothing but the stores, and whoever may read sees the same. */
const SHARED: ReadonlySet<Operation> = new Set<Operation>([
  OPERATIONS.status,
  OPERATIONS.publicStatus,
  OPERATIONS.board,
  OPERATIONS.paths,
  OPERATIONS.auditor,
  OPERATIONS.attention,
  OPERATIONS.pauses,
  OPERATIONS.maintenance,
]);

/** Without news an answer is this old at most. */
const KEPT_MS_MAX = 1_000;

export interface Reading {
  readonly answer: Answer<unknown>;
  /** The value as JSON, written once for all; absent where there is no value. */
  readonly text?: string;
}

export interface SharedReadings {
  /** Whether this request may be answered with what another one was. */
  takes(operation: Operation, input: object): boolean;
  /** Errors of `read` reach all who wait for it, and are not kept. */
  read(name: string, read: () => Promise<Answer<unknown>>): Promise<Reading>;
  /** What was read until now may be out of date: somebody has acted. */
  forget(): void;
}

interface Kept {
  readonly atMs: number;
  readonly told: number;
  readonly reading: Promise<Reading>;
}

export function createSharedReadings(clock: Clock, news: Pick<News, 'told'>): SharedReadings {
  const kept = new Map<string, Kept>();
  return {
    takes: (operation, input) => SHARED.has(operation) && Object.keys(input).length === 0,
    read(name, read) {
      const known = kept.get(name);
      if (known !== undefined && isFresh(known, clock.nowMs(), news.told())) return known.reading;
      const reading = read().then(written);
      const mine = { atMs: clock.nowMs(), told: news.told(), reading };
      kept.set(name, mine);
      reading.catch(() => {
        if (kept.get(name) === mine) kept.delete(name);
      });
      return reading;
    },
    forget: () => kept.clear(),
  };
}

function isFresh({ atMs, told }: Kept, nowMs: number, toldNow: number): boolean {
  return told === toldNow && nowMs - atMs < KEPT_MS_MAX;
}

function written(answer: Answer<unknown>): Reading {
  return answer.kind === 'done' ? { answer, text: JSON.stringify(answer.value) } : { answer };
}
