// The PromQL that operators have bookmarked, word for word: names and labels that it uses must not
// change under their feet.
import { OPA_OFF } from '../dashboards/selectors.js';

export interface CheatsheetQuery {
  readonly what: string;
  readonly expr: string;
  readonly emptyBecause?: string;
}

export const CHEATSHEET: readonly CheatsheetQuery[] = [
  {
    what: 'EventStore freshness',
    expr: 'eventstore_ledger_freshness_seconds{job="event-store"}',
  },
  { what: 'EventStore total events recorded', expr: 'eventstore_events_total' },
  {
    what: 'p95 latency per service',
    expr: [
      'histogram_quantile(0.95, sum by (job, le)',
      '(rate(http_request_duration_seconds_bucket[5m])))',
    ].join(' '),
  },
  {
    what: '5xx rate per service',
    expr: [
      'sum by (job) (rate(http_requests_total{status=~"5.."}[5m]))',
      '/ sum by (job) (rate(http_requests_total[5m]))',
    ].join('\n'),
    emptyBecause: 'no service has answered with a 5xx since it was started',
  },
  { what: 'Service liveness', expr: 'up{tier="application"}' },
  { what: 'IRONHAND mTLS enrollment count', expr: 'ironhand_enrolled_agents' },
  {
    what: 'OPA shadow-mode decisions',
    expr: 'sum by (policy, decision, source) (rate(opa_decisions_total[5m]))',
    emptyBecause: OPA_OFF,
  },
];
