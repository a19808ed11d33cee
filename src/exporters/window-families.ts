// Which paths are paused, and which are in maintenance; every path has both series.
import type { Path } from '../domain/path.js';
import { type OperatorWindow, type WindowKind, windowOver } from '../domain/window.js';
import { type Family, familyOf } from './family.js';
import { pathLabels } from './label-sets.js';
import { METRICS } from './metrics.js';

export function windowFamilies(
  windows: readonly OperatorWindow[],
  paths: readonly Path[],
  nowMs: number,
): readonly Family[] {
  const rows = (kind: WindowKind) =>
    paths.map((path) => ({
      labels: pathLabels(path),
      value: windowOver(windows, kind, path.id, nowMs) !== undefined,
    }));
  return [
    familyOf(METRICS.pathPaused, rows('pause')),
    familyOf(METRICS.pathMaintenance, rows('maintenance')),
  ];
}
