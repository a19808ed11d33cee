// What every result store must tell of paths: totals, the newest verdicts, since when none passed.
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Result } from '../../src/domain/result.js';
import type { ResultStore } from '../../src/ports.js';
import { NOW_MS, newClosing, newResult, type Store } from './result-store.contract.js';

/** How paths went, whatever the store is made of. */
export function pathCases(store: Store): void {
  totalCases(store);
  newestCases(store);
}

function totalCases(store: Store): void {
  test('the totals of a path count its verdicts since a moment, by kind', async () => {
    const [path, silent] = [randomUUID(), randomUUID()];
    const latencies = [90, 10, 50, 70, 30];
    await stored(store(), path, [
      ...latencies.map((totalLatencyMs) => ({ totalLatencyMs, decidedAtMs: NOW_MS })),
      { decidedAtMs: NOW_MS + 1, outcome: 'failed', totalLatencyMs: undefined },
      { decidedAtMs: NOW_MS + 2, outcome: 'observer', totalLatencyMs: undefined },
      { decidedAtMs: NOW_MS + 2, outcome: 'unpaid', totalLatencyMs: undefined },
      { decidedAtMs: NOW_MS - 1, totalLatencyMs: 1 },
    ]);
    await stored(store(), silent, [{ decidedAtMs: NOW_MS - 1 }]);
    const totals = await store().pathTotals(NOW_MS);
    expect(totals.filter(({ pathId }) => pathId === path || pathId === silent)).toEqual([
      { pathId: path, passed: 5, failed: 1, undecided: 2, p50Ms: 50, p95Ms: 90 },
    ]);
  });

  test('a path that only failed has no latency', async () => {
    const path = randomUUID();
    await stored(store(), path, [{ outcome: 'failed', totalLatencyMs: undefined }]);
    const [totals] = (await store().pathTotals(0)).filter(({ pathId }) => pathId === path);
    expect(totals).toMatchObject({ passed: 0, failed: 1, p50Ms: undefined, p95Ms: undefined });
  });
}

function newestCases(store: Store): void {
  test('the newest verdicts come path by path, each with what its close added', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const results = await stored(store(), one, [
      { decidedAtMs: NOW_MS + 1 },
      { decidedAtMs: NOW_MS + 3 },
      { decidedAtMs: NOW_MS + 2 },
    ]);
    const [single] = await stored(store(), other, [{ decidedAtMs: NOW_MS + 9, outcome: 'failed' }]);
    const newest = results[1]?.testId ?? '';
    await store().close(newest, newClosing({ degraded: true }), []);
    const found = await store().newestOfPaths([other, one, randomUUID()], 2);
    expect(found.map(({ testId }) => testId)).toEqual([single?.testId, newest, results[2]?.testId]);
    expect(found.find(({ testId }) => testId === newest)).toMatchObject({
      pathId: one,
      degraded: true,
      decidedAtMs: NOW_MS + 3,
      latencies: { committedMs: 100.5, observerShareMs: 19.5 },
      findingCount: 0,
    });
  });

  test('a path has not passed since the first verdict after its last pass', async () => {
    const [broken, never, well, unknown] = Array.from({ length: 4 }, () => randomUUID());
    const failed = { outcome: 'failed' } as const;
    await stored(store(), broken ?? '', [
      { ...failed, decidedAtMs: NOW_MS + 1 },
      { decidedAtMs: NOW_MS + 2 },
      { outcome: 'observer', decidedAtMs: NOW_MS + 3 },
      { ...failed, decidedAtMs: NOW_MS + 4 },
    ]);
    await stored(store(), never ?? '', [{ ...failed, decidedAtMs: NOW_MS + 5 }]);
    await stored(store(), well ?? '', [{ decidedAtMs: NOW_MS }]);
    const asked = [broken, never, well, unknown].map((id) => id ?? '');
    const found = await store().unpassedSince(asked);
    expect(new Map(found.map(({ pathId, sinceMs }) => [pathId, sinceMs]))).toEqual(
      new Map([
        [broken, NOW_MS + 3],
        [never, NOW_MS + 5],
      ]),
    );
  });
}

/** Stores verdicts of a path, in that order. */
async function stored(
  store: ResultStore,
  pathId: string,
  verdicts: readonly Partial<Result>[],
): Promise<readonly Result[]> {
  const results = verdicts.map((changes) => newResult({ pathId, ...changes }));
  for (const result of results) await store.record(result, []);
  return results;
}
