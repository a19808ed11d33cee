// What an alert is: nobody can write one without a severity, a text, a runbook section and a
// dashboard.
import type { MonitoringConfig } from '../config.js';
import { duration } from '../duration.js';
import { DASHBOARDS, type DashboardName, frameDashboard, type Severity } from '../names.js';

export interface Alert {
  /** CamelCase, the subject first; what the runbook's section is called. */
  readonly alert: string;
  readonly severity: Severity;
  /** What it is about: inhibition and routing go by it. */
  readonly component: Component;
  readonly expr: string;
  /** How long the expression must hold, before any scale. */
  readonly forSeconds: number;
  /** One line, the same for every series. */
  readonly summary: string;
  /** Go template over `$labels` and `$value`. */
  readonly description: string;
  readonly dashboard: DashboardLink;
  readonly runbook: Runbook;
}

export const COMPONENTS = [
  'supply',
  'service',
  'federation',
  'database',
  'host',
  'container',
  'security',
  'canary',
  'canary-path',
  'monitoring',
] as const;

export type Component = (typeof COMPONENTS)[number];

export type DashboardLink =
  | { readonly name: DashboardName; readonly variables?: readonly string[] }
  | { readonly frame: string };

/** Whole sentences for somebody who was asleep a minute ago. */
export interface Runbook {
  readonly means: string;
  readonly look: string;
  readonly mend: string;
  /** Where its series come from, if that is not everywhere: without it the alert is silent. */
  readonly source?: string;
}

export interface AlertGroup {
  readonly name: string;
  readonly alerts: readonly Alert[];
}

/** Below four scrapes a rate may miss one and see nothing. */
const SCRAPES_PER_WINDOW_MIN = 4;

/** A range of the length that a rule names, scaled, and never too short for its scrapes. */
export function windowOf({ times }: MonitoringConfig, seconds: number): string {
  const scaled = Math.round(seconds * times.scale);
  return duration(Math.max(scaled, SCRAPES_PER_WINDOW_MIN * times.scrapeSeconds));
}

export function holdOf({ times }: MonitoringConfig, seconds: number): string {
  return duration(Math.round(seconds * times.scale));
}

/** `12 %`, for texts. */
export function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(3))} %`;
}

export function dashboardUrl(config: MonitoringConfig, link: DashboardLink): string {
  const base = `${config.links.grafana}/d/`;
  if ('frame' in link) return `${base}${frameDashboard(link.frame).uid}`;
  const query = (link.variables ?? []).map((name) => `var-${name}={{ $labels.${name} }}`);
  const { uid } = DASHBOARDS[link.name];
  return `${base}${uid}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

/** The anchor is what a heading of that name becomes. */
export function runbookUrl(config: MonitoringConfig, alert: string): string {
  return `${config.links.runbook}#${alert.toLowerCase()}`;
}
