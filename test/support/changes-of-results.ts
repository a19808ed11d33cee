// What changed among results that lie in memory.
import type { ResultChanges, ResultStore } from '../../src/ports.js';

/** What changed, as a second look at the whole memory says. */
export function changesOf(results: Pick<ResultStore, 'recent'>): ResultChanges {
  return {
    async changedSince(atMs, limit) {
      const all = await results.recent({ limit: 10_000 });
      return all
        .filter((one) => Math.max(one.decidedAtMs, one.closedAtMs ?? 0) >= atMs)
        .sort((one, other) => one.decidedAtMs - other.decidedAtMs)
        .slice(0, limit);
    },
  };
}
