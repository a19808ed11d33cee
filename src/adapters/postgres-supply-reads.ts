// What the audits left in PostgreSQL, read back.
import type { FrameId } from '../domain/frame.js';
import type { FrameBook } from '../domain/supply-book.js';
import type { Certificate, CertificateDocument } from '../domain/supply-certificate.js';
import { NO_CERTIFICATE } from '../domain/supply-certificate.js';
import type { TransferRecord } from '../domain/supply-transfers.js';
import type {
  AuditOverview,
  AuditState,
  CertificateQuery,
  ConclusiveFrame,
  StoredCertificate,
} from '../ports.js';
import { parseBigJson } from './big-json.js';
import type { Query } from './postgres-connection.js';
import { readFindings } from './postgres-supply-findings.js';
import { UnreadableRecordError } from './store-unavailable-error.js';

const CERTIFICATES_MAX = 10_000;
/** More findings than this stand only where the platform is beyond reading them. */
const STANDING_MAX = 100_000;

interface CertificateRow {
  readonly number: string;
  readonly document: string;
  readonly hash: string;
}

const CERTIFICATE_OF = {
  name: 'canary-audit-certificate-of',
  text: 'select number, document, hash from supply_certificates where audit_id = $1',
};

export async function readCertificateOf(
  query: Query,
  auditId: string,
): Promise<Certificate | undefined> {
  const [row] = await query<CertificateRow>(CERTIFICATE_OF, [auditId]);
  return row === undefined ? undefined : certificateOf(row);
}

function certificateOf({ document, hash }: CertificateRow): Certificate {
  try {
    return { document: JSON.parse(document) as CertificateDocument, hash };
  } catch (cause) {
    throw new UnreadableRecordError('postgres', 'certificate', document, cause);
  }
}

const LAST = {
  name: 'canary-audit-last',
  text: 'select number, document, hash from supply_certificates order by number desc limit 1',
};

const BOOKS = { name: 'canary-audit-books', text: 'select book from supply_books order by frame' };

const LAST_SLOT = {
  name: 'canary-audit-last-slot',
  text: 'select max(slot_at) as slot from supply_certificates where slot_at is not null',
};

/** Within one snapshot. */
export async function loadState(query: Query): Promise<AuditState> {
  const [last] = await query<CertificateRow>(LAST);
  const [slot] = await query<{ slot: Date | null }>(LAST_SLOT);
  return {
    previous:
      last === undefined ? NO_CERTIFICATE : { number: Number(last.number), hash: last.hash },
    books: await readBooks(query),
    standing: await readFindings(query, { standing: true, limit: STANDING_MAX }),
    lastSlotMs: slot?.slot?.getTime(),
  };
}

async function readBooks(query: Query): Promise<readonly FrameBook[]> {
  const rows = await query<{ book: string }>(BOOKS);
  return rows.map(({ book }) => parseBigJson(book) as FrameBook);
}

const TRANSFERS = {
  name: 'canary-audit-transfers',
  text: `select transfer_id, open, traces from supply_transfers where open
    union all
    select transfer_id, open, traces from supply_transfers
    where not open and transfer_id = any($1::text[])`,
};

export async function readTransfers(
  query: Query,
  transferIds: readonly string[],
): Promise<readonly TransferRecord[]> {
  const rows = await query<{ transfer_id: string; open: boolean; traces: string }>(TRANSFERS, [
    [...transferIds],
  ]);
  return rows.map(({ open, traces, transfer_id }) => ({
    transferId: transfer_id,
    open,
    traces: parseBigJson(traces) as TransferRecord['traces'],
  }));
}

const DIGESTS = {
  name: 'canary-audit-digests',
  text: `select position, digest from supply_digests
    where frame = $1 and position = any($2::bigint[])`,
};

export async function readDigests(
  query: Query,
  frame: FrameId,
  positions: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (positions.length === 0) return new Map();
  const rows = await query<{ position: string; digest: string }>(DIGESTS, [frame, [...positions]]);
  return new Map(rows.map(({ digest, position }) => [Number(position), digest]));
}

const CERTIFICATES = {
  name: 'canary-audit-certificates',
  text: `select number, document, hash from supply_certificates
    where ($2::bigint is null or number < $2) and ($3::text is null or outcome = $3)
    order by number desc limit $1`,
};

export async function readCertificates(
  query: Query,
  { below, limit, outcome }: CertificateQuery,
): Promise<readonly StoredCertificate[]> {
  const bounded = Math.min(Math.max(limit, 0), CERTIFICATES_MAX);
  const rows = await query<CertificateRow>(CERTIFICATES, [bounded, below, outcome]);
  return rows.map(({ document, hash, number }) => ({
    number: Number(number),
    text: document,
    hash,
  }));
}

const STANDING = {
  name: 'canary-audit-standing',
  text: `select class, acknowledged_at is not null as acknowledged
    from supply_findings where closed_by is null`,
};

export async function readOverview(query: Query): Promise<AuditOverview> {
  const [last] = await query<CertificateRow>(LAST);
  const conclusive: Record<FrameId, ConclusiveFrame> = {};
  for (const book of await readBooks(query)) {
    const { atMs, difference } = book.conclusive;
    if (atMs === undefined) continue;
    conclusive[book.frame] = { atMs, deltaBaseUnits: difference.circulating };
  }
  return {
    last: last === undefined ? undefined : certificateOf(last),
    conclusive,
    standing: await query<AuditOverview['standing'][number]>(STANDING),
  };
}
