// The alerts that every frame beside the home frame has under its own name.
import type { MonitoringConfig } from '../config.js';
import { JOBS } from '../names.js';
import type { Alert, AlertGroup } from './alert.js';

export function frameAlerts(config: MonitoringConfig): readonly AlertGroup[] {
  return config.topology.frames.slice(1).map(({ id }) => ({
    name: `frame-${id.toLowerCase()}`,
    alerts: [...downAlerts(id), ...qualityAlerts(id, config)],
  }));
}

/** `FrameBRegistryDown`: the seed's names, for any frame. */
export function frameAlertName(frame: string, what: string): string {
  return `Frame${frame}${what}`;
}

function downAlerts(frame: string): readonly Alert[] {
  const down = (what: string, job: string, title: string, follows: string): Alert => ({
    alert: frameAlertName(frame, what),
    severity: 'critical',
    component: 'service',
    expr: `up{job="${job}",frame="${frame}"} == 0`,
    forSeconds: 120,
    summary: `${title} of frame ${frame} does not answer`,
    description: `${title} of frame ${frame} at {{ $labels.instance }} does not answer scrapes.`,
    dashboard: { frame },
    runbook: {
      means: `${title} of frame ${frame} is away. ${follows}`,
      look: 'Its `/healthz`, its process, its newest log lines; the way between the frames.',
      mend: `Restart it, or call the operator of frame ${frame}.`,
    },
  });
  return [
    down(
      'RegistryDown',
      JOBS.peerRegistry,
      'A registry',
      'Its agents cannot be enrolled or revoked, and its peers lose sight of it.',
    ),
    down(
      'EventStoreDown',
      JOBS.eventStore,
      'The EventStore',
      'Validators of the frame hear nothing, and its supply audits are inconclusive.',
    ),
  ];
}

function qualityAlerts(frame: string, { limits }: MonitoringConfig): readonly Alert[] {
  return [
    {
      alert: frameAlertName(frame, 'LedgerStale'),
      severity: 'critical',
      component: 'supply',
      expr:
        `eventstore_ledger_freshness_seconds{job="${JOBS.eventStore}",frame="${frame}"}` +
        ` > ${limits.ledgerStaleSeconds}`,
      forSeconds: 300,
      summary: `The EventStore of frame ${frame} stores nothing new`,
      description: 'The newest event was stored {{ $value | humanizeDuration }} ago.',
      dashboard: { frame },
      runbook: {
        means: `What SupplyLedgerStale means for the home frame, for frame ${frame}.`,
        look: 'As for SupplyLedgerStale, and whether only the way between the frames is cut.',
        mend: 'As for SupplyLedgerStale.',
      },
    },
    {
      alert: frameAlertName(frame, 'HighErrorRate'),
      severity: 'warning',
      component: 'service',
      expr: `frame:http_requests:error_ratio_rate5m{frame="${frame}"} > ${limits.errorRatio}`,
      forSeconds: 0,
      summary: `The services of frame ${frame} answer too many requests with 5xx`,
      description: '{{ $value | humanizePercentage }} of all requests were answered with 5xx.',
      dashboard: { frame },
      runbook: {
        means: 'All services of the frame together fail part of what they are asked.',
        look: 'Which service: HighErrorRate names it where one alone is beyond the limit.',
        mend: 'As for HighErrorRate.',
      },
    },
  ];
}
