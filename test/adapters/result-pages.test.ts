// Pages of results out of many rows: whatever is asked for, an index leads to it.
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPostgres, type Postgres } from '../../src/adapters/postgres-connection.js';
import { migratePostgres } from '../../src/adapters/postgres-migrations.js';
import { recentStatement } from '../../src/adapters/postgres-result-reads.js';
import type { ResultQuery } from '../../src/ports.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';

const ROWS = 120_000;
const START_MS = Date.UTC(2026, 0);
const logger = pino({ level: 'silent' });

let database: OwnDatabase;
let postgres: Postgres;

/** One of a thousand fails, the failures of a path far apart. */
const FILL = `insert into canary_test_results (test_id, cycle_id, path_id, backend,
    amount_base_units, outcome, missing, reason, late, warm_up, decided_at, clean)
  select 'test-' || n, 'cycle-' || n / 30, 'path-' || n % 30,
    case when n % 30 < 6 then 'intra' when n % 30 < 18 then 'async' else '2pc' end, 10000,
    case when n % 997 = 0 then 'failed' else 'passed' end, '{}', '', false, false,
    $1::timestamptz + n * interval '2 seconds', n % 997 <> 0
  from generate_series(1, $2::int) as n`;

beforeAll(async () => {
  database = await createOwnDatabase('pages');
  await migratePostgres(database.url, logger);
  postgres = openPostgres({
    url: database.url,
    connectionsMax: 1,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 60_000,
    logger,
  });
  await postgres.query({ name: 'fill', text: FILL }, [new Date(START_MS).toISOString(), ROWS]);
  await postgres.query({ name: 'analyze', text: 'analyze canary_test_results' });
});

afterAll(async () => {
  await postgres.close();
  await database.drop();
});

const MIDDLE = { decidedAtMs: START_MS + ROWS * 1_000, testId: `test-${ROWS / 2}` };

const QUERIES: readonly Omit<ResultQuery, 'limit'>[] = [
  {},
  { after: MIDDLE },
  { pathId: 'path-7' },
  { pathId: 'path-7', after: MIDDLE },
  { backend: 'async' },
  { outcome: 'failed' },
  { outcome: 'unpaid' },
  { outcome: 'failed', after: MIDDLE },
  { pathId: 'path-7', outcome: 'failed' },
  { pathId: 'path-7', outcome: 'unpaid' },
  { backend: 'intra', outcome: 'failed' },
  { clean: false },
  { clean: false, pathId: 'path-7' },
  { clean: false, backend: 'intra' },
  { clean: true, pathId: 'path-7', after: MIDDLE },
  { sinceMs: MIDDLE.decidedAtMs },
  { sinceMs: START_MS, untilMs: START_MS + 60_000 },
  { pathId: 'path-7', untilMs: START_MS + 60_000_000 },
  { outcome: 'failed', sinceMs: START_MS, untilMs: MIDDLE.decidedAtMs, after: MIDDLE },
];

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Actual Loops'?: number;
  readonly Plans?: readonly Node[];
}

function nodesOf(node: Node): readonly Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** More than the page itself: what lies between two failures of a path is not read. */
const READ_MAX = 400;

test.each(QUERIES)('%j reads by an index, and hardly more than it answers', async (query) => {
  const { statement, values } = recentStatement({ ...query, limit: 51 });
  // As a plan for whatever values may come, which is what a connection settles on.
  await postgres.query({ name: 'generic', text: 'set plan_cache_mode = force_generic_plan' });
  const text = `explain (analyze, format json) ${statement.text}`;
  const name = `explain-${statement.name}`;
  const [row] = await postgres.query<{ 'QUERY PLAN': readonly { readonly Plan: Node }[] }>(
    { name, text },
    values,
  );
  const plan = row?.['QUERY PLAN'][0]?.Plan;
  if (plan === undefined) throw new Error('PostgreSQL explains nothing');
  const nodes = nodesOf(plan);
  const own = nodes.filter((node) => node['Relation Name'] === 'canary_test_results');
  expect(own.map((node) => node['Node Type'])).not.toContain('Seq Scan');
  const read = own.map(
    (node) => (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0),
  );
  expect(Math.max(...read)).toBeLessThan(READ_MAX);
});
