// How paths went, in SQL: totals over a time, the newest verdicts, since when none passed.
import type { PathId } from '../domain/path.js';
import type { PathTotals, PathVerdict, UnpassedPath } from '../ports.js';
import type { Postgres } from './postgres-connection.js';
import { type ResultRow, timeOf } from './postgres-rows.js';

const EACH_MAX = 1_000;

/** Steps from path to path through one index, and reads no row of the table. */
const READ_TOTALS = {
  name: 'canary-read-path-totals',
  text: `with recursive paths as (
    (select path_id from canary_test_results order by path_id limit 1)
    union all
    select (select r.path_id from canary_test_results r
      where r.path_id > p.path_id order by r.path_id limit 1)
    from paths p where p.path_id is not null
  )
  select p.path_id, totals.* from paths p cross join lateral (
    select count(*)::int as verdicts,
      count(*) filter (where outcome = 'passed')::int as passed,
      count(*) filter (where outcome = 'failed')::int as failed,
      count(*) filter (where outcome not in ('passed', 'failed'))::int as undecided,
      percentile_disc(array[0.5, 0.95]) within group (order by total_latency_ms)
        filter (where outcome = 'passed' and total_latency_ms is not null) as quantiles
    from canary_test_results r where r.path_id = p.path_id and r.decided_at >= $1
  ) as totals
  where totals.verdicts > 0 order by p.path_id`,
};

interface TotalsRow {
  readonly path_id: PathId;
  readonly passed: number;
  readonly failed: number;
  readonly undecided: number;
  readonly quantiles: readonly number[] | null;
}

export async function readPathTotals(
  postgres: Postgres,
  sinceMs: number,
): Promise<readonly PathTotals[]> {
  const rows = await postgres.query<TotalsRow>(READ_TOTALS, [timeOf(sinceMs)]);
  return rows.map(({ path_id, passed, failed, undecided, quantiles }) => ({
    pathId: path_id,
    passed,
    failed,
    undecided,
    p50Ms: quantiles?.[0],
    p95Ms: quantiles?.[1],
  }));
}

const READ_NEWEST = {
  name: 'canary-read-newest-of-paths',
  text: `select newest.* from unnest($1::text[]) with ordinality as paths(path_id, place)
    cross join lateral (
      select r.test_id, r.cycle_id, r.path_id, r.outcome, r.failure_signal, r.phase, r.reason,
        r.absent, r.late, r.degraded,
        r.unasked_frames, r.warm_up, r.maintenance, r.fired_at, r.decided_at, r.total_latency_ms,
        r.closed_total_latency_ms, r.committed_latency_ms, r.observer_share_ms,
        (select count(*)::int from canary_findings f where f.test_id = r.test_id)
          as finding_count,
        (select count(*)::int from canary_corrections c where c.test_id = r.test_id)
          as correction_count
      from canary_test_results r where r.path_id = paths.path_id
      order by r.decided_at desc, r.test_id limit $2
    ) as newest
    order by paths.place, newest.decided_at desc, newest.test_id`,
};

export async function readNewestOfPaths(
  postgres: Postgres,
  pathIds: readonly PathId[],
  each: number,
): Promise<readonly PathVerdict[]> {
  const limit = Math.min(Math.max(each, 0), EACH_MAX);
  return (await postgres.query<ResultRow>(READ_NEWEST, [[...pathIds], limit])).map(verdictOf);
}

function verdictOf(row: ResultRow): PathVerdict {
  return {
    testId: row.test_id,
    cycleId: row.cycle_id,
    pathId: row.path_id,
    outcome: row.outcome,
    failureSignal: row.failure_signal ?? undefined,
    phase: row.phase ?? undefined,
    reason: row.reason,
    absent: row.absent,
    late: row.late,
    degraded: row.degraded,
    unaskedFrames: row.unasked_frames,
    findingCount: row.finding_count,
    correctionCount: row.correction_count,
    warmUp: row.warm_up,
    maintenance: row.maintenance,
    firedAtMs: row.fired_at?.getTime(),
    decidedAtMs: row.decided_at.getTime(),
    totalLatencyMs: row.total_latency_ms ?? undefined,
    latencies: {
      totalMs: row.closed_total_latency_ms ?? undefined,
      committedMs: row.committed_latency_ms ?? undefined,
      observerShareMs: row.observer_share_ms ?? undefined,
    },
  };
}

const READ_UNPASSED = {
  name: 'canary-read-unpassed-paths',
  text: `select paths.path_id, first.decided_at from unnest($1::text[]) as paths(path_id)
    left join lateral (
      select r.decided_at from canary_test_results r
      where r.path_id = paths.path_id and r.outcome = 'passed'
      order by r.decided_at desc limit 1
    ) as pass on true
    cross join lateral (
      select r.decided_at from canary_test_results r
      where r.path_id = paths.path_id
        and r.decided_at > coalesce(pass.decided_at, '-infinity'::timestamptz)
      order by r.decided_at limit 1
    ) as first
    order by paths.path_id`,
};

export async function readUnpassed(
  postgres: Postgres,
  pathIds: readonly PathId[],
): Promise<readonly UnpassedPath[]> {
  const rows = await postgres.query<{ path_id: PathId; decided_at: Date }>(READ_UNPASSED, [
    [...pathIds],
  ]);
  return rows.map((row) => ({ pathId: row.path_id, sinceMs: row.decided_at.getTime() }));
}
