// From a plan to Grafana's dashboard: sections as rows, panels laid out from left to right.
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type Panel,
  type RowPanel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { MonitoringConfig } from '../config.js';
import { annotation } from './annotations.js';
import { dashboardLinks, TAG } from './links.js';
import type { DashboardPlan, PanelPlan, Section } from './model.js';
import { panel, sizeOf } from './panels.js';
import { datasourceVariables, queryVariable } from './variables.js';

const COLUMNS = 24;
const ROW_HEIGHT = 1;

export function buildDashboard(config: MonitoringConfig, plan: DashboardPlan): Dashboard {
  const builder = new DashboardBuilder(plan.title)
    .uid(plan.uid)
    .description(plan.description)
    .tags([TAG, 'generated'])
    .timezone('utc')
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-6h', to: 'now' })
    .refresh('30s')
    .variables([...datasourceVariables(usesLongTerm(plan)), ...plan.variables.map(queryVariable)])
    .annotations(plan.annotations.map(annotation))
    .links(dashboardLinks(config));
  return { ...builder.build(), panels: layOut(plan.sections) };
}

function usesLongTerm({ sections }: DashboardPlan): boolean {
  return sections.some(({ panels }) => panels.some(({ longTerm }) => longTerm !== undefined));
}

/** Ids count from 1, rows included; a collapsed row holds its panels, an open one precedes them. */
function layOut(sections: readonly Section[]): (Panel | RowPanel)[] {
  const laid: (Panel | RowPanel)[] = [];
  let id = 0;
  let y = 0;
  for (const { collapsed = false, panels, title } of sections) {
    id += 1;
    const rowId = id;
    const rowY = y;
    y += ROW_HEIGHT;
    const { bottom, places } = placesOf(panels, y);
    const built = panels.map((plan, index) => {
      id += 1;
      return panel(plan, id, places[index] ?? { x: 0, y });
    });
    const row = { collapsed, gridPos: { h: ROW_HEIGHT, w: COLUMNS, x: 0, y: rowY }, id: rowId };
    laid.push({ ...row, type: 'row', title, panels: collapsed ? built : [] });
    if (!collapsed) laid.push(...built);
    // Rows below a closed one stand right under it; Grafana moves them when it is opened.
    y = collapsed ? y : bottom;
  }
  return laid;
}

/** From left to right; what does not fit begins a line below the highest of the line. */
function placesOf(panels: readonly PanelPlan[], top: number) {
  let x = 0;
  let y = top;
  let bottom = top;
  const places = panels.map((plan) => {
    const [width, height] = sizeOf(plan);
    if (x + width > COLUMNS) {
      x = 0;
      y = bottom;
    }
    const place = { x, y };
    x += width;
    bottom = Math.max(bottom, y + height);
    return place;
  });
  return { bottom, places };
}
