// Pruning in SQL: a batch is one statement and so one transaction, with the counter that it moves.
import type { PRUNED, RetentionCuts } from '../domain/retention.js';
import type { ResultPlace, RetentionStore } from '../ports.js';
import type { Postgres } from './postgres-connection.js';
import { timeOf } from './postgres-rows.js';
import { addTallies } from './postgres-tallies.js';

type What = (typeof PRUNED)[number];

function counted(parts: readonly What[]): string {
  const rows = parts.map(
    (what) => `select 'pruned' as tally, jsonb_build_object('what', '${what}') as labels,
      count(*) as add from ${what} having count(*) > 0`,
  );
  return addTallies(rows.join(' union all '));
}

/** Goes through the index from the oldest on; what is kept is passed, not read again. */
const PRUNE_RESULTS = {
  name: 'canary-prune-results',
  text: `with examined as (
    select r.* from canary_test_results r
    where r.decided_at < $1 and r.decided_at >= $4 and (r.decided_at > $4 or r.test_id < $5)
    order by r.decided_at, r.test_id desc limit $6
  ), doomed as (
    select e.test_id from examined e where
      (e.clean and not exists (select from canary_corrections c where c.test_id = e.test_id))
      or (e.decided_at < $2
        and (e.clean or e.acknowledgement_id is not null or e.warm_up or e.maintenance))
      or e.decided_at < $3
  ), results as (
    delete from canary_test_results where test_id in (select test_id from doomed)
    returning test_id
  ), findings as (
    delete from canary_findings where test_id in (select test_id from doomed) returning test_id
  ), corrections as (
    delete from canary_corrections where test_id in (select test_id from doomed)
    returning test_id
  ), counted as (${counted(['results', 'findings', 'corrections'])})
  select (select count(*)::int from results) as deleted, last.decided_at, last.test_id
  from (values (1)) as one left join lateral (
    select decided_at, test_id from examined order by decided_at desc, test_id limit 1
  ) as last on true`,
};

/** A cycle goes with the last of its results; one that was not clean stays as failures do. */
const PRUNE_CYCLES = {
  name: 'canary-prune-cycles',
  text: `with cycles as (
    delete from canary_cycles where cycle_id in (
      select c.cycle_id from canary_cycles c
      where c.started_at < $1
        and not exists (select from canary_test_results r where r.cycle_id = c.cycle_id)
        and (c.started_at < $2 or (c.scoreboard ->> 'clean')::boolean
          or not (c.scoreboard ->> 'judged')::boolean)
      order by c.started_at limit $4)
    returning cycle_id
  ), findings as (
    delete from canary_findings f where f.recorded_at < $2
      and not exists (select from canary_test_results r where r.test_id = f.test_id)
    returning f.test_id
  ), corrections as (
    delete from canary_corrections c where c.recorded_at < $2
      and not exists (select from canary_test_results r where r.test_id = c.test_id)
    returning c.test_id
  ), keys as (delete from operator_action_keys where claimed_at < $3),
  counted as (${counted(['cycles', 'findings', 'corrections'])})
  select count(*)::int as deleted from cycles`,
};

const OLDEST = {
  name: 'canary-read-oldest-result',
  text: 'select min(decided_at) as oldest from canary_test_results',
};

/** All calls throw `StoreUnavailableError` while PostgreSQL is away; none is retried here. */
export function createPostgresRetention(postgres: Postgres): RetentionStore {
  return {
    pruneResults: (cuts, after, limit) => pruneResults(postgres, cuts, after, limit),
    async pruneCycles(cuts, limit) {
      const times = [cuts.passedMs, cuts.failedMs, cuts.keysMs].map(timeOf);
      const [row] = await postgres.query<{ deleted: number }>(PRUNE_CYCLES, [...times, limit]);
      return row?.deleted ?? 0;
    },
    async oldestMs() {
      const [row] = await postgres.query<{ oldest: Date | null }>(OLDEST);
      return row?.oldest?.getTime();
    },
  };
}

interface BatchRow extends Record<string, unknown> {
  readonly deleted: number;
  readonly decided_at: Date | null;
  readonly test_id: string | null;
}

async function pruneResults(
  postgres: Postgres,
  cuts: RetentionCuts,
  after: ResultPlace | undefined,
  limit: number,
) {
  const [row] = await postgres.query<BatchRow>(PRUNE_RESULTS, [
    ...[cuts.passedMs, cuts.failedMs, cuts.unacknowledgedMs].map(timeOf),
    timeOf(after?.decidedAtMs) ?? '-infinity',
    after?.testId ?? '',
    limit,
  ]);
  const { decided_at: at = null, deleted = 0, test_id: testId = null } = row ?? {};
  const last = at === null || testId === null ? undefined : { decidedAtMs: at.getTime(), testId };
  return { deleted, last };
}
