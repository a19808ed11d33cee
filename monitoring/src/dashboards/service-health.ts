// 02: every service of the platform by itself: uptime, request rate, p95 latency, error ratio.

import type { MonitoringConfig } from '../config.js';
import { DASHBOARDS } from '../names.js';
import { FEDERATION_PEERS } from './api-panels.js';
import type { DashboardPlan, PanelPlan } from './model.js';
import {
  APPLICATION,
  badAbove,
  badBelow,
  drillTo,
  errorRatio,
  NONE_IS_GOOD,
  ONE_IS_GOOD,
  OPA_OFF,
  one,
  quantile,
  REGISTRIES,
  UP,
  words,
} from './selectors.js';

const CHOSEN = `${APPLICATION}, job=~"$service", frame=~"$frame"`;
const HALF = [12, 8] as const;
const THIRD = [8, 7] as const;
const PLACE = { job: 'Service', frame: 'Frame', instance: 'Instance' } as const;
const BY_PLACE = 'job, frame, instance';
const DURATION = 'http_request_duration_seconds';

export function serviceHealth(config: MonitoringConfig): DashboardPlan {
  return {
    ...DASHBOARDS.services,
    description: words(
      'Each service of the platform: whether it is there, how much it is asked, how fast it',
      'answers, and how often it fails.',
    ),
    variables: ['service', 'frame'],
    annotations: ['registryRestarts', 'tegRestarts', 'eventStoreRestarts'],
    sections: [
      { title: 'Every service', panels: [scoreboard(config), uptime()] },
      { title: 'Requests', panels: requests(config) },
      { title: 'Routes', panels: routes() },
      { title: 'Agents, peers and policies', panels: [...registries(), FEDERATION_PEERS] },
      { title: 'Processes', collapsed: true, panels: processes() },
    ],
  };
}

function scoreboard({ limits }: MonitoringConfig): PanelPlan {
  return {
    title: 'Services',
    kind: 'table',
    size: [24, 8],
    description: 'A line per instance; over five minutes, but for the uptime of the chosen range.',
    unit: 'short',
    columns: PLACE,
    sortBy: { column: 'Service', descending: false },
    queries: [
      {
        expr: `sum by (${BY_PLACE}) (up{${CHOSEN}})`,
        legend: 'Now',
        unit: 'none',
        mappings: UP,
        thresholds: ONE_IS_GOOD,
      },
      {
        expr: `avg by (${BY_PLACE}) (avg_over_time(up{${CHOSEN}}[$__range]))`,
        legend: 'Uptime',
        unit: 'percentunit',
        thresholds: badBelow(0.99, 0.999),
      },
      {
        expr: words(`max by (${BY_PLACE}) (process_start_time_seconds{${CHOSEN}}) * 1000`),
        legend: 'Started',
        unit: 'dateTimeFromNow',
      },
      {
        expr: `sum by (${BY_PLACE}) (rate(http_requests_total{${CHOSEN}}[5m]))`,
        legend: 'Requests',
        unit: 'reqps',
      },
      {
        expr: quantile(0.95, BY_PLACE, DURATION, CHOSEN, '[5m]'),
        legend: 'p95',
        unit: 's',
        thresholds: badAbove(limits.latencyP95Seconds / 2, limits.latencyP95Seconds),
      },
      {
        expr: errorRatio(BY_PLACE, CHOSEN, '[5m]'),
        legend: 'Errors',
        unit: 'percentunit',
        thresholds: badAbove(limits.errorRatio / 5, limits.errorRatio),
      },
    ],
    drill: drillTo('overview'),
  };
}

function uptime(): PanelPlan {
  return {
    title: 'Up, over time',
    kind: 'states',
    size: [24, 8],
    description: 'A band per instance, red where Prometheus could not reach it.',
    unit: 'none',
    mappings: UP,
    thresholds: ONE_IS_GOOD,
    queries: one(`up{${CHOSEN}}`, '{{job}} {{frame}} {{instance}}'),
  };
}

function requests({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: 'Request rate',
      kind: 'chart',
      size: THIRD,
      description: 'Requests answered, whatever the answer was.',
      unit: 'reqps',
      min: 0,
      queries: one(
        `sum by (job, frame) (rate(http_requests_total{${CHOSEN}}[$__rate_interval]))`,
        '{{job}} {{frame}}',
      ),
    },
    {
      title: 'p95 latency',
      kind: 'chart',
      size: THIRD,
      description: 'Time to answer of the slowest twentieth (HighLatencyP95).',
      unit: 's',
      min: 0,
      thresholds: badAbove(limits.latencyP95Seconds / 2, limits.latencyP95Seconds),
      queries: one(quantile(0.95, 'job, frame', DURATION, CHOSEN), '{{job}} {{frame}}'),
    },
    {
      title: 'Error ratio',
      kind: 'chart',
      size: THIRD,
      description: 'The part of requests that ended in a 5xx (HighErrorRate).',
      unit: 'percentunit',
      min: 0,
      thresholds: badAbove(limits.errorRatio / 5, limits.errorRatio),
      queries: one(errorRatio('job, frame', CHOSEN), '{{job}} {{frame}}'),
    },
  ];
}

