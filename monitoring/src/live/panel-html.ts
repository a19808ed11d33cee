// The body of each kind of panel as HTML.
import type { Colour, PanelKind, PanelPlan, Threshold, ValueText } from '../dashboards/model.js';
import { chart, states } from './chart-svg.js';
import { formatValue } from './format.js';
import { panelTable } from './panel-table.js';
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

const BODIES: Readonly<Record<PanelKind, (plan: PanelPlan, data: PanelData, box: Box) => string>> =
  {
    stat: tiles,
    chart: (plan, data, box) => chart(plan, namedSeries(plan, data), data, box),
    stacked: (plan, data, box) => chart(plan, namedSeries(plan, data), data, box),
    states: (plan, data) => states(plan, namedSeries(plan, data), data),
    table: (plan, data) => panelTable(plan, data),
    bars,
  };

export function panelBody(plan: PanelPlan, data: PanelData, box: Box): string {
  if (data.answers.every((series) => series.length === 0)) return '<div class="none">no data</div>';
  return BODIES[plan.kind](plan, data, box);
}

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

function tiles(plan: PanelPlan, data: PanelData, box: Box): string {
  const series = namedSeries(plan, data);
  const size = Math.max(13, Math.min(34, (box.width / Math.min(series.length, 3)) * 0.11));
  const withName = plan.named === true || series.length > 1;
  const made = series.map((one) => {
    const value = newest(one);
    const colour = colourOf(value, plan.thresholds, plan.mappings);
    const name = withName ? `<i>${escapeHtml(one.name)}</i>` : '';
    const text = escapeHtml(textOf(value, plan));
    const shown = `${name}<b style="font-size:${size}px">${text}</b>`;
    return `<div class="tile" style="background:${colour}">${shown}</div>`;
  });
  return `<div class="tiles">${made.join('')}</div>`;
}

function bars(plan: PanelPlan, data: PanelData): string {
  const series = namedSeries(plan, data);
  const greatest = Math.max(...series.map((one) => Math.abs(newest(one))).filter(Number.isFinite));
  const made = series.map((one) => {
    const value = newest(one);
    const share = greatest > 0 ? (Math.abs(value) / greatest) * 100 : 0;
    const colour = plan.thresholds === undefined ? '#3d71d9' : colourOf(value, plan.thresholds);
    return [
      `<div class="bar"><span>${escapeHtml(one.name)}</span>`,
      `<div><em style="width:${share}%;background:${colour}"></em></div>`,
      `<b>${escapeHtml(textOf(value, plan))}</b></div>`,
    ].join('');
  });
  return `<div class="bars">${made.join('')}</div>`;
}
