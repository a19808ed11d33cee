// Tests on their way, from the shared stamp store.
import type { Path } from '../domain/path.js';
import type { OpenTest } from '../ports.js';
import { type Family, familyOf } from './family.js';
import { pathLabels } from './label-sets.js';
import { METRICS } from './metrics.js';

/** Open tests of each path, and those past their soft deadline, at a time in epoch milliseconds. */
export function openTestFamilies(
  open: readonly OpenTest[],
  paths: readonly Path[],
  nowMs: number,
): readonly Family[] {
  const all = countByPath(open);
  const past = countByPath(open.filter((test) => test.softDeadlineAtMs < nowMs));
  const rows = (counts: ReadonlyMap<string, number>) =>
    paths.map((path) => ({ labels: pathLabels(path), value: counts.get(path.id) ?? 0 }));
  return [
    familyOf(METRICS.openTests, rows(all)),
    familyOf(METRICS.openTestsPastSoftDeadline, rows(past)),
  ];
}

function countByPath(tests: readonly OpenTest[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { pathId } of tests) counts.set(pathId, (counts.get(pathId) ?? 0) + 1);
  return counts;
}
