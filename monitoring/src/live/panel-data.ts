// What a panel shows, in the words, colours and names of its plan.
import type { Colour, PanelPlan, Threshold, ValueText } from '../dashboards/model.js';
import { formatValue } from './format.js';
import type { Series } from './prometheus.js';

export interface PanelData {
  /** One for each query. */
  readonly answers: readonly (readonly Series[])[];
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** A series with the name that the legend gives it. */
export interface Named extends Series {
  readonly name: string;
  readonly query: number;
}

export const COLOURS: Readonly<Record<Colour, string>> = {
  green: '#299438',
  yellow: '#b8860b',
  orange: '#d9730d',
  red: '#c4162a',
  blue: '#1f60c4',
  purple: '#8f3bb8',
  text: '#3a3f47',
};

export function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (character) => names[character] ?? character);
}

export function namedSeries({ queries }: PanelPlan, { answers }: PanelData): readonly Named[] {
  return answers.flatMap((series, query) =>
    series.map((one) => ({ ...one, query, name: nameOf(queries[query]?.legend ?? '', one) })),
  );
}

function nameOf(legend: string, { labels }: Series): string {
  return legend.replace(/\{\{(\w+)\}\}/g, (_all, label: string) => labels[label] ?? '').trim();
}

export function newest({ points }: Series): number {
  return points.at(-1)?.[1] ?? Number.NaN;
}

export function colourOf(
  value: number,
  thresholds: readonly Threshold[] = [],
  mappings: readonly ValueText[] = [],
): string {
  const mapped = mappings.find((one) => one.value === value)?.colour;
  const reached = thresholds.findLast(([from]) => value >= from)?.[1];
  return COLOURS[mapped ?? reached ?? 'text'];
}

export function textOf(
  value: number,
  { decimals, mappings = [], unit }: Pick<PanelPlan, 'decimals' | 'mappings' | 'unit'>,
): string {
  return mappings.find((one) => one.value === value)?.text ?? formatValue(value, unit, decimals);
}
