// The dashboards as Grafana will read them: shape, places, links, variables, and fresh files.
import { readFileSync } from 'node:fs';
import type {
  Dashboard,
  DashboardLink,
  Panel,
  RowPanel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import { describe, expect, test } from 'vitest';
import { REFERENCE } from '../../monitoring/src/config.js';
import {
  DASHBOARD_DIRECTORY,
  dashboardPlans,
  emitDashboards,
} from '../../monitoring/src/dashboards/emit.js';
import { TAG } from '../../monitoring/src/dashboards/links.js';
import { DATA_SOURCES } from '../../monitoring/src/grafana.js';
import { variablesIn } from '../../monitoring/src/live/substitute.js';
import { DASHBOARDS, frameDashboard } from '../../monitoring/src/names.js';
import { GENERATED } from '../../scripts/generate.js';

const COLUMNS = 24;
const SCHEMA_VERSION_MAX = 42;
const OPEN_PANELS_MAX = 25;

/** The data sources that only one thing can be: they are provisioned, and have no variable. */
const APIS = new Set<string>([DATA_SOURCES.platformApi, DATA_SOURCES.canaryApi]);
const SOURCE = new RegExp(`^(\\$\\{(datasource|longterm)\\}|${[...APIS].join('|')})$`);

const emitted = emitDashboards(REFERENCE);
const cases = Object.entries(emitted).map(([file, dashboard]) => ({ file, dashboard }));
const uids = new Set(cases.map(({ dashboard }) => dashboard.uid));

describe('the set of dashboards', () => {
  test('has the titles and uids by which operators know them', () => {
    const known = Object.values(DASHBOARDS).map(({ title, uid }) => [uid, title]);
    const frame = frameDashboard('B');
    expect(frame).toEqual({ uid: 'frame-b-sovereign', title: 'Frame B Sovereign' });
    expect(new Map(cases.map(({ dashboard: { title, uid } }) => [uid, title]))).toEqual(
      new Map([...known, [frame.uid, frame.title]] as [string, string][]),
    );
    expect(cases.map(({ dashboard, file }) => [`${dashboard.uid}.json`, file])).toEqual(
      cases.map(({ file }) => [file, file]),
    );
  });

  test('follows the topology: one for each frame but the home frame', () => {
    const frames = ['A', 'B', 'C', 'D'].map((id) => ({ id, registries: [`${id}1`] }));
    const topology = { ...REFERENCE.topology, frames };
    const files = Object.keys(emitDashboards({ ...REFERENCE, topology }));
    expect(files.filter((file) => file.startsWith('frame-'))).toEqual([
      'frame-b-sovereign.json',
      'frame-c-sovereign.json',
      'frame-d-sovereign.json',
    ]);
    const alone = { ...REFERENCE.topology, frames: frames.slice(0, 1) };
    const single = Object.keys(emitDashboards({ ...REFERENCE, topology: alone }));
    expect(single).toHaveLength(Object.keys(DASHBOARDS).length);
  });

  test('is in the repository as a fresh generation would write it', () => {
    const files = GENERATED.filter(({ file }) => file.startsWith(DASHBOARD_DIRECTORY));
    expect(files).toHaveLength(cases.length);
    for (const { content, file } of files) {
      expect(readFileSync(file, 'utf8') === content(), `${file}: npm run generate`).toBe(true);
    }
  });
});

describe.each(cases)('$file', ({ dashboard, file }) => {
  test('survives the way through JSON, as the SDK types it', () => {
    const text = readFileSync(`${DASHBOARD_DIRECTORY}/${file}`, 'utf8');
    const read: Dashboard = JSON.parse(text);
    expect(read).toEqual(JSON.parse(JSON.stringify(dashboard)));
    expect(text).not.toContain('undefined');
    expect(read.schemaVersion).toBeLessThanOrEqual(SCHEMA_VERSION_MAX);
    expect(read).not.toHaveProperty('id');
  });

  test('shows six hours, refreshes, and links to its like by tag', () => {
    expect(dashboard).toMatchObject({
      time: { from: 'now-6h', to: 'now' },
      refresh: '30s',
      editable: true,
    });
    expect(dashboard.tags).toContain(TAG);
    expect(dashboard.links).toContainEqual(
      expect.objectContaining({ type: 'dashboards', tags: [TAG], keepTime: true }),
    );
  });

  test('gives every panel an id of its own', () => {
    const ids = everything(dashboard).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain(undefined);
  });

  test('lays panels out without overlap and within the grid', () => {
    for (const group of [visible(dashboard), ...rows(dashboard).map(({ panels }) => panels)]) {
      expect(overlaps(group)).toEqual([]);
    }
    const outside = everything(dashboard).filter(
      ({ gridPos }) => gridPos === undefined || gridPos.x + gridPos.w > COLUMNS || gridPos.w < 1,
    );
    expect(outside).toEqual([]);
  });

  test('opens few panels at once', () => {
    const open = visible(dashboard).filter(({ type }) => type !== 'row');
    expect(open.length).toBeLessThanOrEqual(OPEN_PANELS_MAX);
  });

  test('explains every panel, gives it a unit and its data source by variable', () => {
    for (const panel of panels(dashboard)) {
      expect(panel.description?.length ?? 0, panel.title).toBeGreaterThan(15);
      expect(panel.fieldConfig?.defaults.unit, panel.title).toBeTruthy();
      expect(panel.fieldConfig?.defaults.thresholds?.steps[0]?.value, panel.title).toBeNull();
      expect(panel.datasource?.uid ?? '', panel.title).toMatch(SOURCE);
      if (APIS.has(panel.datasource?.uid ?? '')) {
        expect(panel.targets, panel.title).toMatchObject([{ datasource: panel.datasource }]);
      }
      for (const query of queries(panel)) {
        expect(query.datasource, panel.title).toEqual(panel.datasource);
        expect(query.legendFormat, panel.title).toBeTruthy();
      }
      const refIds = queries(panel).map(({ refId }) => refId);
      expect(new Set(refIds).size, panel.title).toBe(refIds.length);
    }
  });

  test('hides no empty query behind a made-up value', () => {
    for (const { expr } of panels(dashboard).flatMap(queries)) {
      expect(expr).not.toMatch(/\bvector\s*\(|\babsent\s*\(/);
    }
  });

  test('links to dashboards that there are', () => {
    const urls = everyLink(dashboard).flatMap(({ url }) => url ?? []);
    const targets = urls.flatMap((url) => /^\/d\/([^?]+)\?/.exec(url)?.[1] ?? []);
    expect(targets.filter((uid) => !uids.has(uid))).toEqual([]);
    expect(urls.filter((url) => url.startsWith('/')).length).toBe(targets.length);
  });

  test('hands variables over that the target declares', () => {
    for (const { url } of everyLink(dashboard)) {
      const uid = /^\/d\/([^?]+)\?/.exec(url ?? '')?.[1];
      if (uid === undefined) continue;
      const handed = [...(url ?? '').matchAll(/var-(\w+)=/g)].map(([, name]) => name);
      expect(declaredBy(emitted[`${uid}.json`])).toEqual(expect.arrayContaining(handed));
    }
  });

  test('declares each variable that it uses, and uses each that it declares', () => {
    const text = JSON.stringify({ ...dashboard, templating: undefined });
    const inVariables = JSON.stringify(dashboard.templating.list?.map(({ query }) => query));
    const used = new Set([...variablesIn(text), ...variablesIn(inVariables)]);
    const own = [...used].filter((name) => !name.startsWith('__'));
    expect(own.toSorted()).toEqual(declaredBy(dashboard).toSorted());
  });
});

test('the overview names the dashboard behind each of its tiles', () => {
  const [overview] = dashboardPlans(REFERENCE);
  const tiles = overview?.sections[0]?.panels.filter(({ drill }) => drill !== undefined) ?? [];
  const drilled = new Set(tiles.map(({ drill }) => drill?.uid));
  const others = [...uids].filter((uid) => uid !== DASHBOARDS.overview.uid);
  expect([...drilled].toSorted()).toEqual(others.toSorted());
  for (const { drill, title } of tiles) {
    const [name = ''] = title.split(':');
    expect(drill?.title.startsWith(name), `${title} leads to ${drill?.title}`).toBe(true);
  }
});

test('the canaries have their eight sections', () => {
  const titles = rows(emitted['canary-reactor.json']).map(({ title }) => title?.slice(0, 2));
  expect(titles).toEqual(['1 ', '2 ', '3 ', '4 ', '5 ', '6 ', '7 ', '8 ']);
  const marks = emitted['canary-reactor.json']?.annotations.list?.map(({ name }) => name);
  expect(marks).toEqual(['Worker starts', 'Registry restarts', 'Warm-up']);
});

function visible({ panels: all = [] }: Dashboard): readonly (Panel | RowPanel)[] {
  return all;
}

function rows(dashboard: Dashboard | undefined): readonly RowPanel[] {
  return (dashboard?.panels ?? []).filter(isRow);
}

function isRow(panel: Panel | RowPanel): panel is RowPanel {
  return panel.type === 'row';
}

function everything(dashboard: Dashboard): readonly (Panel | RowPanel)[] {
  return [...visible(dashboard), ...rows(dashboard).flatMap(({ panels: inside }) => inside)];
}

function panels(dashboard: Dashboard): readonly Panel[] {
  return everything(dashboard).filter((one): one is Panel => !isRow(one));
}

function queries({ targets = [] }: Panel): readonly Dataquery[] {
  return targets.filter((one): one is Dataquery => 'expr' in one);
}

function everyLink(dashboard: Dashboard): readonly DashboardLink[] {
  const ofPanels = panels(dashboard).flatMap(({ fieldConfig, links = [] }) => [
    ...links,
    ...(fieldConfig?.defaults.links ?? []),
  ]);
  return [...(dashboard.links ?? []), ...ofPanels];
}

function declaredBy(dashboard: Dashboard | undefined): string[] {
  return (dashboard?.templating.list ?? []).map(({ name }) => name);
}

/** Pairs of panels that share a cell of the grid. */
function overlaps(group: readonly (Panel | RowPanel)[]): readonly string[] {
  const taken = new Map<string, string>();
  const found: string[] = [];
  for (const { gridPos, title = '' } of group) {
    const { h, w, x, y } = gridPos ?? { h: 0, w: 0, x: 0, y: 0 };
    for (let column = x; column < x + w; column += 1) {
      for (let row = y; row < y + h; row += 1) {
        const other = taken.get(`${column}/${row}`);
        if (other !== undefined) found.push(`${other} and ${title}`);
        taken.set(`${column}/${row}`, title);
      }
    }
  }
  return [...new Set(found)];
}
