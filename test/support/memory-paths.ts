// How paths went, over results that lie in memory.
import { quantile } from '../../src/domain/quantile.js';
import type { PathVerdict, ResultStore, StoredResult } from '../../src/ports.js';
import { newestFirst } from './memory-attention.js';

export function pathCallsOf(all: () => readonly StoredResult[]) {
  const newestOf = (pathId: string) =>
    all()
      .filter((result) => result.pathId === pathId)
      .sort(newestFirst);
  return {
    async pathTotals(sinceMs) {
      const since = all().filter((one) => one.decidedAtMs >= sinceMs);
      return [...new Set(since.map(({ pathId }) => pathId))].map((pathId) => {
        const ofPath = since.filter((one) => one.pathId === pathId);
        const passed = ofPath.filter((one) => one.outcome === 'passed');
        const failed = ofPath.filter((one) => one.outcome === 'failed');
        const latencies = passed.flatMap((one) => one.totalLatencyMs ?? []);
        return {
          pathId,
          passed: passed.length,
          failed: failed.length,
          undecided: ofPath.length - passed.length - failed.length,
          p50Ms: quantile(latencies, 0.5),
          p95Ms: quantile(latencies, 0.95),
        };
      });
    },
    newestOfPaths: async (pathIds, each) =>
      pathIds.flatMap((pathId) => newestOf(pathId).slice(0, each).map(verdictOf)),
    unpassedSince: async (pathIds) =>
      pathIds.flatMap((pathId) => {
        const newest = newestOf(pathId);
        const pass = newest.findIndex(({ outcome }) => outcome === 'passed');
        const after = newest.slice(0, pass === -1 ? newest.length : pass).at(-1);
        return after === undefined ? [] : [{ pathId, sinceMs: after.decidedAtMs }];
      }),
  } satisfies Partial<ResultStore>;
}

function verdictOf(stored: StoredResult): PathVerdict {
  const { testId, cycleId, pathId, outcome, failureSignal, late, degraded } = stored;
  const { phase, reason, absent } = stored;
  const { unaskedFrames, findingCount, correctionCount, warmUp, maintenance, latencies } = stored;
  const { firedAtMs, decidedAtMs, totalLatencyMs } = stored;
  return {
    ...{ testId, cycleId, pathId, outcome, failureSignal, late, degraded },
    ...{ unaskedFrames, findingCount, correctionCount, warmUp, maintenance, latencies },
    ...{ firedAtMs, decidedAtMs, totalLatencyMs, phase, reason, absent },
  };
}
