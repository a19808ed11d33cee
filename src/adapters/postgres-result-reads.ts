// Results in SQL as they are read: one, those of a cycle, the newest, the last pass of each path.
import type { PathId } from '../domain/path.js';
import type { TestId } from '../domain/test.js';
import type { LastPass, ResultQuery, StoredResult } from '../ports.js';
import type { Postgres } from './postgres-connection.js';
import { type ResultRow, storedResultOf } from './postgres-rows.js';

const RESULTS_MAX = 10_000;

const SELECT = `select r.*,
    (select count(*)::int from canary_findings f where f.test_id = r.test_id) as finding_count,
    (select count(*)::int from canary_corrections c where c.test_id = r.test_id)
      as correction_count
  from canary_test_results r`;

const READ_ONE = { name: 'canary-read-result', text: `${SELECT} where r.test_id = $1` };

const READ_CYCLE = {
  name: 'canary-read-cycle-results',
  text: `${SELECT} where r.cycle_id = $1 order by r.test_id limit ${RESULTS_MAX}`,
};

export async function readResult(
  postgres: Postgres,
  testId: TestId,
): Promise<StoredResult | undefined> {
  const [row] = await postgres.query<ResultRow>(READ_ONE, [testId]);
  return row === undefined ? undefined : storedResultOf(row);
}

export async function readResultsOfCycle(
  postgres: Postgres,
  cycleId: string,
): Promise<readonly StoredResult[]> {
  return (await postgres.query<ResultRow>(READ_CYCLE, [cycleId])).map(storedResultOf);
}

const FILTERS = [
  { key: 'pathId', column: 'path_id' },
  { key: 'backend', column: 'backend' },
  { key: 'outcome', column: 'outcome' },
] as const;

/** The newest verdicts first, by an index for each filter. */
export async function readRecent(
  postgres: Postgres,
  query: ResultQuery,
): Promise<readonly StoredResult[]> {
  const given = FILTERS.filter(({ key }) => query[key] !== undefined);
  const conditions = given.map(({ column }, index) => `r.${column} = $${index + 2}`);
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  const statement = {
    name: ['canary-read-recent', ...given.map(({ column }) => column)].join('-'),
    text: `${SELECT} ${where} order by r.decided_at desc, r.test_id limit $1`,
  };
  const limit = Math.min(Math.max(query.limit, 0), RESULTS_MAX);
  const values = [limit, ...given.map(({ key }) => query[key])];
  return (await postgres.query<ResultRow>(statement, values)).map(storedResultOf);
}

/**
 * Steps through the index from path to path, so that the cost follows the number of paths and not
 * the number of results.
 */
const READ_LAST_PASSES = {
  name: 'canary-read-last-passes',
  text: `with recursive paths as (
    (select path_id from canary_test_results order by path_id limit 1)
    union all
    select (select r.path_id from canary_test_results r
      where r.path_id > p.path_id order by r.path_id limit 1)
    from paths p where p.path_id is not null
  )
  select p.path_id, last.decided_at from paths p cross join lateral (
    select r.decided_at from canary_test_results r
    where r.path_id = p.path_id and r.outcome = 'passed'
    order by r.decided_at desc limit 1
  ) as last`,
};

/** When each path last passed; paths that never did are left out. */
export async function readLastPasses(postgres: Postgres): Promise<readonly LastPass[]> {
  const rows = await postgres.query<{ path_id: PathId; decided_at: Date }>(READ_LAST_PASSES);
  return rows.map((row) => ({ pathId: row.path_id, decidedAtMs: row.decided_at.getTime() }));
}
