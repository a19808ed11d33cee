// One audit stored: certificates, books, digests, transfers, findings and counters, all or nothing.
import { canonicalText } from '../domain/supply-certificate.js';
import { talliesOfAudit } from '../domain/tally.js';
import type { AuditChange } from '../ports.js';
import { bigJson } from './big-json.js';
import type { Query } from './postgres-connection.js';
import { timeOf } from './postgres-rows.js';
import { addTallies, talliesFrom, tallyParameter } from './postgres-tallies.js';
import { storableJson, storableText } from './storable-text.js';

/** Rows that one statement carries. */
const ROWS_MAX = 10_000;

const LOCK = {
  name: 'canary-audit-lock',
  text: `select pg_advisory_xact_lock(hashtext('supply-audit'))`,
};

const NEWEST = {
  name: 'canary-audit-newest',
  text: 'select coalesce(max(number), 0) as number from supply_certificates',
};

/** Within a transaction. The lock is waited for; who comes second finds a newer number. */
export async function commitAudit(query: Query, change: AuditChange): Promise<'stored' | 'stale'> {
  await query(LOCK);
  const [newest] = await query<{ number: string }>(NEWEST);
  if (Number(newest?.number) !== change.expected) return 'stale';
  await insertCertificates(query, change);
  await upsertBooks(query, change);
  await insertDigests(query, change);
  await upsertTransfers(query, change);
  await insertFindings(query, change);
  await closeFindings(query, change);
  await recordMissed(query, change);
  await query(COUNT, [tallyParameter(talliesOfAudit(change))]);
  return 'stored';
}

const CERTIFICATES = {
  name: 'canary-audit-insert-certificates',
  text: `insert into supply_certificates
      (number, audit_id, slot_at, decided_at, outcome, document, hash)
    select number, audit_id, slot_at, decided_at, outcome, document, hash
    from jsonb_to_recordset($1::jsonb) as c(number bigint, audit_id text, slot_at timestamptz,
      decided_at timestamptz, outcome text, document text, hash text)`,
};

async function insertCertificates(query: Query, change: AuditChange): Promise<void> {
  const rows = change.certificates.map(({ document, hash }) => ({
    number: document.number,
    audit_id: document.auditId,
    slot_at: document.decides === undefined ? timeOf(change.slotMs) : undefined,
    decided_at: timeOf(document.decidedAtMs),
    outcome: document.outcome,
    document: canonicalText(document),
    hash,
  }));
  await query(CERTIFICATES, [JSON.stringify(rows)]);
}

const BOOKS = {
  name: 'canary-audit-upsert-books',
  text: `insert into supply_books (frame, number, book)
    select * from unnest($1::text[], $2::bigint[], $3::text[])
    on conflict (frame) do update set number = excluded.number, book = excluded.book`,
};

async function upsertBooks(query: Query, { books, certificates }: AuditChange): Promise<void> {
  const number = certificates.at(-1)?.document.number;
  await query(BOOKS, [
    books.map(({ frame }) => frame),
    books.map(() => number),
    books.map((book) => storableText(bigJson(book))),
  ]);
}

const DIGESTS = {
  name: 'canary-audit-insert-digests',
  text: `insert into supply_digests (frame, position, digest)
    select * from unnest($1::text[], $2::bigint[], $3::text[]) on conflict do nothing`,
};

async function insertDigests(query: Query, { digests }: AuditChange): Promise<void> {
  for (const rows of inPieces(digests)) {
    await query(DIGESTS, [
      rows.map(({ frame }) => frame),
      rows.map(({ position }) => position),
      rows.map(({ digest }) => digest),
    ]);
  }
}

const TRANSFERS = {
  name: 'canary-audit-upsert-transfers',
  text: `insert into supply_transfers (transfer_id, open, traces)
    select * from unnest($1::text[], $2::boolean[], $3::text[])
    on conflict (transfer_id) do update set open = excluded.open, traces = excluded.traces`,
};

async function upsertTransfers(query: Query, { records }: AuditChange): Promise<void> {
  for (const rows of inPieces(records)) {
    await query(TRANSFERS, [
      rows.map(({ transferId }) => transferId),
      rows.map(({ open }) => open),
      rows.map(({ traces }) => storableText(bigJson(traces))),
    ]);
  }
}

const FINDINGS = {
  name: 'canary-audit-insert-findings',
  text: `insert into supply_findings (id, frame, class, found_by, found_at, finding)
    select id, frame, class, found_by, found_at, finding
    from jsonb_to_recordset($1::jsonb) as f(id text, frame text, class text, found_by bigint,
      found_at timestamptz, finding text)`,
};

async function insertFindings(query: Query, { found }: AuditChange): Promise<void> {
  if (found.length === 0) return;
  const rows = found.map(
    ({ acknowledged: _who, closedBy: _closed, foundAtMs, foundBy, id, ...finding }) => ({
      id,
      frame: finding.frame,
      class: finding.class,
      found_by: foundBy,
      found_at: timeOf(foundAtMs),
      finding: storableJson(finding),
    }),
  );
  await query(FINDINGS, [storableJson(rows)]);
}

const CLOSE = {
  name: 'canary-audit-close-findings',
  text: `update supply_findings set closed_by = c.closed_by
    from unnest($1::text[], $2::bigint[]) as c(id, closed_by)
    where supply_findings.id = c.id and supply_findings.closed_by is null`,
};

async function closeFindings(query: Query, { closed }: AuditChange): Promise<void> {
  if (closed.length === 0) return;
  await query(CLOSE, [closed.map(({ id }) => id), closed.map(({ by }) => by)]);
}

const MISSED = {
  name: 'canary-audit-missed',
  text: `insert into supply_missed_audits (slot_at)
    select * from unnest($1::timestamptz[]) on conflict do nothing`,
};

async function recordMissed(query: Query, { missedSlotsMs }: AuditChange): Promise<void> {
  if (missedSlotsMs.length === 0) return;
  await query(MISSED, [missedSlotsMs.map(timeOf)]);
}

const COUNT = { name: 'canary-audit-count', text: addTallies(talliesFrom('$1')) };

function inPieces<T>(rows: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(rows.length / ROWS_MAX);
  return Array.from({ length: count }, (_, index) =>
    rows.slice(index * ROWS_MAX, (index + 1) * ROWS_MAX),
  );
}
