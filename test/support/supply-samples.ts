// Audits as cases of the store need them: whole changes with books, findings and transfers.

import { sha256Hex } from '../../src/adapters/sha256.js';
import { newBook } from '../../src/domain/supply-book.js';
import {
  type AuditOutcome,
  type Certificate,
  type CertificateDocument,
  sealed,
} from '../../src/domain/supply-certificate.js';
import { plainFinding, type StoredFinding } from '../../src/domain/supply-finding.js';
import type { TransferRecord } from '../../src/domain/supply-transfers.js';
import type { AuditChange, AuditState, SupplyPlatform } from '../../src/ports.js';

export const DECIDED_AT_MS = Date.UTC(2026, 10, 23, 18, 30);

/** The next certificate after what the store holds. */
export function nextCertificate(
  { previous }: Pick<AuditState, 'previous'>,
  auditId: string,
  outcome: AuditOutcome = 'ok',
  over: Partial<CertificateDocument> = {},
): Certificate {
  const document: CertificateDocument = {
    number: previous.number + 1,
    auditId,
    startedAtMs: DECIDED_AT_MS - 250,
    decidedAtMs: DECIDED_AT_MS,
    outcome,
    frames: [{ frame: 'A', outcome, reason: '', sequence: 7 }],
    findings: [],
    standing: [],
    acknowledged: [],
    closed: [],
    previousHash: previous.hash,
    ...over,
  };
  return sealed(document, sha256Hex);
}

/** An audit that stores a certificate and nothing else. */
export function changeOf(
  state: AuditState,
  auditId: string,
  over: Partial<AuditChange> = {},
): AuditChange {
  return {
    expected: state.previous.number,
    slotMs: undefined,
    missedSlotsMs: [],
    certificates: [nextCertificate(state, auditId)],
    books: [],
    digests: [],
    records: [],
    found: [],
    closed: [],
    ...over,
  };
}

/** A book with big numbers in every place that has some. */
export function fullBook(frame: string, position: number) {
  const book = newBook(frame, 2);
  const bucket = { sum: -(10n ** 30n), weightedSum: 2n ** 90n };
  return {
    ...book,
    producer: `teg-${frame}`,
    totals: { issued: 10n ** 25n, destroyed: 1n, transitNet: -7n, buckets: [bucket, bucket] },
    reading: {
      ...book.reading,
      position,
      ahead: [
        {
          kind: 'issued' as const,
          id: { producer: `teg-${frame}`, position: position + 2 },
          sequence: position + 9,
          eventType: 'TokensIssued',
          frame,
          sourceFrame: frame,
          committedAtMs: DECIDED_AT_MS,
          digest: 'd',
          account: 'A1:\u0000\ud800',
          amountBaseUnits: 5n,
        },
      ],
      missing: [{ position: position + 1, sinceMs: DECIDED_AT_MS }],
      lost: [3],
    },
    conclusive: { ...book.conclusive, position: position - 1, atMs: DECIDED_AT_MS },
  };
}

export function findingOf(id: string, foundBy: number): StoredFinding {
  return {
    ...plainFinding('unclassed_account', 'accounts_shifted', 'A', `account of ${id}`, 'seen'),
    interval: { after: 3, through: 9 },
    delta: '-12',
    buckets: [1, 2],
    transferIds: ['t-1'],
    id,
    foundBy,
    foundAtMs: DECIDED_AT_MS,
    closedBy: undefined,
    acknowledged: undefined,
  };
}

export function recordOf(transferId: string, open: boolean): TransferRecord {
  return {
    transferId,
    open,
    traces: [
      {
        kind: 'initiated',
        id: { producer: 'teg-a', position: 4 },
        frame: 'A',
        committedAtMs: DECIDED_AT_MS,
        transferId,
        backend: 'async',
        sender: 'A1:canary-1',
        receiver: 'B1:canary-1',
        senderFrame: 'A',
        receiverFrame: 'B',
        amountBaseUnits: 10n ** 20n,
      },
    ],
  };
}

/** A platform whose supply nobody has asked about yet. */
export function emptySupply(): SupplyPlatform {
  const away = { kind: 'away', reason: 'not part of this case' } as const;
  return {
    cut: async () => away,
    projection: async () => away,
    page: async () => away,
    weightOf: () => 0n,
  };
}
