// Findings and corrections in SQL: each once by its key, and only what was new is counted.
import type { Correction, CorrectionKind } from '../domain/correction.js';
import type { Finding, FindingKind } from '../domain/finding.js';
import { talliesOfFinding, tallyOfCorrection } from '../domain/tally.js';
import type { TestId } from '../domain/test.js';
import type { News } from '../ports.js';
import type { Postgres } from './postgres-connection.js';
import { addTallies } from './postgres-tallies.js';
import { storableJson, storableText } from './storable-text.js';

/**
 * Two query parts: `name` inserts the findings of a parameter that are not there yet, and
 * `name_tallies` has the tallies of exactly those. Inserted in key order, as tallies are.
 */
export function newFindings(name: string, parameter: string, condition = 'true'): string {
  return `${name}_given as (
    select g.* from jsonb_to_recordset(${parameter}::jsonb) as g(
      test_id text, kind text, subject text, evidence text,
      tally text, labels jsonb, add numeric)
  ), ${name} as (
    insert into canary_findings (test_id, kind, subject, evidence)
    select test_id, kind, subject, evidence from ${name}_given
    where ${condition} order by test_id, kind, subject
    on conflict do nothing returning test_id, kind, subject
  ), ${name}_tallies as (
    select tally, labels, add from ${name}_given join ${name} using (test_id, kind, subject)
  )`;
}

/** Findings as a parameter, a row for each tally of each; the first of those with one key. */
export function findingParameter(testId: TestId, findings: readonly Finding[]): string {
  const first = firstOfEach(findings, (one) => `${one.kind} ${storableText(one.subject)}`);
  const rows = first.flatMap((finding) =>
    talliesOfFinding(finding).map((tally) => ({
      test_id: testId,
      kind: finding.kind,
      subject: storableText(finding.subject),
      evidence: finding.evidence,
      ...tally,
    })),
  );
  return storableJson(rows);
}

function correctionParameter(testId: TestId, corrections: readonly Correction[]): string {
  const rows = corrections.map((correction) => ({
    test_id: testId,
    kind: correction.kind,
    evidence: correction.evidence,
    ...tallyOfCorrection(correction),
  }));
  return storableJson(firstOfEach(rows, (row) => row.kind));
}

function firstOfEach<T>(rows: readonly T[], keyOf: (row: T) => string): readonly T[] {
  const keys = rows.map(keyOf);
  return rows.filter((row, index) => keys.indexOf(keyOf(row)) === index);
}

const APPEND = {
  name: 'canary-append-news',
  text: `with ${newFindings('findings', '$1')}, corrections_given as (
    select g.* from jsonb_to_recordset($2::jsonb) as g(
      test_id text, kind text, evidence text, tally text, labels jsonb, add numeric)
  ), corrections as (
    insert into canary_corrections (test_id, kind, evidence)
    select test_id, kind, evidence from corrections_given order by test_id, kind
    on conflict do nothing returning test_id, kind
  ), spoiled as (
    update canary_test_results set clean = false
    where clean and test_id in (select test_id from findings)
  )
  ${addTallies(`select tally, labels, add from findings_tallies
    union all
    select tally, labels, add from corrections_given join corrections using (test_id, kind)`)}`,
};

/** Appends what is new, with its tallies, in one statement. */
export async function appendNews(postgres: Postgres, testId: TestId, news: News): Promise<void> {
  if (news.findings.length === 0 && news.corrections.length === 0) return;
  await postgres.query(APPEND, [
    findingParameter(testId, news.findings),
    correctionParameter(testId, news.corrections),
  ]);
}

const READ_FINDINGS = {
  name: 'canary-read-findings',
  text: `select test_id as "testId", kind, subject, evidence from canary_findings
    where test_id = $1 order by recorded_at, kind, subject`,
};

const READ_CORRECTIONS = {
  name: 'canary-read-corrections',
  text: `select test_id as "testId", kind, evidence from canary_corrections
    where test_id = $1 order by recorded_at, kind`,
};

export function readFindings(postgres: Postgres, testId: TestId): Promise<readonly Finding[]> {
  return postgres.query<Finding & { readonly kind: FindingKind }>(READ_FINDINGS, [testId]);
}

export function readCorrections(
  postgres: Postgres,
  testId: TestId,
): Promise<readonly Correction[]> {
  return postgres.query<Correction & { readonly kind: CorrectionKind }>(READ_CORRECTIONS, [testId]);
}
