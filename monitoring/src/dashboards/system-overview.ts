// 01: is everything green? The title of each tile names the dashboard that tells more.
import type { MonitoringConfig } from '../config.js';
import { DASHBOARDS } from '../names.js';
import { hostPanels } from './host-panels.js';
import type { DashboardPlan, PanelPlan } from './model.js';
import { tiles } from './overview-tiles.js';
import { securityPanels } from './security-panels.js';
import {
  APPLICATION,
  badAbove,
  badBelow,
  drillTo,
  one,
  passRatio,
  quantile,
  words,
} from './selectors.js';

export function systemOverview(config: MonitoringConfig): DashboardPlan {
  return {
    ...DASHBOARDS.overview,
    description: words(
      'Start here. If everything is green, close the tab. Where something is not, the title of',
      'its panel names the dashboard to open, and a click on it opens it.',
    ),
    variables: [],
    annotations: ['registryRestarts', 'workerRestarts'],
    sections: [
      { title: 'Is everything green?', panels: tiles(config) },
      { title: 'The last hours', panels: trends(config) },
      { title: 'Hosts (told here: no other dashboard has them)', panels: hostPanels(config) },
      { title: 'Host security', collapsed: true, panels: securityPanels(config) },
    ],
  };
}

function trends({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: '02 — Registry & Service Health: p95',
      kind: 'chart',
      size: [8, 7],
      description: 'Time to answer of the slowest twentieth; the line is where the alert begins.',
      unit: 's',
      min: 0,
      thresholds: badAbove(limits.latencyP95Seconds / 2, limits.latencyP95Seconds),
      queries: one(quantile(0.95, 'job', 'http_request_duration_seconds', APPLICATION), '{{job}}'),
      drill: drillTo('services', { service: 'job' }),
    },
    {
      title: '28 — Canary Reactor: passed',
      kind: 'chart',
      size: [8, 7],
      description: 'Of the tests that passed or failed, those that passed, by backend.',
      unit: 'percentunit',
      max: 1,
      softMin: 0.9,
      thresholds: badBelow(0.95, 0.99),
      queries: one(passRatio('backend', '', '[15m]'), '{{backend}}'),
      drill: drillTo('canary', { backend: 'backend' }),
    },
    {
      title: '04 — EventStore: write rate',
      kind: 'chart',
      size: [8, 7],
      description: 'Events that entered the log of each frame, its own and those of others.',
      unit: 'suffix: events',
      min: 0,
      queries: one(
        'sum by (frame) (rate(eventstore_events_total[$__rate_interval]))',
        'frame {{frame}}, per second',
      ),
      drill: drillTo('eventStore', { frame: 'frame' }),
    },
  ];
}
