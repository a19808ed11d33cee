// Cases of the alerts on services, federation and additional frames.
import type { AlertCase, CaseSeries } from './alert-case.js';

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

const ON_TEG = 'job="teg",frame="A"';
const REQUEST = `${ON_TEG},method="POST",route="/teg/transfer"`;

/** A hundred requests in each interval; from the tenth on so many of them end with 5xx. */
function failing(frame: string, job: string, failed: number): readonly CaseSeries[] {
  const of = `job="${job}",frame="${frame}"`;
  return [
    { select: `http_requests_total{${of},status="503"}`, values: `0x9 0+${failed}x60` },
    { select: `http_requests_total{${of},status="200"}`, values: '0+100x70' },
  ];
}

const QUALITY_CASES: readonly AlertCase[] = [
  {
    alert: 'HighErrorRate',
    what: 'one answer of eleven is 503',
    series: failing('A', 'teg', 10),
    silentAt: '2m30s',
    firesAt: '9m',
    keeps: ['job', 'frame'],
    says: 'teg of frame A answered 9.091% of its requests with 5xx over 5m; 5 % are allowed.',
  },
  {
    alert: 'FrameBHighErrorRate',
    what: 'one answer of eleven is 503',
    series: failing('B', 'teg', 10),
    silentAt: '2m30s',
    firesAt: '9m',
    keeps: ['frame'],
    says: '9.091% of all requests were answered with 5xx.',
  },
  {
    alert: 'HighLatencyP95',
    what: 'every request takes between 2.5 and 5 seconds',
    series: [
      { select: `http_request_duration_seconds_bucket{${REQUEST},le="2.5"}`, values: '0x60' },
      { select: `http_request_duration_seconds_bucket{${REQUEST},le="5"}`, values: '0+10x60' },
      { select: `http_request_duration_seconds_bucket{${REQUEST},le="+Inf"}`, values: '0+10x60' },
    ],
    silentAt: '5m',
    firesAt: '5m30s',
    keeps: ['job', 'frame', 'route'],
    says: 'p95 of /teg/transfer on teg of frame A is 4.875s.',
  },
  {
    alert: 'FederationDrift',
    what: 'the newest event received lies two minutes behind',
    series: [
      { select: 'protocol_federation_drift_seconds{frame="A",peer="B"}', values: '1x4 120x40' },
    ],
    silentAt: '6m',
    firesAt: '6m15s',
    says: 'What B has of A is 2m 0s behind what A emitted.',
  },
  {
    alert: 'CanaryTrafficUnexplained',
    what: 'three transfers with our memo are not ours',
    series: [{ select: 'protocol_canary_unexplained_transfers{frame="A"}', values: '0x4 3x40' }],
    silentAt: '6m',
    firesAt: '6m15s',
    says: 'Frame A: 3 transfers of the recent log are neither of users nor of our own tests.',
  },
];

export const SERVICE_CASES: readonly AlertCase[] = [
  ...QUALITY_CASES,
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
    says: 'A registry of frame B at {instance} does not answer scrapes.',
  },
  {
    ...down('FrameBEventStoreDown', 'up{job="event-store",frame="B"}', '3m15s', '3m'),
    says: 'The EventStore of frame B at {instance} does not answer scrapes.',
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
    silentAt: '5m15s',
    firesAt: '6m30s',
    says: 'The newest event was stored 36m 10s ago.',
  },
];
