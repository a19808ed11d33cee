// The ports of the supply auditor: the platform as it is asked, and what the audits keep. Part of
// `ports.ts`, in a file of its own.
import type { FrameId } from './domain/frame.js';
import type { FrameBook } from './domain/supply-book.js';
import type { AuditOutcome, Certificate } from './domain/supply-certificate.js';
import type { DefectClass } from './domain/supply-comparison.js';
import type { Acknowledgement, StoredFinding } from './domain/supply-finding.js';
import type { WeightOf } from './domain/supply-fold.js';
import type { CutAnswer } from './domain/supply-frame-audit.js';
import type { LogEntry } from './domain/supply-log.js';
import type { TransferRecord } from './domain/supply-transfers.js';
import type { ProjectionAnswer } from './domain/supply-voices.js';

/** What the auditor asks of the platform. Nothing throws: away and nonsense are answers, too. */
export interface SupplyPlatform {
  /** A consistent cut through the ledger; where there is none, the EventStore's own figures. */
  cut(frame: FrameId): Promise<CutAnswer>;
  projection(frame: FrameId): Promise<ProjectionAnswer>;
  /** Every event after a place in the frame's log, of all types, own and foreign, in order. */
  page(frame: FrameId, after: number, limit: number): Promise<LogPageAnswer>;
  readonly weightOf: WeightOf;
}

export type LogPageAnswer =
  | {
      readonly kind: 'page';
      readonly entries: readonly LogEntry[];
      /** Everything up to here is on the pages so far. */
      readonly through: number;
      readonly head: number;
    }
  | { readonly kind: 'away'; readonly reason: string }
  | { readonly kind: 'unusable'; readonly problem: string };

/** Checkpoints, certificates and findings of the audits (PostgreSQL in production). */
export interface SupplyStore {
  certificateOf(auditId: string): Promise<Certificate | undefined>;
  /** Where the last audit left off, as one snapshot. */
  load(): Promise<AuditState>;
  /** The transfers of those ids, and all that are open. */
  transfers(transferIds: readonly string[]): Promise<readonly TransferRecord[]>;
  /** The digests of what was folded under those positions; unknown positions are left out. */
  digests(frame: FrameId, positions: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /**
   * Stores an audit as a whole or not at all. `stale`: another audit was stored since the load, and
   * nothing is changed.
   */
  commit(change: AuditChange): Promise<'stored' | 'stale'>;
  /** Certificates below a number, the newest first. */
  certificates(query: CertificateQuery): Promise<readonly StoredCertificate[]>;
  /** The newest findings first. */
  findings(query: {
    readonly standing: boolean;
    readonly limit: number;
  }): Promise<readonly StoredFinding[]>;
  /** Answers the ids that are acknowledged now and were not before. */
  acknowledge(ids: readonly string[], by: Acknowledgement): Promise<readonly string[]>;
  overview(): Promise<AuditOverview>;
}

export interface AuditState {
  readonly previous: { readonly number: number; readonly hash: string };
  readonly books: readonly FrameBook[];
  readonly standing: readonly StoredFinding[];
  /** The newest slot that was audited. */
  readonly lastSlotMs: number | undefined;
}

export interface AuditChange {
  /** The number that `load` answered. */
  readonly expected: number;
  readonly slotMs: number | undefined;
  readonly missedSlotsMs: readonly number[];
  readonly certificates: readonly Certificate[];
  readonly books: readonly FrameBook[];
  readonly digests: readonly PositionDigest[];
  readonly records: readonly TransferRecord[];
  readonly found: readonly StoredFinding[];
  readonly closed: readonly { readonly id: string; readonly by: number }[];
}

export interface PositionDigest {
  readonly frame: FrameId;
  readonly position: number;
  readonly digest: string;
}

export interface CertificateQuery {
  readonly limit: number;
  readonly below?: number;
  readonly outcome?: AuditOutcome;
}

/** A certificate as it lies in the store: the text that was hashed, whatever it says now. */
export interface StoredCertificate {
  readonly number: number;
  readonly text: string;
  readonly hash: string;
}

/** What metrics show of the audits. */
export interface AuditOverview {
  readonly last: Certificate | undefined;
  /** When each frame was last held against its events, epoch milliseconds. */
  readonly conclusive: Readonly<Record<FrameId, ConclusiveFrame>>;
  readonly standing: readonly { readonly class: DefectClass; readonly acknowledged: boolean }[];
}

export interface ConclusiveFrame {
  readonly atMs: number;
  /** Ledger minus events, circulating, base units. */
  readonly deltaBaseUnits: bigint;
}
