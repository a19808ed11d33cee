// Acknowledgements and troubles over results in memory.
import type { Acknowledgement, PathTrouble } from '../../src/domain/attention.js';
import type { TestId } from '../../src/domain/test.js';
import type { ResultPlace, ResultStore, StoredResult } from '../../src/ports.js';

export function newestFirst(one: ResultPlace, other: ResultPlace): number {
  if (one.decidedAtMs !== other.decidedAtMs) return other.decidedAtMs - one.decidedAtMs;
  if (one.testId === other.testId) return 0;
  return one.testId < other.testId ? -1 : 1;
}

export function attentionCallsOf(
  words: Map<TestId, Acknowledgement>,
  stored: () => readonly StoredResult[],
) {
  const counted = () => stored().filter((one) => !one.warmUp && !one.maintenance);
  const isOpen = (one: StoredResult) => !one.clean && one.acknowledgement === undefined;
  return {
    async acknowledge(which, word) {
      const chosen =
        'testId' in which
          ? stored().filter(({ testId }) => testId === which.testId)
          : counted().filter(({ pathId }) => pathId === which.pathId);
      const ids = chosen.filter(isOpen).map(({ testId }) => testId);
      for (const testId of ids) words.set(testId, word);
      return ids.sort();
    },
    async troubles(pathIds) {
      return pathIds.flatMap((pathId): readonly PathTrouble<StoredResult>[] => {
        const results = counted()
          .filter((one) => one.pathId === pathId)
          .sort(newestFirst);
        const wellAtMs = results.find(({ clean }) => clean)?.decidedAtMs ?? 0;
        const failing = results.filter((one) => !one.clean && one.decidedAtMs > wellAtMs);
        const open = results.filter(isOpen);
        const last = failing[0] ?? open[0];
        if (last === undefined) return [];
        return [
          {
            pathId,
            openCount: open.length,
            openSinceMs: open.at(-1)?.decidedAtMs,
            failingCount: failing.length,
            failingSinceMs: failing.at(-1)?.decidedAtMs,
            last,
          },
        ];
      });
    },
  } satisfies Partial<ResultStore>;
}
