// A database as years of canaries leave it: results in the distribution of a platform that mostly
// works, and their cycles. Written by PostgreSQL itself, for the store's own way takes hours.
import pg from 'pg';
import { pino } from 'pino';
import { migratePostgres } from '../src/adapters/postgres-migrations.js';
import type { Config } from '../src/config.js';

const SEED = 0.42;

/** Of a thousand tests, as many as end so; the others pass. */
const NOT_PASSED = `case when chance < 0.003 then 'failed' when chance < 0.004 then 'observer'
  when chance < 0.0045 then 'inconclusive' when chance < 0.005 then 'unpaid' else 'passed' end`;

/** A test of each path a minute, the newest now; $1 the paths, $2 their backends, $3 how many. */
const FILL_RESULTS = `with path as (
    select id, backend, place - 1 as place from unnest($1::text[], $2::text[])
      with ordinality as one(id, backend, place)
  ), drawn as (
    select cycle, path.*, random() as chance, random() as chance2,
      to_timestamp(floor(extract(epoch from now()) / 60) * 60 - 60 * cycle) as slot
    from generate_series(1, ceil($3::numeric / cardinality($1::text[]))::int) as cycle
      cross join path
    order by cycle desc, place
  ), fated as (
    select *, ${NOT_PASSED} as outcome, slot + place * interval '1.3 s' as fired,
      exp(3.5 + 1.2 * chance2)::double precision as latency,
      to_char(slot at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') as cycle_id
    from drawn limit $3
  )
  insert into canary_test_results (test_id, cycle_id, path_id, backend, amount_base_units, outcome,
    failure_signal, phase, missing, reason, transfer_id, fired_at, total_latency_ms, late, warm_up,
    decided_at, stored_at, closed_at, stamps, closed_total_latency_ms, committed_latency_ms,
    observer_share_ms, clean)
  select cycle_id || '-' || id, cycle_id, id, backend, 10000, outcome,
    case when outcome = 'failed' then 'timeout' end,
    case when outcome in ('failed', 'observer') then 'settlement' end,
    case when outcome = 'failed' then array['cf_settled_local'] else '{}'::text[] end,
    case when outcome = 'passed' then '' else 'no cf_settled_local before the final deadline' end,
    md5(cycle_id || id), fired, case when outcome = 'passed' then latency end,
    chance2 > 0.99, false, fired + latency * interval '1 ms', fired + latency * interval '1 ms',
    fired + interval '15 s',
    (select jsonb_agg(jsonb_build_object('name', name, 'frame', 'A', 'transferId', md5(id),
      'eventId', jsonb_build_object('producer', 'teg-a', 'position', 30 * cycle),
      'sourceFrame', 'A', 'originCommittedAtMs', extract(epoch from fired) * 1000,
      'storedAtMs', extract(epoch from fired) * 1000 + 20,
      'seenAtMs', extract(epoch from fired) * 1000 + 31))
      from unnest(array['tokens_xfer', 'fee', 'cf_initiated']) as name),
    case when outcome = 'passed' then latency end,
    case when outcome = 'passed' then latency * 0.8 end,
    case when outcome = 'passed' then latency * 0.2 end, outcome = 'passed'
  from fated`;

const FILL_CYCLES = `insert into canary_cycles
    (cycle_id, slot_at, planned, started_at, closed_at, scoreboard)
  select cycle_id, min(date_trunc('minute', fired_at)), count(*), min(fired_at), max(closed_at),
    jsonb_build_object('cycleId', cycle_id, 'planned', count(*), 'stored', count(*), 'lost', 0,
      'clean', bool_and(clean), 'warmUp', false, 'judged', true, 'late', 0, 'degraded', 0,
      'unknown', 0, 'findings', 0, 'paused', 0, 'maintenance', 0, 'notable', '[]'::jsonb,
      'latency', (select jsonb_object_agg(one, '{"count": 10, "p50Ms": 40, "p95Ms": 90}'::jsonb)
        from unnest(array['intra', 'async', '2pc']) as one),
      'outcomes', jsonb_build_object('passed', count(*) filter (where outcome = 'passed'),
        'failed', count(*) filter (where outcome = 'failed'),
        'observer', count(*) filter (where outcome = 'observer'),
        'inconclusive', count(*) filter (where outcome = 'inconclusive'),
        'unpaid', count(*) filter (where outcome = 'unpaid')))
  from canary_test_results group by cycle_id`;

/** Fills an empty database. Indexes are made after the rows, as for any bulk of them. */
export async function fillResults(url: string, config: Config, count: number): Promise<void> {
  await migratePostgres(url, pino({ level: 'silent' }));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const indexes = await client.query<{ readonly indexdef: string; readonly indexname: string }>(
      `select indexdef, indexname from pg_indexes where tablename = 'canary_test_results'
       and indexname <> 'canary_test_results_pkey'`,
    );
    for (const { indexname } of indexes.rows) await client.query(`drop index ${indexname}`);
    await client.query(`select setseed(${SEED})`);
    await client.query(FILL_RESULTS, [
      config.paths.map(({ id }) => id),
      config.paths.map(({ backend }) => backend),
      count,
    ]);
    for (const { indexdef } of indexes.rows) await client.query(indexdef);
    await client.query(FILL_CYCLES);
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}
