// The marks on charts: restarts and warm-up, so that nobody takes their noise for a regression.

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type AnnotationQuery,
  AnnotationQueryBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { AnnotationName } from './model.js';
import { EVENT_STORE, REGISTRIES, TEG, words } from './selectors.js';
import { LIVE } from './variables.js';

interface AnnotationRow {
  readonly name: string;
  readonly expr: string;
  readonly title: string;
  readonly text: string;
  readonly colour: string;
}

/** A process that was started anew under the same address, within two minutes. */
function restarted(selector: string): string {
  return `changes(process_start_time_seconds{${selector}}[2m]) > 0`;
}

/**
 * Every start of a worker has an id of its own. A worker is new when it is there now and was not
 * two minutes ago, while the exporter that tells of workers was.
 */
const NEW_WORKER = words(
  '(count by (worker) (canary_worker_dependency_up)',
  'unless count by (worker) (canary_worker_dependency_up offset 2m))',
  'and on () (canary_workers_alive offset 2m)',
);

export const ANNOTATIONS: Readonly<Record<AnnotationName, AnnotationRow>> = {
  workerRestarts: {
    name: 'Worker starts',
    expr: NEW_WORKER,
    title: 'A worker was started',
    text: '{{worker}}: its validators catch up first',
    colour: 'purple',
  },
  registryRestarts: {
    name: 'Registry restarts',
    expr: restarted(REGISTRIES),
    title: 'A registry was restarted',
    text: '{{registry}} {{instance}}: expect up to ten minutes of warm-up',
    colour: 'orange',
  },
  eventStoreRestarts: {
    name: 'EventStore restarts',
    expr: restarted(EVENT_STORE),
    title: 'An EventStore was restarted',
    text: 'frame {{frame}} {{instance}}',
    colour: 'blue',
  },
  tegRestarts: {
    name: 'TEG restarts',
    expr: restarted(TEG),
    title: 'A TEG was restarted',
    text: 'frame {{frame}} {{instance}}: its counters began again at 0',
    colour: 'yellow',
  },
  warmUp: {
    name: 'Warm-up',
    expr: 'canary_warm_up_active == 1',
    title: 'Warm-up',
    text: 'results do not page yet',
    colour: 'light-blue',
  },
};

export function annotation(name: AnnotationName): Builder<AnnotationQuery> {
  const { colour, expr, name: shown, text, title } = ANNOTATIONS[name];
  return new AnnotationQueryBuilder()
    .name(shown)
    .datasource(LIVE)
    .enable(true)
    .hide(false)
    .iconColor(colour)
    .expr(expr)
    .step('15s')
    .titleFormat(title)
    .textFormat(text);
}