function routes(): readonly PanelPlan[] {
  return [
    {
      title: 'Slowest routes, p95',
      kind: 'bars',
      size: HALF,
      description: 'The ten routes that are slowest now, over five minutes.',
      unit: 's',
      queries: one(
        `topk(10, ${quantile(0.95, 'job, method, route', DURATION, CHOSEN, '[5m]')} > 0)`,
        '{{job}} {{method}} {{route}}',
      ),
    },
    {
      title: 'Answers by status',
      kind: 'stacked',
      size: HALF,
      description: 'What requests ended in. 4xx are refusals, 5xx failures of the service.',
      unit: 'reqps',
      queries: one(
        `sum by (status) (rate(http_requests_total{${CHOSEN}}[$__rate_interval]))`,
        '{{status}}',
      ),
    },
    {
      title: 'Request sizes, p95',
      kind: 'chart',
      size: HALF,
      description: 'Bodies of requests: a sudden rise is somebody who sends more than usual.',
      unit: 'bytes',
      queries: one(quantile(0.95, 'job', 'http_request_size_bytes', CHOSEN), '{{job}}'),
    },
    {
      title: 'Answer sizes, p95',
      kind: 'chart',
      size: HALF,
      description: 'Bodies of answers: they grow where pages are not bounded.',
      unit: 'bytes',
      queries: one(quantile(0.95, 'job', 'http_response_size_bytes', CHOSEN), '{{job}}'),
    },
  ];
}

function registries(): readonly PanelPlan[] {
  const chosen = `${REGISTRIES}, frame=~"$frame"`;
  return [
    {
      title: 'IRONHAND: enrolled agents',
      kind: 'chart',
      size: THIRD,
      description: 'Agents with mTLS identities, by registry, and those revoked.',
      unit: 'short',
      queries: [
        { expr: `ironhand_enrolled_agents{${chosen}}`, legend: '{{registry}} enrolled' },
        { expr: `ironhand_revoked_agents{${chosen}}`, legend: '{{registry}} revoked' },
        { expr: `ironhand_spire_agent_entries{${chosen}}`, legend: '{{registry}} SPIRE entries' },
      ],
    },
    {
      title: 'IRONHAND: entries that do not match',
      kind: 'stat',
      size: THIRD,
      description: 'SPIRE entries without an agent, and agents without an entry: both must be 0.',
      unit: 'none',
      thresholds: NONE_IS_GOOD,
      named: true,
      queries: [
        { expr: `sum(ironhand_orphan_entries{${chosen}})`, legend: 'orphan entries' },
        { expr: `sum(ironhand_missing_entries{${chosen}})`, legend: 'missing entries' },
      ],
    },
    {
      title: 'Federation peers, as registries see them',
      kind: 'states',
      size: THIRD,
      description: 'What each registry says of each other one (FederationPeerDown).',
      unit: 'none',
      mappings: UP,
      thresholds: ONE_IS_GOOD,
      queries: one(
        'max by (registry, peer) (protocol_federation_peer_status{status="up"})',
        '{{registry}} sees {{peer}}',
      ),
    },
    {
      title: 'OPA shadow-mode decisions',
      kind: 'chart',
      size: HALF,
      description: 'What the registry decided (enforced) and what OPA would have (shadow).',
      unit: 'ops',
      queries: one(
        'sum by (policy, decision, source) (rate(opa_decisions_total[$__rate_interval]))',
        '{{policy}} {{decision}} ({{source}})',
        { emptyBecause: OPA_OFF },
      ),
    },
    {
      title: 'OPA decision latency, p95',
      kind: 'chart',
      size: HALF,
      description: 'Time of a shadow decision, with the look-up of its agent.',
      unit: 's',
      queries: one(
        quantile(0.95, 'policy', 'opa_decision_latency_seconds', REGISTRIES),
        '{{policy}}',
        { emptyBecause: OPA_OFF },
      ),
    },
  ];
}

function processes(): readonly PanelPlan[] {
  return [
    {
      title: 'CPU',
      kind: 'chart',
      size: THIRD,
      description: 'Cores that each process uses; one is all that its event loop can use.',
      unit: 'suffix: cores',
      queries: one(
        `rate(process_cpu_seconds_total{${CHOSEN}}[$__rate_interval])`,
        '{{job}} {{instance}}',
      ),
    },
    {
      title: 'Memory',
      kind: 'chart',
      size: THIRD,
      description: 'Resident memory: a saw is garbage collection, a slope is a leak.',
      unit: 'bytes',
      queries: one(`process_resident_memory_bytes{${CHOSEN}}`, '{{job}} {{instance}}'),
    },
    {
      title: 'Event loop lag, p99',
      kind: 'chart',
      size: THIRD,
      description: 'How long a process keeps its own work waiting.',
      unit: 's',
      thresholds: badAbove(0.1, 0.5),
      queries: one(`nodejs_eventloop_lag_p99_seconds{${CHOSEN}}`, '{{job}} {{instance}}'),
    },
  ];
}
