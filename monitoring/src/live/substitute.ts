// What Grafana writes into a query before it asks: its variables with All chosen, and its times.
import type { VariableName } from '../dashboards/model.js';
import { VARIABLES } from '../dashboards/variables.js';
import type { Prometheus } from './prometheus.js';

export type Values = ReadonlyMap<string, string>;

const LABEL_VALUES = /^label_values\((.+), (\w+)\)$/;
const VARIABLE = /\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g;
const SCRAPE_SECONDS = 15;

/** All values of each variable as the pattern that Grafana makes of them. */
export async function allValues(
  prometheus: Prometheus,
  names: readonly VariableName[],
): Promise<Values> {
  const values = new Map<string, string>();
  for (const name of names) {
    const { allValue, query } = VARIABLES[name];
    const [, selector, label] = LABEL_VALUES.exec(substitute(query, values)) ?? [];
    if (selector === undefined || label === undefined) throw new Error(`no values in ${query}`);
    const found = await prometheus.labelValues(label, selector);
    values.set(name, allValue ?? `(${found.map(escaped).join('|')})`);
  }
  return values;
}

/** Throws on a variable that nobody declared. */
export function substitute(expr: string, values: Values): string {
  return expr.replace(VARIABLE, (_all, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare ?? '';
    const value = values.get(name);
    if (value === undefined) throw new Error(`$${name} is not declared, in ${expr}`);
    return value;
  });
}

/** The names of the variables in a text, Grafana's own among them. */
export function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(VARIABLE)].map(([, braced, bare]) => braced ?? bare ?? '');
}

/** Grafana's own variables for a range and a step. */
export function timeValues(rangeSeconds: number, stepSeconds: number, minStep?: '1m'): Values {
  const scrapeSeconds = minStep === undefined ? SCRAPE_SECONDS : 60;
  const interval = Math.max(stepSeconds, scrapeSeconds);
  const rate = Math.max(interval + scrapeSeconds, 4 * scrapeSeconds);
  return new Map([
    ['__range', `${rangeSeconds}s`],
    ['__interval', `${interval}s`],
    ['__rate_interval', `${rate}s`],
  ]);
}

function escaped(value: string): string {
  return value.replace(/[.*+?^${}()|[\]\\]/g, '\\\\$&');
}
