// Cases of the alerts on the supply.
import type { AlertCase } from './alert-case.js';

export const SUPPLY_CASES: readonly AlertCase[] = [
  {
    alert: 'SupplyLedgerStale',
    what: 'nothing was stored for half an hour and five minutes more',
    series: [
      {
        select: 'eventstore_ledger_freshness_seconds{job="event-store",frame="A"}',
        values: '1780+15x60',
      },
    ],
    silentAt: '5m15s',
    firesAt: '6m30s',
    says: 'Frame A: the newest event was stored 36m 10s ago. Canaries make one every few seconds.',
  },
  {
    alert: 'EventStoreStaleLedger',
    what: 'the store is fresh, and what arrives in it is old',
    series: [
      { select: 'eventstore_ledger_age_seconds{job="event-store",frame="A"}', values: '890+15x60' },
      {
        select: 'eventstore_ledger_freshness_seconds{job="event-store",frame="A"}',
        values: '1x60',
      },
    ],
    silentAt: '5m',
    firesAt: '5m15s',
    says: 'Frame A: the newest event in the store was committed 20m 5s ago.',
  },
  {
    alert: 'SupplyInvariantViolated',
    what: 'the audit of one frame is violated',
    series: [
      { select: 'supply_audit_outcome{frame="A",outcome="violated"}', values: '0x8 1x8' },
      { select: 'supply_audit_outcome{frame="A",outcome="ok"}', values: '1x8 0x8' },
    ],
    silentAt: '2m',
    firesAt: '2m15s',
    keeps: ['frame'],
    says:
      'The supply audit of A is violated. The certificate names delta, interval, account buckets ' +
      'and, where there is one, the transfer.',
  },
  {
    alert: 'SupplyAuditInconclusive',
    what: 'audits of one frame end without a conclusion',
    series: [{ select: 'supply_audit_last_conclusive_age_seconds{frame="B"}', values: '10+15x60' }],
    silentAt: '6m45s',
    firesAt: '7m',
    keeps: ['frame'],
    says:
      'B was last held against its events 7m 10s ago; an audit is due every minute and 5m are ' +
      'allowed.',
  },
  {
    alert: 'SupplyAuditMissed',
    what: 'two audits did not run',
    series: [{ select: 'supply_audit_missed_total', values: '3x44 5x8' }],
    silentAt: '11m',
    firesAt: '11m30s',
    says: '2 scheduled audits did not run lately.',
  },
  {
    alert: 'SupplyTransfersOverdue',
    what: 'a transfer stays in transit',
    series: [{ select: 'supply_audit_overdue_transfers', values: '0x4 1x4' }],
    silentAt: '1m',
    firesAt: '1m15s',
    keeps: [],
    says:
      '1 transfers were sent and neither settled nor refunded in time. No token is lost while it ' +
      'is in transit.',
  },
];
