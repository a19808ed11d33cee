// One dashboard from live data as one page that needs nothing else: good enough to judge the layout
// by eye, and no proof of how Grafana draws it.
import type { MonitoringConfig } from '../config.js';
import { buildDashboard } from '../dashboards/build.js';
import type { DashboardPlan, PanelPlan } from '../dashboards/model.js';
import { sizeOf } from '../dashboards/panels.js';
import { INSTANT_KINDS } from '../dashboards/queries.js';
import { type CheckSources, spanOf } from './check.js';
import { escapeHtml, type PanelData } from './panel-data.js';
import { panelBody } from './panel-html.js';
import type { Series } from './prometheus.js';
import { allValues, substitute, timeValues, type Values } from './substitute.js';

/** Grafana's own grid at a width of some 1,600 pixels. */
const COLUMN_PX = 65;
const ROW_PX = 38;
const GAP_PX = 8;

const STYLE = `
body{background:#111217;color:#ccccdc;font:13px Inter,Helvetica,Arial,sans-serif;margin:16px}
h1{font-size:18px;font-weight:500;margin:0 0 2px} p{margin:0 0 10px;color:#9fa7b3}
h2{font-size:15px;font-weight:500;margin:12px 0 4px} h2 small{color:#7b8087;font-weight:400}
.vars span{display:inline-block;background:#181b1f;border:1px solid #2c3235;padding:3px 8px;
margin:0 6px 8px 0;border-radius:2px}
.grid{position:relative}
.panel{position:absolute;background:#181b1f;border:1px solid #25282d;border-radius:2px;
overflow:hidden;box-sizing:border-box;display:flex;flex-direction:column}
.panel h3{font-size:13px;font-weight:500;margin:0;padding:6px 8px 2px;white-space:nowrap;
overflow:hidden;text-overflow:ellipsis;flex:none}
.body{flex:1;min-height:0;padding:2px 6px 4px;display:flex;overflow:hidden}
.tiles{display:flex;flex:1;gap:2px;flex-wrap:wrap}
.tile{flex:1 1 30%;display:flex;flex-direction:column;align-items:center;justify-content:center;
border-radius:2px;min-width:60px;overflow:hidden;color:#fff;text-align:center}
.tile b{font-weight:500;white-space:nowrap} .tile i{font-style:normal;font-size:11px}
.chart{flex:1;display:flex;flex-direction:column;min-width:0} .chart svg{flex:1;min-height:0}
.legend{flex:none;max-height:34px;overflow:hidden;font-size:11px;line-height:17px;color:#9fa7b3}
.legend u{display:inline-block;width:12px;height:3px;margin:0 4px 3px 8px}
table{border-collapse:collapse;width:100%;font-size:12px;align-self:flex-start}
th{text-align:left;color:#6e9fff;font-weight:500} td,th{padding:2px 8px;white-space:nowrap;
border-bottom:1px solid #22252b} .scroll{overflow:hidden;flex:1}
.bars{flex:1;display:flex;flex-direction:column;gap:3px;justify-content:flex-start}
.bar{display:flex;gap:6px;align-items:center;font-size:11px;flex:0 1 24px;min-height:14px}
.bar span{width:38%;text-align:right;overflow:hidden;white-space:nowrap;text-overflow:ellipsis}
.bar div{flex:1;background:#22252b;height:100%} .bar em{display:block;height:100%}
.bar b{width:20%;font-weight:500;white-space:nowrap} .none{margin:auto;color:#7b8087}
.states{flex:1;display:flex;flex-direction:column;gap:2px}
.state{display:flex;gap:6px;align-items:center;font-size:11px;flex:0 1 26px;min-height:10px}
.state span{width:26%;text-align:right;overflow:hidden;white-space:nowrap;text-overflow:ellipsis}
.state svg{flex:1;height:80%}
`;

export async function previewPage(
  sources: CheckSources,
  config: MonitoringConfig,
  plan: DashboardPlan,
  { rangeSeconds }: { readonly rangeSeconds: number },
): Promise<string> {
  const values = await allValues(sources.live, plan.variables);
  const sections: string[] = [];
  for (const section of plan.sections) {
    const places = placesOf(config, plan, section.panels);
    const panels: string[] = [];
    for (const [index, panel] of section.panels.entries()) {
      const data = await dataOf(sources, panel, values, rangeSeconds);
      panels.push(framed(panel, data, places[index] ?? { x: 0, y: 0 }));
    }
    const rows = Math.max(
      ...section.panels.map((panel, index) => (places[index]?.y ?? 0) + sizeOf(panel)[1]),
    );
    const note = section.collapsed === true ? ' <small>(closed at first)</small>' : '';
    const height = rows * ROW_PX;
    sections.push(
      `<h2>${escapeHtml(section.title)}${note}</h2>`,
      `<div class="grid" style="height:${height}px">${panels.join('')}</div>`,
    );
  }
  return page(plan, values, sections);
}

function page(plan: DashboardPlan, values: Values, sections: readonly string[]): string {
  const chosen = [...values].map(([name, value]) => `<span>${name}: ${escapeHtml(value)}</span>`);
  return [
    '<!doctype html><meta charset="utf-8">',
    `<title>${escapeHtml(plan.title)}</title><style>${STYLE}</style>`,
    `<h1>${escapeHtml(plan.title)}</h1><p>${escapeHtml(plan.description)}</p>`,
    `<div class="vars">${chosen.join('')}</div>`,
    ...sections,
  ].join('\n');
}

/** As the generated dashboard has them, counted from the top of their own section. */
function placesOf(config: MonitoringConfig, plan: DashboardPlan, panels: readonly PanelPlan[]) {
  const section = { title: 'alone', panels };
  const { panels: built = [] } = buildDashboard(config, { ...plan, sections: [section] });
  return built.slice(1).map(({ gridPos }) => ({ x: gridPos?.x ?? 0, y: (gridPos?.y ?? 1) - 1 }));
}

async function dataOf(
  { live, longTerm }: CheckSources,
  panel: PanelPlan,
  values: Values,
  rangeSeconds: number,
): Promise<PanelData> {
  const span = spanOf(panel, rangeSeconds);
  const source = panel.longTerm === undefined ? live : longTerm;
  const answers: (readonly Series[])[] = [];
  for (const { expr, minStep } of panel.queries) {
    const times = timeValues(span.toSeconds - span.fromSeconds, span.stepSeconds, minStep);
    const text = substitute(expr, new Map([...values, ...times]));
    answers.push(
      INSTANT_KINDS.includes(panel.kind)
        ? await source.instant(text)
        : await source.range(text, span),
    );
  }
  return { answers, ...span };
}

function framed(plan: PanelPlan, data: PanelData, { x, y }: { x: number; y: number }): string {
  const [width, height] = sizeOf(plan);
  const box = {
    left: x * COLUMN_PX,
    top: y * ROW_PX,
    width: width * COLUMN_PX - GAP_PX,
    height: height * ROW_PX - GAP_PX,
  };
  const style = Object.entries(box).map(([name, pixels]) => `${name}:${pixels}px`);
  const title = escapeHtml(plan.title);
  return [
    `<div class="panel" style="${style.join(';')}" title="${escapeHtml(plan.description)}">`,
    `<h3>${title}</h3><div class="body">${panelBody(plan, data, box)}</div></div>`,
  ].join('');
}
