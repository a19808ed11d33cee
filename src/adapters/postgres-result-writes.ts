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

const TALLIES_PLACE = VERDICT_COLUMNS.length + 1;

const RECORD = {
  name: 'canary-record-verdict',
  text: `with stored as (
    insert into canary_test_results (${VERDICT_COLUMNS.join(', ')})
    values (${VERDICT_COLUMNS.map((_, index) => `$${index + 1}`).join(', ')})
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

const CLOSE = {
  name: 'canary-close-test',
  text: `with closed as (
    update canary_test_results set
      closed_at = $2, degraded = $3, absent = $4, absent_events = $5, unobserved = $6,
      stamps = $7, closed_total_latency_ms = $8, committed_latency_ms = $9,
      observer_share_ms = $10, unasked_frames = $13
    where test_id = $1 and closed_at is null returning test_id
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
