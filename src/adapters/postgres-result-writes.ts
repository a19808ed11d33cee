// Verdicts and closes in SQL: each stored once, with its tallies, in one statement and so in one
// round trip and one transaction.
import type { Closing, Result } from '../domain/result.js';
import type { Tally } from '../domain/tally.js';
import type { TestId } from '../domain/test.js';
import type { RecordedResult } from '../ports.js';
import type { Postgres } from './postgres-connection.js';
import { findingParameter, newFindings } from './postgres-news.js';
import { readResult } from './postgres-result-reads.js';
import { timeOf, VERDICT_COLUMNS, verdictValues } from './postgres-rows.js';
import { addTallies, talliesFrom, tallyParameter } from './postgres-tallies.js';
import { storableJson } from './storable-text.js';
import { UnknownRecordError } from './store-unavailable-error.js';

/**
 * What goes on failing alike is covered by the word about what failed before it: the newest result
 * of the path, where that is not clean either.
 */
function inherited(of: {
  readonly path: string;
  readonly outcome: string;
  readonly signal: string;
  readonly decidedAt: string;
}): string {
  return `(select case when not p.clean and p.outcome = ${of.outcome}
      and p.failure_signal is not distinct from ${of.signal} then p.acknowledgement_id end
    from canary_test_results p where p.path_id = ${of.path} and p.decided_at < ${of.decidedAt}
    order by p.decided_at desc, p.test_id limit 1)`;
}

const VERDICT_PLACES = Object.fromEntries(
  VERDICT_COLUMNS.map((column, index) => [column, `$${index + 1}`]),
) as Record<(typeof VERDICT_COLUMNS)[number], string>;

const INHERITED_BY_VERDICT = inherited({
  path: `${VERDICT_PLACES.path_id}::text`,
  outcome: `${VERDICT_PLACES.outcome}::text`,
  signal: `${VERDICT_PLACES.failure_signal}::text`,
  decidedAt: `${VERDICT_PLACES.decided_at}::timestamptz`,
});

const TALLIES_PLACE = VERDICT_COLUMNS.length + 1;

const RECORD = {
  name: 'canary-record-verdict',
  text: `with stored as (
    insert into canary_test_results
      (${VERDICT_COLUMNS.join(', ')}, clean, acknowledgement_id)
    values (${Object.values(VERDICT_PLACES).join(', ')},
      ${VERDICT_PLACES.outcome}::text = 'passed'
        and not exists (select from canary_findings f where f.test_id = ${VERDICT_PLACES.test_id}),
      case when ${VERDICT_PLACES.outcome}::text <> 'passed' then ${INHERITED_BY_VERDICT} end)
    on conflict (test_id) do nothing returning test_id
  ), counted as (
    ${addTallies(`${talliesFrom(`$${TALLIES_PLACE}`)} where exists (select from stored)`)}
  )
  select exists (select from stored) as first`,
};

/** Stores a verdict unless one is stored: one round trip for the first, two for a repetition. */
export async function recordResult(
  postgres: Postgres,
  result: Result,
  tallies: readonly Tally[],
): Promise<RecordedResult> {
  const values = [...verdictValues(result), tallyParameter(tallies)];
  const [row] = await postgres.query<{ first: boolean }>(RECORD, values);
  if (row?.first === true) return { stored: result, first: true };
  const stored = await readResult(postgres, result.testId);
  if (stored === undefined) throw new UnknownRecordError('result', result.testId);
  return { stored, first: false };
}

const INHERITED_BY_CLOSE = inherited({
  path: 'r.path_id',
  outcome: 'r.outcome',
  signal: 'r.failure_signal',
  decidedAt: 'r.decided_at',
});

const CLOSE = {
  name: 'canary-close-test',
  text: `with closed as (
    update canary_test_results r set
      clean = r.clean and not $3 and $13::text[] = '{}' and $11::jsonb = '[]'
        and not exists (select from canary_findings f where f.test_id = r.test_id),
      acknowledgement_id = case when $3 and r.acknowledgement_id is null
        then ${INHERITED_BY_CLOSE} else r.acknowledgement_id end,
      closed_at = $2, degraded = $3, absent = $4, absent_events = $5, unobserved = $6,
      stamps = $7, closed_total_latency_ms = $8, committed_latency_ms = $9,
      observer_share_ms = $10, unasked_frames = $13
    where r.test_id = $1 and r.closed_at is null returning r.test_id
  ), ${newFindings('findings', '$11', 'exists (select from closed)')}, counted as (
    ${addTallies(`${talliesFrom('$12')} where exists (select from closed)
      union all select tally, labels, add from findings_tallies`)}
  )
  select exists (select from closed) as first,
    exists (select from canary_test_results where test_id = $1) as known`,
};

/** Stores a close unless one is stored. Throws `UnknownRecordError` where there is no verdict. */
export async function closeResult(
  postgres: Postgres,
  testId: TestId,
  closing: Closing,
  tallies: readonly Tally[],
): Promise<void> {
  const { latencies } = closing;
  const [row] = await postgres.query<{ first: boolean; known: boolean }>(CLOSE, [
    testId,
    timeOf(closing.closedAtMs),
    closing.degraded,
    storableJson(closing.absent),
    storableJson(closing.absentEvents),
    storableJson(closing.unobserved),
    storableJson(closing.stamps),
    latencies.totalMs,
    latencies.committedMs,
    latencies.observerShareMs,
    findingParameter(testId, closing.findings),
    tallyParameter(tallies),
    [...closing.unaskedFrames],
  ]);
  if (row?.known !== true) throw new UnknownRecordError('result', testId);
}
