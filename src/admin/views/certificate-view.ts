// A certificate as faces show it: times in UTC, amounts in AVT.
import { z } from 'zod';
import { formatAmount } from '../../domain/amount.js';
import {
  AUDIT_OUTCOMES,
  type Certificate,
  type CertificateDocument,
  type CertifiedFinding,
  headline,
} from '../../domain/supply-certificate.js';
import { timeSchema, utc } from './time.js';

export const findingSchema = z.strictObject({
  id: z.string(),
  kind: z.string(),
  class: z.string(),
  frame: z.string(),
  subject: z.string(),
  /** Positions since the last conclusive audit, the first of them excluded. */
  after: z.int().optional(),
  through: z.int().optional(),
  /** Ledger minus events, AVT. */
  delta: z.string().optional(),
  buckets: z.array(z.int()),
  transferIds: z.array(z.string()),
  evidence: z.string(),
});

export type FindingView = z.infer<typeof findingSchema>;

const frameSchema = z.strictObject({
  frame: z.string(),
  outcome: z.enum(AUDIT_OUTCOMES),
  reason: z.string(),
  grade: z.string().optional(),
  position: z.int().optional(),
  issued: z.string().optional(),
  destroyed: z.string().optional(),
  transitNet: z.string().optional(),
  circulating: z.string().optional(),
  delta: z.string().optional(),
  loneVoice: z.string().optional(),
  cutWaitMs: z.number().optional(),
});

export const certificateSchema = z.strictObject({
  number: z.int(),
  auditId: z.string(),
  decides: z.string().optional(),
  decidedAt: timeSchema,
  durationMs: z.number(),
  outcome: z.enum(AUDIT_OUTCOMES),
  headline: z.string(),
  frames: z.array(frameSchema),
  matching: z
    .strictObject({
      outcome: z.enum(AUDIT_OUTCOMES),
      reason: z.string(),
      open: z.int(),
      overdue: z.array(
        z.strictObject({
          transferId: z.string(),
          backend: z.string(),
          amount: z.string(),
          ageMs: z.number(),
        }),
      ),
    })
    .optional(),
  findings: z.array(findingSchema),
  standing: z.array(z.string()),
  acknowledged: z.array(z.string()),
  closed: z.array(z.string()),
  hash: z.string(),
  previousHash: z.string(),
});

export type CertificateView = z.infer<typeof certificateSchema>;

export function certificateView({ document, hash }: Certificate): CertificateView {
  const { matching } = document;
  return {
    number: document.number,
    auditId: document.auditId,
    decides: document.decides,
    decidedAt: utc(document.decidedAtMs),
    durationMs: document.decidedAtMs - document.startedAtMs,
    outcome: document.outcome,
    headline: headline(document),
    frames: document.frames.map(frameView),
    matching:
      matching === undefined
        ? undefined
        : {
            outcome: matching.outcome,
            reason: matching.reason,
            open: matching.open,
            overdue: matching.overdue.map(({ ageMs, amount, backend, transferId }) => ({
              transferId,
              backend,
              amount: avt(amount),
              ageMs,
            })),
          },
    findings: document.findings.map(findingView),
    standing: [...document.standing],
    acknowledged: [...document.acknowledged],
    closed: [...document.closed],
    hash,
    previousHash: document.previousHash,
  };
}

function frameView(part: CertificateDocument['frames'][number]): CertificateView['frames'][number] {
  const { cutWaitMs, decision, frame, loneVoice, outcome, reason } = part;
  return {
    frame,
    outcome,
    reason,
    ...(decision === undefined
      ? {}
      : {
          grade: decision.grade,
          position: decision.position,
          issued: avt(decision.events.issued),
          destroyed: avt(decision.events.destroyed),
          transitNet: avt(decision.events.transitNet),
          circulating: avt(decision.ledgerCirculating),
          delta: avt(decision.delta),
        }),
    ...(loneVoice === undefined ? {} : { loneVoice }),
    ...(cutWaitMs === undefined ? {} : { cutWaitMs }),
  };
}

export function findingView(finding: CertifiedFinding): FindingView {
  const { delta, interval } = finding;
  return {
    id: finding.id,
    kind: finding.kind,
    class: finding.class,
    frame: finding.frame,
    subject: finding.subject,
    ...(interval === undefined ? {} : { after: interval.after, through: interval.through }),
    ...(delta === undefined ? {} : { delta: avt(delta) }),
    buckets: [...finding.buckets],
    transferIds: [...finding.transferIds],
    evidence: finding.evidence,
  };
}

function avt(baseUnits: string): string {
  return formatAmount(BigInt(baseUnits));
}
