// The audits' store in memory, for cases that need no database; the contract suite holds it to the
// same cases as PostgreSQL.
import type { FrameBook } from '../../src/domain/supply-book.js';
import {
  type Certificate,
  canonicalText,
  NO_CERTIFICATE,
} from '../../src/domain/supply-certificate.js';
import type { Acknowledgement, StoredFinding } from '../../src/domain/supply-finding.js';
import type { TransferRecord } from '../../src/domain/supply-transfers.js';
import { type Tally, talliesOfAudit } from '../../src/domain/tally.js';
import type { AuditChange, AuditOverview, SupplyStore } from '../../src/ports.js';

export interface MemorySupply extends SupplyStore {
  readonly missedSlotsMs: readonly number[];
  readonly counted: readonly Tally[];
}

interface Held {
  readonly certificates: Certificate[];
  readonly books: Map<string, FrameBook>;
  readonly digests: Map<string, string>;
  readonly records: Map<string, TransferRecord>;
  readonly open: Set<string>;
  readonly findings: Map<string, StoredFinding>;
  readonly missedSlotsMs: number[];
  readonly counted: Tally[];
  lastSlotMs: number | undefined;
}

export function createMemorySupply(): MemorySupply {
  const held: Held = {
    certificates: [],
    books: new Map(),
    digests: new Map(),
    records: new Map(),
    open: new Set(),
    findings: new Map(),
    missedSlotsMs: [],
    counted: [],
    lastSlotMs: undefined,
  };
  return {
    missedSlotsMs: held.missedSlotsMs,
    counted: held.counted,
    async commit(change) {
      if (previous(held).number !== change.expected) return 'stale';
      refuseSecond(held, change);
      write(held, change);
      return 'stored';
    },
    acknowledge: async (ids, by) => acknowledge(held, ids, by),
    ...createReads(held),
  };
}

function createReads(held: Held): Omit<SupplyStore, 'commit' | 'acknowledge'> {
  const { books, certificates, digests, findings, open, records } = held;
  return {
    certificateOf: async (auditId) =>
      certificates.find(({ document }) => document.auditId === auditId),
    load: async () => ({
      previous: previous(held),
      books: [...books.values()],
      standing: standing(held),
      lastSlotMs: held.lastSlotMs,
    }),
    transfers: async (ids) =>
      [...new Set([...open, ...ids])].flatMap((id) => records.get(id) ?? []),
    digests: async (frame, positions) =>
      new Map(
        positions.flatMap((position) => {
          const digest = digests.get(`${frame}/${position}`);
          return digest === undefined ? [] : [[position, digest] as const];
        }),
      ),
    certificates: async ({ below, limit, outcome }) =>
      certificates
        .filter(({ document }) => document.number < (below ?? Number.POSITIVE_INFINITY))
        .filter(({ document }) => outcome === undefined || document.outcome === outcome)
        .reverse()
        .slice(0, limit)
        .map(({ document, hash }) => ({
          number: document.number,
          text: canonicalText(document),
          hash,
        })),
    findings: async ({ limit, standing: only }) =>
      (only ? standing(held) : newestFirst([...findings.values()])).slice(0, limit),
    overview: async () => overview(held),
  };
}

function overview(held: Held): AuditOverview {
  const proven = [...held.books.values()].flatMap(({ conclusive, frame }) =>
    conclusive.atMs === undefined
      ? []
      : [[frame, { atMs: conclusive.atMs, deltaBaseUnits: conclusive.difference.circulating }]],
  );
  return {
    last: held.certificates.at(-1),
    conclusive: Object.fromEntries(proven),
    standing: standing(held).map((one) => ({
      class: one.class,
      acknowledged: one.acknowledged !== undefined,
    })),
  };
}

function previous({ certificates }: Held) {
  const last = certificates.at(-1);
  return last === undefined ? NO_CERTIFICATE : { number: last.document.number, hash: last.hash };
}

function standing({ findings }: Held): readonly StoredFinding[] {
  return newestFirst([...findings.values()].filter((one) => one.closedBy === undefined));
}

/** As the database's unique key does. */
function refuseSecond({ certificates }: Held, change: AuditChange): void {
  const ids = [...certificates, ...change.certificates].map(({ document }) => document.auditId);
  const second = ids.find((id, index) => ids.indexOf(id) !== index);
  if (second !== undefined) throw new Error(`duplicate key: certificate of audit ${second}`);
}

function write(held: Held, change: AuditChange): void {
  held.certificates.push(...change.certificates);
  for (const book of change.books) held.books.set(book.frame, book);
  for (const one of change.digests) {
    const key = `${one.frame}/${one.position}`;
    if (!held.digests.has(key)) held.digests.set(key, one.digest);
  }
  for (const record of change.records) {
    held.records.set(record.transferId, record);
    if (record.open) held.open.add(record.transferId);
    else held.open.delete(record.transferId);
  }
  for (const one of change.found) held.findings.set(one.id, one);
  for (const { by, id } of change.closed) {
    const one = held.findings.get(id);
    if (one !== undefined) held.findings.set(id, { ...one, closedBy: by });
  }
  held.missedSlotsMs.push(...change.missedSlotsMs);
  held.counted.push(...talliesOfAudit(change));
  if (change.slotMs !== undefined) {
    held.lastSlotMs = Math.max(held.lastSlotMs ?? 0, change.slotMs);
  }
}

function acknowledge(
  { findings }: Held,
  ids: readonly string[],
  by: Acknowledgement,
): readonly string[] {
  return ids.filter((id) => {
    const one = findings.get(id);
    if (one === undefined || one.acknowledged !== undefined) return false;
    findings.set(id, { ...one, acknowledged: by });
    return true;
  });
}

function newestFirst(findings: readonly StoredFinding[]): readonly StoredFinding[] {
  return [...findings].sort((one, other) =>
    one.foundBy === other.foundBy ? (one.id < other.id ? -1 : 1) : other.foundBy - one.foundBy,
  );
}
