// The certificate: the stored result of one supply audit, as plain JSON, so that its text can be
// hashed and anybody can recompute it. Each holds the hash of the one before.
import type { BaseUnits } from './amount.js';
import type { Backend } from './backend.js';
import type { FrameId } from './frame.js';
import type { Grade } from './supply-comparison.js';
import type { SupplyFinding } from './supply-finding.js';
import { circulatingOf, type FoldTotals } from './supply-fold.js';
import type { LoneVoice } from './supply-voices.js';

export type AuditOutcome = 'ok' | 'violated' | 'unknown';

export const AUDIT_OUTCOMES: readonly AuditOutcome[] = ['ok', 'violated', 'unknown'];

/** Amounts are base units as text. */
export interface Figures {
  readonly issued: BaseUnits;
  readonly destroyed: BaseUnits;
  readonly transitNet: BaseUnits;
  /** By the events. */
  readonly circulating: BaseUnits;
}

/** What was decided of one frame at one position. */
export interface FrameDecision {
  readonly position: number;
  readonly grade: Grade;
  readonly producer: string;
  /** The TEG's clock at the cut, epoch milliseconds. */
  readonly clockMs: number;
  readonly events: Figures;
  /** Circulating by the ledger. */
  readonly ledgerCirculating: BaseUnits;
  /** Circulating by the ledger, less issued − destroyed + transit_net by the events. */
  readonly delta: BaseUnits;
  readonly bucketDigest: string;
  /** Positions up to here whose events never came and are not in the figures. */
  readonly lost: readonly number[];
}

export interface FrameCertificate {
  readonly frame: FrameId;
  readonly outcome: AuditOutcome;
  /** Why nothing is known; empty otherwise. */
  readonly reason: string;
  /** Absent where the cut was not reached. */
  readonly decision?: FrameDecision;
  /** How far the log was read. */
  readonly sequence: number;
  readonly loneVoice?: LoneVoice;
  /** From the cut to its last event read, milliseconds. */
  readonly cutWaitMs?: number;
}

export interface OverdueTransfer {
  readonly transferId: string;
  readonly backend: Backend;
  readonly senderFrame: FrameId;
  readonly receiverFrame: FrameId;
  readonly amount: BaseUnits;
  readonly ageMs: number;
}

export interface MatchingCertificate {
  readonly outcome: AuditOutcome;
  readonly reason: string;
  readonly first: Readonly<Record<FrameId, number>>;
  readonly second: Readonly<Record<FrameId, number>>;
  /** Sent and neither settled nor refunded, by what this audit saw. */
  readonly open: number;
  readonly overdue: readonly OverdueTransfer[];
  /** Of the table of open transfers. */
  readonly transitDigest: string;
}

export interface CertifiedFinding extends SupplyFinding {
  readonly id: string;
}

export interface CertificateDocument {
  readonly number: number;
  readonly auditId: string;
  /** The audit whose cut is decided here, later than it was taken. */
  readonly decides?: string;
  readonly startedAtMs: number;
  readonly decidedAtMs: number;
  readonly outcome: AuditOutcome;
  readonly frames: readonly FrameCertificate[];
  /** Over all frames; absent where not every frame was decided. */
  readonly total?: Figures & { readonly ledgerCirculating: BaseUnits; readonly delta: BaseUnits };
  /** Absent where only a late cut is decided. */
  readonly matching?: MatchingCertificate;
  /** What is new. */
  readonly findings: readonly CertifiedFinding[];
  /** Found before, standing, explained by nobody. */
  readonly standing: readonly string[];
  readonly acknowledged: readonly string[];
  /** Found before and gone now. */
  readonly closed: readonly string[];
  readonly previousHash: string;
}

export interface Certificate {
  readonly document: CertificateDocument;
  /** sha256 of the document's canonical text, lower-case hex. */
  readonly hash: string;
}

/** What the first certificate builds on. */
export const NO_CERTIFICATE = { number: 0, hash: '0'.repeat(64) };

export type HashOf = (text: string) => string;

/** JSON with keys sorted at every level and no white space; what is undefined is left out. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member)}`);
  return `{${members.join(',')}}`;
}

export function sealed(document: CertificateDocument, hashOf: HashOf): Certificate {
  return { document, hash: hashOf(canonicalText(document)) };
}

export function figuresOf(totals: FoldTotals): Figures {
  return {
    issued: String(totals.issued),
    destroyed: String(totals.destroyed),
    transitNet: String(totals.transitNet),
    circulating: String(circulatingOf(totals)),
  };
}

/** The digest of what the events say of every bucket. */
export function bucketDigest(totals: FoldTotals, hashOf: HashOf): string {
  const lines = totals.buckets.map(({ sum, weightedSum }) => `${sum} ${weightedSum}`);
  return hashOf(lines.join('\n'));
}

/** `ok`, or what is wrong, in one line. */
export function headline({
  outcome,
  frames,
  matching,
  findings,
  standing,
  acknowledged,
}: CertificateDocument): string {
  const overdue = matching?.overdue.length ?? 0;
  const reasons = [...frames, ...(matching === undefined ? [] : [matching])].flatMap((part) =>
    part.reason === '' ? [] : ['frame' in part ? `${part.frame}: ${part.reason}` : part.reason],
  );
  const parts = [
    ...(findings.length > 0
      ? [`${findings.length} new: ${findings.map((one) => one.kind).join(', ')}`]
      : []),
    ...(standing.length > 0 ? [`${standing.length} standing`] : []),
    ...(acknowledged.length > 0 ? [`${acknowledged.length} acknowledged`] : []),
    ...(overdue > 0 ? [`${overdue} overdue`] : []),
    ...new Set(reasons),
  ];
  return parts.length === 0 ? outcome : `${outcome} (${parts.join('; ')})`;
}
