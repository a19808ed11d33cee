// An audit in a few lines, as the Temporal UI shows its result.
import { type Certificate, headline } from '../domain/supply-certificate.js';

export interface AuditSummary {
  readonly auditId: string;
  readonly certificate: number;
  readonly outcome: string;
  readonly headline: string;
  /** `A: ok at position 1041`. */
  readonly frames: readonly string[];
  readonly findings: readonly string[];
  readonly hash: string;
}

const FINDINGS_SHOWN_MAX = 20;

export function summaryOf({ document, hash }: Certificate): AuditSummary {
  const findings = document.findings.map(
    ({ class: defect, frame, id, kind, subject }) =>
      `${id} ${frame} ${kind} (${defect}) ${subject}`,
  );
  const more = findings.length - FINDINGS_SHOWN_MAX;
  return {
    auditId: document.auditId,
    certificate: document.number,
    outcome: document.outcome,
    headline: headline(document),
    frames: document.frames.map(({ decision, frame, outcome, reason }) =>
      decision === undefined
        ? `${frame}: ${outcome}: ${reason}`
        : `${frame}: ${outcome} at position ${decision.position}, delta ${decision.delta}`,
    ),
    findings: [
      ...findings.slice(0, FINDINGS_SHOWN_MAX),
      ...(more > 0 ? [`and ${more} more in the certificate`] : []),
    ],
    hash,
  };
}
