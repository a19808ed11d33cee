// What needs a person, in SQL: acknowledgements that are appended, and the troubles of each path.
import type { Acknowledgement, PathTrouble } from '../domain/attention.js';
import type { PathId } from '../domain/path.js';
import type { TestId } from '../domain/test.js';
import type { AcknowledgeChoice, StoredResult } from '../ports.js';
import type { Postgres } from './postgres-connection.js';
import { SELECT_RESULTS } from './postgres-result-reads.js';
import { type ResultRow, storedResultOf, timeOf } from './postgres-rows.js';
import { storableText } from './storable-text.js';

/** What is left out of every judgement needs no word. */
const COUNTS = 'not r.warm_up and not r.maintenance';

/** A test by its id, or every open one of a path. One word may be said of many tests. */
const ACKNOWLEDGE = {
  name: 'canary-acknowledge-tests',
  text: `with chosen as (
    select r.test_id from canary_test_results r
    where not r.clean and r.acknowledgement_id is null
      and (r.test_id = $4 or (r.path_id = $5 and ${COUNTS}))
    order by r.test_id for update
  ), said as (
    insert into canary_acknowledgements (at, by, reason, test_id, path_id)
    select $1::timestamptz, $2::text, $3::text, $4::text, $5::text
    where exists (select from chosen) returning acknowledgement_id
  )
  update canary_test_results r set acknowledgement_id = said.acknowledgement_id
  from chosen, said where r.test_id = chosen.test_id returning r.test_id`,
};

/**
 * Per path: the newest test that is clean, and what is not clean since; what nobody has seen. The
 * cost follows the paths and what is not clean, never the number of results.
 */
const TROUBLES = {
  name: 'canary-read-troubles',
  text: `select p.path_id, open.count as open_count, open.since as open_since,
      failing.count as failing_count, failing.since as failing_since, last.test_id
    from unnest($1::text[]) with ordinality as p(path_id, place)
    cross join lateral (
      select count(*)::int as count, min(r.decided_at) as since from canary_test_results r
      where r.path_id = p.path_id and not r.clean and r.acknowledgement_id is null and ${COUNTS}
    ) as open
    left join lateral (
      select r.decided_at from canary_test_results r
      where r.path_id = p.path_id and r.clean and ${COUNTS}
      order by r.decided_at desc, r.test_id limit 1
    ) as well on true
    cross join lateral (
      select count(*)::int as count, min(r.decided_at) as since from canary_test_results r
      where r.path_id = p.path_id and not r.clean and ${COUNTS}
        and r.decided_at > coalesce(well.decided_at, '-infinity')
    ) as failing
    cross join lateral (
      select r.test_id from canary_test_results r
      where r.path_id = p.path_id and not r.clean and ${COUNTS}
        and (failing.count > 0 or r.acknowledgement_id is null)
      order by r.decided_at desc, r.test_id limit 1
    ) as last
    where open.count + failing.count > 0 order by p.place`,
};

const READ_TESTS = {
  name: 'canary-read-results-by-id',
  text: `${SELECT_RESULTS} where r.test_id = any ($1)`,
};

interface TroubleRow extends Record<string, unknown> {
  readonly path_id: PathId;
  readonly open_count: number;
  readonly open_since: Date | null;
  readonly failing_count: number;
  readonly failing_since: Date | null;
  readonly test_id: TestId;
}

/** Appends the word, where there is anything open that it is said of. */
export async function acknowledgeTests(
  postgres: Postgres,
  which: AcknowledgeChoice,
  { atMs, by, reason }: Acknowledgement,
): Promise<readonly TestId[]> {
  const rows = await postgres.query<{ test_id: TestId }>(ACKNOWLEDGE, [
    timeOf(atMs),
    storableText(by),
    storableText(reason),
    'testId' in which ? which.testId : undefined,
    'pathId' in which ? which.pathId : undefined,
  ]);
  return rows.map((row) => row.test_id).sort();
}

/** The paths that fail, or have failures that nobody has seen. */
export async function readTroubles(
  postgres: Postgres,
  pathIds: readonly PathId[],
): Promise<readonly PathTrouble<StoredResult>[]> {
  const rows = await postgres.query<TroubleRow>(TROUBLES, [[...pathIds]]);
  const ids = rows.map((row) => row.test_id);
  const found = ids.length === 0 ? [] : await postgres.query<ResultRow>(READ_TESTS, [ids]);
  const results = new Map(found.map((row) => [row.test_id, storedResultOf(row)]));
  return rows.flatMap((row) => {
    const last = results.get(row.test_id);
    return last === undefined
      ? []
      : [
          {
            pathId: row.path_id,
            openCount: row.open_count,
            openSinceMs: row.open_since?.getTime(),
            failingCount: row.failing_count,
            failingSinceMs: row.failing_since?.getTime(),
            last,
          },
        ];
  });
}
