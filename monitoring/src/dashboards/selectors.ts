// The selectors, windows, colours and texts that several dashboards share.
import { DASHBOARDS, type DashboardName, frameDashboard, JOBS, TIERS } from '../names.js';
import type { Colour, Drill, QueryPlan, Threshold, ValueText } from './model.js';

export const APPLICATION = `tier="${TIERS.application}"`;
export const REGISTRIES = `job=~"${JOBS.registry}|${JOBS.peerRegistry}"`;
export const EVENT_STORE = `job="${JOBS.eventStore}"`;
export const TEG = `job="${JOBS.teg}"`;

/** Grafana chooses it so that each point sees at least four scrapes. */
export const RATE = '[$__rate_interval]';

// Why a healthy installation may have nothing to show.
export const NO_KAFKA = 'no Kafka is configured, so that no consumer can lag';
export const NO_CONTAINERS =
  'nothing runs in a container, or none has a limit, so cAdvisor is mute';
/** In place of a value. */
export const NO_CADVISOR_VALUE = 'no source: no cAdvisor runs here';
export const NO_REPLICA = 'no replica is attached to any of these servers';
export const NO_QUERIES = 'the exporter has no --extend.query-path with our queries.yaml';
export const OPA_OFF = 'OPA_ENABLED is not true at the registries';
export const NEVER_YET = 'nothing of this kind has happened since these programs were started';

/** The colour of each outcome of a test, wherever it is drawn. */
export const OUTCOME_COLOURS: Readonly<Record<string, Colour>> = {
  passed: 'green',
  failed: 'red',
  observer: 'blue',
  inconclusive: 'yellow',
  unpaid: 'purple',
};

/** Likewise of an audit. */
export const AUDIT_COLOURS: Readonly<Record<string, Colour>> = {
  ok: 'green',
  unknown: 'yellow',
  violated: 'red',
};

/** Something must be there, and is not. */
export const UP: readonly ValueText[] = [
  { value: 0, text: 'DOWN', colour: 'red' },
  { value: 1, text: 'UP', colour: 'green' },
];

export const YES: readonly ValueText[] = [
  { value: 0, text: 'no', colour: 'red' },
  { value: 1, text: 'yes', colour: 'green' },
];

export const NO_COLOUR: readonly Threshold[] = [[Number.NEGATIVE_INFINITY, 'text']];
export const ONE_IS_GOOD: readonly Threshold[] = [
  [Number.NEGATIVE_INFINITY, 'red'],
  [1, 'green'],
];
/** Anything above nothing is wrong; the smallest amount is a millionth. */
export const NONE_IS_GOOD: readonly Threshold[] = [
  [Number.NEGATIVE_INFINITY, 'green'],
  [0.000_001, 'red'],
];
/** What must be exactly nothing, and can err to both sides. */
export const ZERO_IS_GOOD: readonly Threshold[] = [
  [Number.NEGATIVE_INFINITY, 'red'],
  [0, 'green'],
  [0.000_001, 'red'],
];

export function badAbove(yellow: number, red: number): readonly Threshold[] {
  return [
    [Number.NEGATIVE_INFINITY, 'green'],
    [yellow, 'yellow'],
    [red, 'red'],
  ];
}

export function badBelow(red: number, yellow: number): readonly Threshold[] {
  return [
    [Number.NEGATIVE_INFINITY, 'red'],
    [red, 'yellow'],
    [yellow, 'green'],
  ];
}

export function drillTo(name: DashboardName, labels?: Drill['labels']): Drill {
  const { title, uid } = DASHBOARDS[name];
  return { title, uid, ...(labels === undefined ? {} : { labels }) };
}

export function drillToFrame(frame: string): Drill {
  return frameDashboard(frame);
}

/** The part of requests that a service failed to serve. */
export function errorRatio(by: string, selector: string, window = RATE): string {
  const failed = `sum by (${by}) (rate(http_requests_total{${selector}, status=~"5.."}${window}))`;
  const all = `sum by (${by}) (rate(http_requests_total{${selector}}${window}))`;
  // Of a service without any failure yet there is no series of failures; its ratio is 0, not none.
  return `(${failed} or ${all} * 0) / ${all}`;
}

export function quantile(
  share: number,
  by: string,
  histogram: string,
  selector: string,
  window = RATE,
): string {
  const labels = by === '' ? 'le' : `${by}, le`;
  const buckets = `rate(${histogram}_bucket{${selector}}${window})`;
  return `histogram_quantile(${share}, sum by (${labels}) (${buckets}))`;
}

/** Of the tests that say something about the platform, those that passed. */
export function passRatio(by: string, selector: string, window: string): string {
  const head = by === '' ? 'sum' : `sum by (${by})`;
  const of = (outcomes: string) =>
    `${head} (increase(canary_tests_total{${selector}outcome=~"${outcomes}"}${window}))`;
  return `${of('passed')} / ${of('passed|failed')}`;
}

/** The queries of a panel that has one. */
export function one(
  expr: string,
  legend: string,
  more: Partial<QueryPlan> = {},
): readonly QueryPlan[] {
  return [{ expr, legend, ...more }];
}

/** A text or an expression of several lines of code, as one line. */
export function words(...parts: readonly string[]): string {
  return parts.join(' ');
}
