// Line charts, stacked areas and bands of states as SVG.
import type { PanelPlan } from '../dashboards/model.js';
import { formatValue } from './format.js';
import {
  type Box,
  COLOURS,
  colourOf,
  escapeHtml,
  type Named,
  type PanelData,
} from './panel-data.js';

const PALETTE = [
  '#73bf69',
  '#f2cc0c',
  '#8ab8ff',
  '#ff780a',
  '#f2495c',
  '#b877d9',
  '#5794f2',
  '#ffa6b0',
  '#37872d',
  '#e0b400',
];
const MARGIN = { left: 78, right: 8, top: 6, bottom: 18 };
const LEGEND_PX = 36;
const TITLE_PX = 32;
const TICKS = 4;

interface Scale {
  readonly x: (seconds: number) => number;
  readonly y: (value: number) => number;
  readonly low: number;
  readonly high: number;
}

export function chart(
  plan: PanelPlan,
  series: readonly Named[],
  data: PanelData,
  box: Box,
): string {
  const size = { width: box.width - 12, height: box.height - TITLE_PX - LEGEND_PX };
  const lines = plan.kind === 'stacked' ? stacked(series.filter(hasSome)) : series;
  const colourFor = colours(plan, series);
  const scale = scaleOf(plan, lines, data, size);
  const drawn = lines.map((one) => path(one, scale, colourFor(one), plan.kind));
  const parts = [...grid(plan, scale, data, size), ...limits(plan, scale, size), ...drawn];
  const legend = series.map(
    (one) => `<u style="background:${colourFor(one)}"></u>${escapeHtml(one.name)}`,
  );
  const view = `viewBox="0 0 ${size.width} ${size.height}" preserveAspectRatio="none"`;
  return [
    `<div class="chart"><svg ${view}>${parts.join('')}</svg>`,
    `<div class="legend">${legend.join('')}</div></div>`,
  ].join('');
}

/** A band per series; its colour says the state. */
export function states(plan: PanelPlan, series: readonly Named[], data: PanelData): string {
  const width = 1_000;
  const span = data.toSeconds - data.fromSeconds;
  const made = series.map(({ name, points }) => {
    const wide = points[1] === undefined ? 15 : points[1][0] - (points[0]?.[0] ?? 0);
    const bands = points.map(([seconds, value]) => {
      const x = ((seconds - data.fromSeconds) / span) * width;
      const colour = colourOf(value, plan.thresholds, plan.mappings);
      return `<rect x="${x}" width="${(wide / span) * width + 0.6}" height="10" fill="${colour}"/>`;
    });
    const view = `viewBox="0 0 ${width} 10" preserveAspectRatio="none"`;
    return [
      `<div class="state"><span>${escapeHtml(name)}</span>`,
      `<svg ${view}>${bands.join('')}</svg></div>`,
    ].join('');
  });
  return `<div class="states">${made.join('')}</div>`;
}

/** The colour that the plan gives to a name, else the next of the palette. */
function colours(plan: PanelPlan, series: readonly Named[]): (one: Named) => string {
  const order = new Map(series.map((one, index) => [keyOf(one), index]));
  return (one) => {
    const fixed = plan.colours?.[one.name];
    if (fixed !== undefined) return COLOURS[fixed];
    return PALETTE[(order.get(keyOf(one)) ?? 0) % PALETTE.length] ?? '#ccccdc';
  };
}

function keyOf({ labels, query }: Named): string {
  return JSON.stringify([query, labels]);
}

function hasSome({ points }: Named): boolean {
  return points.some(([, value]) => value !== 0);
}

/** Each series on top of those before it. */
function stacked(series: readonly Named[]): readonly Named[] {
  const below = new Map<number, number>();
  return series.map((one) => ({
    ...one,
    points: one.points.map(([seconds, value]) => {
      const sum = (below.get(seconds) ?? 0) + (Number.isFinite(value) ? value : 0);
      below.set(seconds, sum);
      return [seconds, sum] as const;
    }),
  }));
}

function scaleOf(
  plan: PanelPlan,
  series: readonly Named[],
  { fromSeconds, toSeconds }: PanelData,
  { height, width }: Box,
): Scale {
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const finite = values.filter(Number.isFinite).filter((value) => !isLog(plan) || value > 0);
  const floor =
    plan.kind === 'stacked' ? 0 : Math.min(...finite, plan.softMin ?? Number.POSITIVE_INFINITY);
  const [low, high] = widened(
    plan.min ?? floor,
    plan.max ?? Math.max(...finite, plan.min ?? floor),
  );
  const bend = isLog(plan) ? (value: number) => Math.log10(Math.max(value, low)) : (v: number) => v;
  const inner = { w: width - MARGIN.left - MARGIN.right, h: height - MARGIN.top - MARGIN.bottom };
  const share = (value: number) => (bend(value) - bend(low)) / (bend(high) - bend(low));
  return {
    low,
    high,
    x: (seconds) => MARGIN.left + ((seconds - fromSeconds) / (toSeconds - fromSeconds)) * inner.w,
    y: (value) => MARGIN.top + inner.h * (1 - share(value)),
  };
}

