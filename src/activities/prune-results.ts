// Deletes what has outlived its retention, in batches that are transactions of their own: what an
// attempt has deleted stays so, and the next one goes on.
import { heartbeat } from '@temporalio/activity';
import { type RetentionSettings, retentionCuts } from '../domain/retention.js';
import type { Clock, ResultPlace, RetentionStore } from '../ports.js';

export interface RetentionActivities {
  /** Answers how many results and cycles were deleted. */
  pruneOld(): Promise<Pruned>;
}

export interface Pruned {
  readonly results: number;
  readonly cycles: number;
}

export interface PruneDependencies {
  readonly clock: Clock;
  readonly retention: RetentionStore;
  readonly settings: RetentionSettings;
}

/** Small enough to be over long before anything else waits for it. */
const BATCH_ROWS = 1_000;

export function createRetentionActivities(deps: PruneDependencies): RetentionActivities {
  return { pruneOld: () => pruneOld(deps, heartbeat) };
}

/** Every result past its cut in the order of age, then the cycles of which nothing is left. */
export async function pruneOld(
  { clock, retention, settings }: PruneDependencies,
  tell: (deleted: number) => void,
): Promise<Pruned> {
  const cuts = retentionCuts(settings, clock.nowMs());
  let results = 0;
  let after: ResultPlace | undefined;
  do {
    const batch = await retention.pruneResults(cuts, after, BATCH_ROWS);
    results += batch.deleted;
    after = batch.last;
    tell(results);
  } while (after !== undefined);
  let cycles = 0;
  for (let deleted = BATCH_ROWS; deleted === BATCH_ROWS; cycles += deleted) {
    deleted = await retention.pruneCycles(cuts, BATCH_ROWS);
    tell(results);
  }
  return { results, cycles };
}
