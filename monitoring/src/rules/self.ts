// Alerts on the monitoring itself: the watchdog whose silence is the alarm, and targets that are
// not
// the platform's.
import { JOBS, TIERS } from '../names.js';
import type { AlertGroup } from './alert.js';

/** Databases and the reactor have alerts of their own. */
const BLIND = [TIERS.infrastructure, TIERS.monitoring, TIERS.sandbox].join('|');

export function selfAlerts(): AlertGroup {
  return {
    name: 'monitoring',
    alerts: [
      {
        alert: 'Watchdog',
        severity: 'none',
        component: 'monitoring',
        expr: 'vector(1)',
        forSeconds: 0,
        summary: 'Always fires: the way from rule to mail works',
        description: 'When these mails stop, no other alert will reach you either.',
        dashboard: { name: 'overview' },
        runbook: {
          means: 'Prometheus evaluates, Alertmanager routes and the mail server delivers.',
          look: 'Prometheus’ `/alerts`, Alertmanager’s log, the mail server.',
          mend: 'Whatever of the three is silent. Let something outside wait for this mail.',
        },
      },
      {
        alert: 'TargetDown',
        severity: 'warning',
        component: 'monitoring',
        expr: `up{tier=~"${BLIND}",job!="${JOBS.postgres}"} == 0`,
        forSeconds: 300,
        summary: 'Something that measures does not answer',
        description: '{{ $labels.job }} at {{ $labels.instance }} has not answered its scrapes.',
        dashboard: { name: 'overview' },
        runbook: {
          means: 'The platform may be well; alerts that need this target are blind.',
          look: 'Prometheus’ `/targets` says why: refused, timed out, or no metrics format.',
          mend: 'Restart the exporter that is named.',
        },
      },
      {
        alert: 'CanaryExporterDown',
        severity: 'critical',
        component: 'canary',
        expr: `up{tier="${TIERS.canary}"} == 0`,
        forSeconds: 120,
        summary: 'The reactor’s exporter is away: canaries and audits are not seen',
        description: 'No canary and no supply alert can fire while {{ $labels.instance }} is away.',
        dashboard: { name: 'overview' },
        runbook: {
          means: 'Tests and audits go on and are stored; only nobody hears of them.',
          look: 'The exporter’s process and its newest log lines.',
          mend: 'Restart it. Counters come from PostgreSQL and lose nothing.',
        },
      },
    ],
  };
}
