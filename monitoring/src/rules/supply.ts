// Alerts on the supply: the ones that mean "stop everything and look now".
import type { MonitoringConfig } from '../config.js';
import { duration } from '../duration.js';
import { JOBS } from '../names.js';
import { type Alert, type AlertGroup, windowOf } from './alert.js';

export function supplyAlerts(config: MonitoringConfig): AlertGroup {
  return {
    name: 'supply',
    alerts: [...ledgerAlerts(config), ...auditAlerts(config), ...transitAlerts(config)],
  };
}

/** The home frame's; the others have theirs by name (`frames.ts`). */
function ledgerAlerts({ topology, limits }: MonitoringConfig): readonly Alert[] {
  const home = topology.frames[0]?.id ?? '';
  const store = `{job="${JOBS.eventStore}",frame="${home}"}`;
  return [
    {
      alert: 'SupplyLedgerStale',
      severity: 'critical',
      component: 'supply',
      expr: `eventstore_ledger_freshness_seconds${store} > ${limits.ledgerStaleSeconds}`,
      forSeconds: 300,
      summary: 'The EventStore stores nothing new: the supply audit may be unreliable',
      description:
        'Frame {{ $labels.frame }}: the newest event was stored ' +
        '{{ $value | humanizeDuration }} ago. Canaries make one every few seconds.',
      dashboard: { name: 'eventStore', variables: ['frame'] },
      runbook: {
        means:
          'No event has reached the EventStore for longer than any quiet hour explains. Money ' +
          'may ' +
          'still move, but nothing that is derived from events can be trusted.',
        look:
          'Is the TEG up and making transfers (`teg_transfers_total`)? Does the broker take ' +
          'records ' +
          '(`protocol_kafka_log_end_offset`), does the consumer fall behind ' +
          '(`protocol_kafka_consumer_lag_events`)? What does the EventStore log?',
        mend:
          'Restart what is stuck between TEG and EventStore; events wait in the outbox, none is ' +
          'lost. Afterwards `canary audit --full` must hold.',
      },
    },
    {
      alert: 'EventStoreStaleLedger',
      severity: 'critical',
      component: 'supply',
      expr: `eventstore_ledger_age_seconds${store} > ${limits.ledgerAgeSeconds}`,
      forSeconds: 300,
      summary: 'What the EventStore stores was committed long ago: it lags behind its ledger',
      description:
        'Frame {{ $labels.frame }}: the newest event in the store was committed ' +
        '{{ $value | humanizeDuration }} ago.',
      dashboard: { name: 'eventStore', variables: ['frame'] },
      runbook: {
        means:
          'The age counts from the commit at the origin, the freshness from the arrival in the ' +
          'store: with a fresh store and an old ledger, a backlog is being worked off; with both ' +
          'old, nothing arrives at all (SupplyLedgerStale).',
        look:
          'Compare `eventstore_ledger_age_seconds` and `eventstore_ledger_freshness_seconds`, ' +
          'then ' +
          'the rate of `eventstore_events_ingested_total` with the outbox of the TEG.',
        mend:
          'A backlog that shrinks needs patience only; one that grows needs whatever slows the ' +
          'ingest: database, broker or processor.',
      },
    },
  ];
}

const AUDITS_AFTER = 'The page is `/ui#/admin/auditor`; the command is `npm run canary -- audit`.';

function auditAlerts({ limits }: MonitoringConfig): readonly Alert[] {
  return [
    {
      alert: 'SupplyInvariantViolated',
      severity: 'critical',
      component: 'supply',
      expr: 'max by (frame) (supply_audit_outcome{outcome="violated"}) == 1',
      forSeconds: 0,
      summary: 'Tokens were made, lost or moved outside the log: stop and investigate now',
      description:
        'The supply audit of {{ $labels.frame }} is violated. The certificate names delta, ' +
        'interval, account buckets and, where there is one, the transfer.',
      dashboard: { name: 'auditor' },
      runbook: {
        means:
          'Ledger and events were held against each other at one consistent cut and differ. ' +
          'There ' +
          'is no tolerance and no noise in this: one unit is a finding.',
        look:
          `\`npm run canary -- audit --json\` for class, delta, frame and interval. ` +
          `${AUDITS_AFTER} ` +
          '`canary audit --full` recomputes from the first event, `canary audit verify` ' +
          'checks that ' +
          'no certificate was altered.',
        mend:
          'Stop transfers of the frame until the cause is known. Correct the ledger with a ' +
          'posting ' +
          'that has its event, never by hand. Then `canary audit acknowledge --reason`: the ' +
          'finding ' +
          'stays recorded, and the next audits report only what is new.',
      },
    },
    {
      alert: 'SupplyAuditInconclusive',
      severity: 'warning',
      component: 'supply',
      expr: `max by (frame) (supply_audit_last_conclusive_age_seconds) > ${limits.auditAgeSeconds}`,
      forSeconds: 120,
      summary: 'The supply was not audited to a conclusion for some time',
      description:
        '{{ $labels.frame }} was last held against its events ' +
        `{{ $value | humanizeDuration }} ago; an audit is due every minute and ` +
        `${duration(limits.auditAgeSeconds)} are allowed.`,
      dashboard: { name: 'auditor' },
      runbook: {
        means:
          'Nothing is known to be wrong, and nothing to be right: audits do not run, or end as ' +
          '`unknown` because a cut was not reached.',
        look:
          '`npm run canary -- audit history`: the newest certificates say which cut could not be ' +
          'reached and why. Without new ones: the schedule `supply-audit` and the workers of the ' +
          'task queue `audit`.',
        mend: 'Bring back what the certificate names; the cuts that waited are decided then.',
      },
    },
  ];
}

function transitAlerts(config: MonitoringConfig): readonly Alert[] {
  const missed = windowOf(config, 600);
  return [
    {
      alert: 'SupplyAuditMissed',
      severity: 'warning',
      component: 'supply',
      expr: `increase(supply_audit_missed_total[${missed}]) > 0.5`,
      forSeconds: 0,
      summary: 'A scheduled supply audit did not run',
      description: '{{ printf "%.0f" $value }} scheduled audits did not run lately.',
      dashboard: { name: 'auditor' },
      runbook: {
        means: 'The schedule had a slot for which no audit was started.',
        look: 'The schedule `supply-audit` in the Temporal UI, its recent actions and its pauses.',
        mend: 'Nothing is lost: the next audit covers the interval. Mend what stopped the slots.',
      },
    },
    {
      alert: 'SupplyTransfersOverdue',
      severity: 'warning',
      component: 'supply',
      expr: 'max(supply_audit_overdue_transfers) > 0',
      forSeconds: 0,
      summary: 'Transfers are in transit for longer than their backend allows',
      description:
        '{{ $value }} transfers were sent and neither settled nor refunded in time. No token is ' +
        'lost while it is in transit.',
      dashboard: { name: 'auditor' },
      runbook: {
        means: 'Somebody’s money has left one account and arrived in none.',
        look: '`npm run canary -- audit --json` lists the transfer ids and their age.',
        mend:
          'Find out why the receiver’s TEG has not credited and the sweeper not refunded: the ' +
          'saga ' +
          'sweeper, the 2pc coordinator’s log, the way between the frames.',
      },
    },
  ];
}
