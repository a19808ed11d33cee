// The body of each kind of panel as HTML.
import type { PanelKind, PanelPlan } from '../dashboards/model.js';
import { NO_DATA } from '../dashboards/panels.js';
import { chart, states } from './chart-svg.js';
import {
  type Box,
  colourOf,
  escapeHtml,
  namedSeries,
  newest,
  type PanelData,
  textOf,
} from './panel-data.js';
import { panelTable } from './panel-table.js';

const BODIES: Readonly<Record<PanelKind, (plan: PanelPlan, data: PanelData, box: Box) => string>> =
  {
    stat: tiles,
    chart: (plan, data, box) => chart(plan, namedSeries(plan, data), data, box),
    stacked: (plan, data, box) => chart(plan, namedSeries(plan, data), data, box),
    states: (plan, data) => states(plan, namedSeries(plan, data), data),
    table: (plan, data) => panelTable(plan, data),
    bars,
    api: ({ api }) => `<div class="none">Grafana reads ${escapeHtml(api?.path ?? '')}</div>`,
  };

export function panelBody(plan: PanelPlan, data: PanelData, box: Box): string {
  if (plan.kind !== 'api' && data.answers.every((series) => series.length === 0)) {
    return `<div class="none">${escapeHtml(plan.noValue ?? NO_DATA)}</div>`;
  }
  return BODIES[plan.kind](plan, data, box);
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
