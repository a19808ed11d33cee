// Cases of the alerts on services, federation and additional frames.
import type { AlertCase } from './alert-case.js';

const UP_THEN_DOWN = '1x4 0x40';

function down(alert: string, select: string, firesAt: string, silentAt: string): AlertCase {
  return {
    alert,
    what: 'it answers, then it does not',
    series: [{ select, values: UP_THEN_DOWN }],
    silentAt,
    firesAt,
    says: '',
  };
}

/** A hundred requests in each interval, and of them so many 5xx as the rest says. */
const REQUESTS = '0+100x60';

export const SERVICE_CASES: readonly AlertCase[] = [
  {
    ...down('ServiceDown', 'up{job="teg",frame="A"}', '3m15s', '3m'),
    says: 'teg of frame A at {instance} has not answered its scrapes.',
  },
  {
    ...down('FederationPeerDown', 'up{job="peer-registry",frame="B"}', '6m15s', '6m'),
    says: 'Registry {registry} of frame B has not answered its scrapes.',
  },
  {
    ...down('FrameBRegistryDown', 'up{job="peer-registry",frame="B"}', '3m15s', '3m'),
    says: 'A registry of frame B at {instance} does not answer its scrapes.',
  },
  {
    ...down('FrameBEventStoreDown', 'up{job="event-store",frame="B"}', '3m15s', '3m'),
    says: 'The EventStore of frame B at {instance} does not answer its scrapes.',
  },
  {
    alert: 'FrameBLedgerStale',
    what: 'nothing was stored for half an hour and five minutes more',
    series: [
      {
        select: 'eventstore_ledger_freshness_seconds{job="event-store",frame="B"}',
        values: '1780+15x60',
      },
    ],
    silentAt: '6m30s',
    firesAt: '6m45s',
    says: 'The newest event was stored 36m 25s ago.',
  },
];