function isLog({ logarithmic }: PanelPlan): boolean {
  return logarithmic === true;
}

function widened(low: number, high: number): readonly [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (low < high) return [low, high];
  return low === 0 ? [0, 1] : [low - Math.abs(low) * 0.05, high + Math.abs(high) * 0.05];
}

function path({ points }: Named, { x, y }: Scale, colour: string, kind: PanelPlan['kind']): string {
  const drawn = points.filter(([, value]) => Number.isFinite(value));
  const places = drawn.map(([seconds, value]) => `${x(seconds).toFixed(1)},${y(value).toFixed(1)}`);
  const [first, last] = [drawn[0], drawn.at(-1)];
  if (drawn.length === 1) return dot(places[0] ?? '', colour);
  const line = `<polyline points="${places.join(' ')}" fill="none" stroke="${colour}"/>`;
  if (kind !== 'stacked' || first === undefined || last === undefined) return line;
  const ends = `${x(last[0])},${y(0)} ${x(first[0])},${y(0)}`;
  return `<polygon points="${places.join(' ')} ${ends}" fill="${colour}" opacity="0.18"/>${line}`;
}

function dot(place: string, colour: string): string {
  const [x, y] = place.split(',');
  return `<circle cx="${x}" cy="${y}" r="3" fill="${colour}"/>`;
}

function grid(plan: PanelPlan, scale: Scale, data: PanelData, box: Box): readonly string[] {
  const text = 'fill="#9fa7b3" font-size="11"';
  const values = Array.from({ length: TICKS + 1 }, (_none, index) =>
    tickValue(plan, scale, index / TICKS),
  );
  const labels = tickLabels(plan, values);
  const rows = values.map((value, index) => {
    const y = scale.y(value);
    const label = escapeHtml(labels[index] ?? '');
    return [
      `<line x1="${MARGIN.left}" x2="${box.width - MARGIN.right}" y1="${y}" y2="${y}"`,
      ` stroke="#25282d"/><text x="${MARGIN.left - 5}" y="${y + 4}" text-anchor="end" ${text}>`,
      `${label}</text>`,
    ].join('');
  });
  const span = data.toSeconds - data.fromSeconds;
  const times = Array.from({ length: TICKS - 1 }, (_none, index) => {
    const seconds = data.fromSeconds + (span * (index + 1)) / TICKS;
    const iso = new Date(seconds * 1_000).toISOString();
    const label = span > 2 * 86_400 ? iso.slice(5, 10) : iso.slice(11, 16);
    const x = scale.x(seconds);
    return `<text x="${x}" y="${box.height - 4}" text-anchor="middle" ${text}>${label}</text>`;
  });
  return [...rows, ...times];
}

/** With as many decimals as it takes to tell them apart, as Grafana writes them. */
export function tickLabels(plan: PanelPlan, values: readonly number[]): readonly string[] {
  const written = (decimals: number | undefined): readonly string[] =>
    values.map((value) => formatValue(value, plan.unit, decimals));
  const tries = [plan.decimals, 1, 2, 3, 4, 5, 6].map(written);
  const areDistinct = (labels: readonly string[]) => new Set(labels).size === new Set(values).size;
  return tries.find(areDistinct) ?? written(plan.decimals);
}

function tickValue(plan: PanelPlan, { high, low }: Scale, share: number): number {
  if (!isLog(plan)) return low + (high - low) * share;
  return 10 ** (Math.log10(low) + (Math.log10(high) - Math.log10(low)) * share);
}

function limits(plan: PanelPlan, { high, low, y }: Scale, box: Box): readonly string[] {
  return (plan.thresholds ?? [])
    .filter(([from]) => from >= low && from <= high)
    .map(([from]) => {
      const colour = colourOf(from, plan.thresholds);
      const place = `x1="${MARGIN.left}" x2="${box.width - MARGIN.right}" y1="${y(from)}"`;
      return `<line ${place} y2="${y(from)}" stroke="${colour}" stroke-dasharray="6 4"/>`;
    });
}
