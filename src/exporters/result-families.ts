// What PostgreSQL knows beside the tallies: the cycle closed last, each path's last pass, warm-up.
import { BACKENDS } from '../domain/backend.js';
import type { Path } from '../domain/path.js';
import type { LatencySummary } from '../domain/scoreboard.js';
import { OUTCOMES } from '../domain/verdict.js';
import type { WarmUp } from '../domain/warm-up.js';
import type { LastPass, StoredCycle } from '../ports.js';
import { type Family, familyOf, type Metric, type Row } from './family.js';
import { pathLabels } from './label-sets.js';
import { METRICS } from './metrics.js';

/** The scoreboard of the cycle closed last; all 0 before the first close. */
export function cycleFamilies(cycle: StoredCycle | undefined): readonly Family[] {
  const board = cycle?.scoreboard;
  const single = (metric: Metric<never>, value: Row['value'] | undefined) =>
    familyOf(metric, [{ labels: {}, value: value ?? 0 }]);
  return [
    single(METRICS.cyclePlanned, board?.planned),
    familyOf(
      METRICS.cycleTests,
      OUTCOMES.map((outcome) => ({ labels: { outcome }, value: board?.outcomes[outcome] ?? 0 })),
    ),
    single(METRICS.cycleLost, board?.lost),
    single(METRICS.cycleLate, board?.late),
    single(METRICS.cycleDegraded, board?.degraded),
    single(METRICS.cycleUnknown, board?.unknown),
    single(METRICS.cycleFindings, board?.findings),
    single(METRICS.cyclePaused, board?.paused),
    single(METRICS.cycleMaintenance, board?.maintenance),
    single(METRICS.cycleJudged, board?.judged),
    single(METRICS.cycleClean, board?.clean),
    single(METRICS.cycleStarted, seconds(cycle?.startedAtMs)),
    single(METRICS.cycleClosed, seconds(cycle?.closedAtMs)),
    familyOf(
      METRICS.cycleLatency,
      BACKENDS.flatMap((backend) => latencyRows(backend, board?.latency[backend])),
    ),
  ];
}

export function lastSuccessFamily(passes: readonly LastPass[], paths: readonly Path[]): Family {
  const byPath = new Map(passes.map(({ pathId, decidedAtMs }) => [pathId, decidedAtMs]));
  return familyOf(
    METRICS.lastSuccess,
    paths.map((path) => ({ labels: pathLabels(path), value: seconds(byPath.get(path.id)) ?? 0 })),
  );
}

export function warmUpFamily(warmUp: WarmUp | undefined): Family {
  const active = warmUp !== undefined && warmUp.endedAtMs === undefined;
  return familyOf(METRICS.warmUpActive, [{ labels: {}, value: active }]);
}

function latencyRows(backend: string, summary: LatencySummary | undefined) {
  const statistics = { p50: summary?.p50Ms, p95: summary?.p95Ms, max: summary?.maxMs };
  return Object.entries(statistics).flatMap(([statistic, valueMs]) =>
    valueMs === undefined ? [] : [{ labels: { backend, statistic }, value: valueMs / 1_000 }],
  );
}

function seconds(valueMs: number | undefined): number | undefined {
  return valueMs === undefined ? undefined : valueMs / 1_000;
}
