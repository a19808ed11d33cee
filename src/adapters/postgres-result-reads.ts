// Results in SQL as they are read: one, those of a cycle, the newest, the last pass of each path.
import type { PathId } from '../domain/path.js';
import type { TestId } from '../domain/test.js';
import type { LastPass, ResultPlace, ResultQuery, StoredResult, WholeResult } from '../ports.js';
import type { Postgres } from './postgres-connection.js';
import {
  LISTED_COLUMNS,
  type ResultRow,
  storedResultOf,
  timeOf,
  type WholeResultRow,
  wholeResultOf,
} from './postgres-rows.js';
import { sha256Hex } from './sha256.js';

const RESULTS_MAX = 10_000;

const BESIDE = `(select count(*)::int from canary_findings f where f.test_id = r.test_id)
      as finding_count,
    (select count(*)::int from canary_corrections c where c.test_id = r.test_id)
      as correction_count,
    a.by as acknowledged_by, a.at as acknowledged_at, a.reason as acknowledged_reason
  from canary_test_results r left join canary_acknowledgements a using (acknowledgement_id)`;

const LISTED = LISTED_COLUMNS.map((column) => `r.${column}`).join(', ');

/** Results with what is counted and said beside them; conditions on `r` follow. */
export const SELECT_RESULTS = `select ${LISTED}, ${BESIDE}`;

const READ_ONE = { name: 'canary-read-result', text: `select r.*, ${BESIDE} where r.test_id = $1` };

const READ_CYCLE = {
  name: 'canary-read-cycle-results',
  text: `${SELECT_RESULTS} where r.cycle_id = $1 order by r.test_id limit ${RESULTS_MAX}`,
};

export async function readResult(
  postgres: Postgres,
  testId: TestId,
): Promise<WholeResult | undefined> {
  const [row] = await postgres.query<WholeResultRow>(READ_ONE, [testId]);
  return row === undefined ? undefined : wholeResultOf(row);
}

export async function readResultsOfCycle(
  postgres: Postgres,
  cycleId: string,
): Promise<readonly StoredResult[]> {
  return (await postgres.query<ResultRow>(READ_CYCLE, [cycleId])).map(storedResultOf);
}

interface Filter {
  /** Tells the statements apart; a literal belongs to its text and so to its name. */
  readonly name: string;
  readonly condition: (place: number) => string;
  readonly values: readonly unknown[];
}

/**
 * What is asked for rarely has an index of its own, which only a literal lets the planner see: one
 * plan for whatever value may come would read every result of a path to find its few failures.
 */
function filtersOf(query: ResultQuery): readonly Filter[] {
  const { after, backend, clean, outcome, pathId, sinceMs, untilMs } = query;
  const compared = (column: string, operator: string, value: unknown): readonly Filter[] =>
    value === undefined
      ? []
      : [
          {
            name: `${column}${operator}`,
            condition: (place) => `r.${column} ${operator} $${place}`,
            values: [value],
          },
        ];
  return [
    ...compared('path_id', '=', pathId),
    ...compared('backend', '=', backend),
    ...(outcome === undefined ? [] : [literal(`r.outcome = '${outcome}'`)]),
    ...(outcome === undefined || outcome === 'passed' ? [] : [literal("r.outcome <> 'passed'")]),
    ...(clean === undefined ? [] : [literal(clean ? 'r.clean' : 'not r.clean')]),
    ...compared('decided_at', '>=', timeOf(sinceMs)),
    ...compared('decided_at', '<', timeOf(untilMs)),
    ...(after === undefined ? [] : [behind(after)]),
  ];
}

function literal(condition: string): Filter {
  return { name: condition, condition: () => condition, values: [] };
}

/** The second condition alone would not be a range of the index. */
function behind({ decidedAtMs, testId }: ResultPlace): Filter {
  return {
    name: 'after',
    condition: (place) =>
      `r.decided_at <= $${place} and (r.decided_at < $${place} or r.test_id > $${place + 1})`,
    values: [timeOf(decidedAtMs), testId],
  };
}

/** The statement of a query and its values: the newest verdicts first, by an index. */
export function recentStatement(query: ResultQuery) {
  const limit = Math.min(Math.max(query.limit, 0), RESULTS_MAX);
  const values: unknown[] = [limit];
  const conditions: string[] = [];
  const names = ['canary-read-recent'];
  for (const filter of filtersOf(query)) {
    conditions.push(filter.condition(values.length + 1));
    values.push(...filter.values);
    names.push(filter.name);
  }
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  const order = 'order by r.decided_at desc, r.test_id limit $1';
  // PostgreSQL cuts names after 63 bytes.
  const name = `canary-read-recent-${sha256Hex(names.join(' ')).slice(0, 16)}`;
  return { statement: { name, text: `${SELECT_RESULTS} ${where} ${order}` }, values };
}

/** The newest verdicts first, by an index for each filter. */
export async function readRecent(
  postgres: Postgres,
  query: ResultQuery,
): Promise<readonly StoredResult[]> {
  const { statement, values } = recentStatement(query);
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
