// Alerts on the platform's services: whether they answer, how fast, and with what.
import type { MonitoringConfig } from '../config.js';
import { duration } from '../duration.js';
import { JOBS, TIERS } from '../names.js';
import type { Alert, AlertGroup } from './alert.js';
import { percent } from './alert.js';

const WINDOW_SECONDS = 300;

export function serviceAlerts(config: MonitoringConfig): AlertGroup {
  return {
    name: 'services',
    alerts: [serviceDown(), ...qualityAlerts(config), ...federationAlerts(config)],
  };
}

function serviceDown(): Alert {
  return {
    alert: 'ServiceDown',
    severity: 'critical',
    component: 'service',
    expr: `up{tier="${TIERS.application}"} == 0`,
    forSeconds: 120,
    summary: 'A service of the platform does not answer',
    description:
      '{{ $labels.job }} of frame {{ $labels.frame }} at {{ $labels.instance }} has not answered ' +
      'its scrapes.',
    dashboard: { name: 'services', variables: ['frame'] },
    runbook: {
      means: 'A registry, a TEG or an EventStore is away, or cannot be reached from Prometheus.',
      look: 'Its `/healthz`, its process, its newest log lines; the host it runs on.',
      mend:
        'Restart it. Alerts that follow from it are silenced until it is back: look through them ' +
        'once it is.',
    },
  };
}

function qualityAlerts({ limits }: MonitoringConfig): readonly Alert[] {
  return [
    {
      alert: 'HighErrorRate',
      severity: 'warning',
      component: 'service',
      expr: `job_frame:http_requests:error_ratio_rate5m > ${limits.errorRatio}`,
      forSeconds: 0,
      summary: 'A service answers too many requests with 5xx',
      description:
        '{{ $labels.job }} of frame {{ $labels.frame }} answered ' +
        '{{ $value | humanizePercentage }} ' +
        `of its requests with 5xx over ${duration(WINDOW_SECONDS)}; ` +
        `${percent(limits.errorRatio)} ` +
        'are allowed.',
      dashboard: { name: 'services', variables: ['frame'] },
      runbook: {
        means: 'The service is up and fails part of what it is asked.',
        look:
          '`sum by (route, status) (rate(http_requests_total{status=~"5.."}[5m]))` names the ' +
          'route; ' +
          'its log names the cause. The database behind it is the first suspect.',
        mend: 'Mend the cause. Transfers in doubt are settled by their idempotency keys.',
      },
    },
    {
      alert: 'HighLatencyP95',
      severity: 'warning',
      component: 'service',
      expr:
        'job_frame_route:http_request_duration_seconds:p95_rate5m' +
        ` > ${limits.latencyP95Seconds}`,
      forSeconds: WINDOW_SECONDS,
      summary: 'A route answers slowly',
      description:
        'p95 of {{ $labels.route }} on {{ $labels.job }} of frame {{ $labels.frame }} is ' +
        '{{ $value | humanizeDuration }}.',
      dashboard: { name: 'services', variables: ['frame'] },
      runbook: {
        means: 'One request in twenty of this route takes longer than an operator would wait.',
        look:
          'Is it one route or all of them, one service or all of a frame? Then locks, slow ' +
          'queries ' +
          'and connections on the PostgreSQL dashboard, then the host.',
        mend: 'Take load away or give what is saturated more room.',
      },
    },
  ];
}

function federationAlerts({ limits }: MonitoringConfig): readonly Alert[] {
  return [
    {
      alert: 'FederationPeerDown',
      severity: 'warning',
      component: 'federation',
      expr: `up{job="${JOBS.peerRegistry}"} == 0`,
      forSeconds: 300,
      summary: 'A federation peer does not answer: cross-frame sync is compromised',
      description:
        'Registry {{ $labels.registry }} of frame {{ $labels.frame }} has not answered its ' +
        'scrapes.',
      dashboard: { name: 'services', variables: ['frame'] },
      runbook: {
        means: 'The registry of another frame is away. Its own operator may not know it yet.',
        look:
          '`protocol_federation_peer_status` says how the other registries see it, ' +
          '`protocol_federation_drift_seconds` whether events still cross.',
        mend: 'Call the operator of the frame; what could not be sent is sent when it is back.',
      },
    },
    {
      alert: 'FederationDrift',
      severity: 'warning',
      component: 'federation',
      expr: `protocol_federation_drift_seconds > ${limits.federationDriftSeconds}`,
      forSeconds: 300,
      summary: 'Broadcast events of one frame do not reach the other',
      description:
        'What {{ $labels.peer }} has of {{ $labels.frame }} is ' +
        '{{ $value | humanizeDuration }} behind what {{ $labels.frame }} emitted.',
      dashboard: { name: 'eventStore', variables: ['frame'] },
      runbook: {
        means: 'The broadcast between two EventStores is cut or slow; credits travel another way.',
        look: '`protocol_federation_drift_events` for both directions; the sender’s log.',
        mend: 'Restore the way between the frames; the broadcast catches up by itself.',
      },
    },
    {
      alert: 'CanaryTrafficUnexplained',
      severity: 'warning',
      component: 'federation',
      expr: 'protocol_canary_unexplained_transfers != 0',
      forSeconds: 300,
      summary: 'Canary transfers are in the log that are not ours, or ours are missing',
      description:
        'Frame {{ $labels.frame }}: {{ $value }} transfers of the recent log are neither of ' +
        'users ' +
        'nor of our own tests.',
      dashboard: { name: 'economics', variables: ['frame'] },
      runbook: {
        means: 'All traffic less that of users must be exactly our own tests, and is not.',
        look: 'Events whose memo begins with `canary-` and names no registered test.',
        mend:
          'Find who pays with the canaries’ memo or accounts; revoke the agent if it is ' +
          'not you.',
      },
    },
  ];
}
