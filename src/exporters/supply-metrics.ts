// The metrics of the supply auditor: rows of the table in `metrics.ts`, in a file of their own.
import type { Metric } from './family.js';

const FRAME = ['frame'] as const;

export const SUPPLY_METRICS = {
  // From PostgreSQL, accumulated in the transaction that stores each audit.
  auditCertificates: row('counter', 'certificates_total', 'Stored certificates', ['outcome']),
  auditFindings: row('counter', 'findings_total', 'Findings of supply audits', ['class']),
  auditMissed: row('counter', 'missed_total', 'Scheduled audits that did not run', []),

  // The newest certificate and what stands after it.
  auditOutcome: row(
    'gauge',
    'outcome',
    'The outcome of the last audit is 1, the others 0; all 0 before the first',
    ['frame', 'outcome'],
  ),
  auditDelta: row(
    'gauge',
    'delta_avt',
    'Ledger minus events, circulating, at the last conclusive audit; 0 before the first',
    FRAME,
  ),
  auditAge: row(
    'gauge',
    'last_conclusive_age_seconds',
    'Since ledger and events were last held against each other; +Inf before the first time',
    FRAME,
  ),
  auditDuration: row('gauge', 'duration_seconds', 'How long the last audit took', []),
  auditCutWait: row(
    'gauge',
    'cut_wait_seconds',
    'How long the last audit read until the log had shown its cuts; 0 where it did not',
    FRAME,
  ),
  auditStanding: row(
    'gauge',
    'standing_findings',
    'Findings that stand, by whether an operator explained them',
    ['class', 'acknowledged'],
  ),
  auditOpen: row('gauge', 'open_transfers', 'Sent, and neither settled nor refunded', []),
  auditOverdue: row('gauge', 'overdue_transfers', 'Open for longer than the backend allows', []),
};

function row<const Label extends string>(
  type: 'counter' | 'gauge',
  name: string,
  help: string,
  labels: readonly Label[],
): Metric<Label> {
  return { name: `supply_audit_${name}`, type, help, labels };
}
