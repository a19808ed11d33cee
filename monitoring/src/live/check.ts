// Asks a running Prometheus every query of every dashboard and of the cheatsheet, as Grafana would,
// and tells which one has no series. An empty one without a stated reason is a fault.
import { systemClock } from '../../../src/adapters/system-clock.js';
import type { DashboardPlan, PanelPlan, QueryPlan } from '../dashboards/model.js';
import { INSTANT_KINDS } from '../dashboards/queries.js';
import { CHEATSHEET } from './cheatsheet.js';
import type { Prometheus, Series, Span } from './prometheus.js';
import { allValues, substitute, timeValues, type Values } from './substitute.js';

export interface Checked {
  readonly dashboard: string;
  readonly panel: string;
  readonly query: string;
  readonly series: number;
  /** Of these, the ones whose newest value is a number. */
  readonly numbers: number;
  readonly emptyBecause?: string | undefined;
  /** What Prometheus said instead of an answer. */
  readonly refused?: string | undefined;
}

export interface CheckSources {
  readonly live: Prometheus;
  readonly longTerm: Prometheus;
}

const RANGE_SECONDS = 3_600;
const STEP_SECONDS = 15;
/** As many as a panel has pixels, roughly. */
const POINTS = 240;

export function isFault({ emptyBecause, refused, series }: Checked): boolean {
  return refused !== undefined || (series === 0 && emptyBecause === undefined);
}

export async function checkAll(
  sources: CheckSources,
  plans: readonly DashboardPlan[],
): Promise<readonly Checked[]> {
  const rows: Checked[] = [];
  for (const plan of plans) {
    const values = await allValues(sources.live, plan.variables);
    for (const panel of plan.sections.flatMap(({ panels }) => panels)) {
      for (const query of panel.queries)
        rows.push(await check(sources, plan, panel, query, values));
    }
  }
  return [...rows, ...(await checkCheatsheet(sources.live))];
}

async function check(
  { live, longTerm }: CheckSources,
  plan: DashboardPlan,
  panel: PanelPlan,
  { emptyBecause, expr, legend, minStep }: QueryPlan,
  values: Values,
): Promise<Checked> {
  const span = spanOf(panel);
  const times = timeValues(span.toSeconds - span.fromSeconds, span.stepSeconds, minStep);
  const source = panel.longTerm === undefined ? live : longTerm;
  const text = substitute(expr, new Map([...values, ...times]));
  const isInstant = INSTANT_KINDS.includes(panel.kind);
  const answer = () => (isInstant ? source.instant(text) : source.range(text, span));
  const place = { dashboard: plan.title, panel: panel.title, query: legend, emptyBecause };
  return { ...place, ...(await count(answer)) };
}

/** What a reader sees who opens it now: a store may refuse a month where it gives a day. */
export function spanOf({ longTerm }: PanelPlan, rangeSeconds = RANGE_SECONDS): Span {
  const toSeconds = Math.floor(systemClock.nowMs() / 1_000);
  if (longTerm !== undefined) {
    return { fromSeconds: toSeconds - 30 * 86_400, toSeconds, stepSeconds: 3_600 };
  }
  const stepSeconds = Math.max(STEP_SECONDS, Math.ceil(rangeSeconds / POINTS));
  return { fromSeconds: toSeconds - rangeSeconds, toSeconds, stepSeconds };
}

/** The queries that operators have bookmarked. */
export async function checkCheatsheet(live: Prometheus): Promise<readonly Checked[]> {
  const rows: Checked[] = [];
  for (const { emptyBecause, expr, what } of CHEATSHEET) {
    const place = { dashboard: 'Cheatsheet', panel: what, query: what, emptyBecause };
    rows.push({ ...place, ...(await count(() => live.instant(expr))) });
  }
  return rows;
}

async function count(
  answer: () => Promise<readonly Series[]>,
): Promise<Pick<Checked, 'numbers' | 'refused' | 'series'>> {
  try {
    const found = await answer();
    return { series: found.length, numbers: found.filter(endsInNumber).length };
  } catch (error) {
    const refused = error instanceof Error ? error.message : String(error);
    return { series: 0, numbers: 0, refused };
  }
}

function endsInNumber({ points }: Series): boolean {
  return !Number.isNaN(points.at(-1)?.[1] ?? Number.NaN);
}

/** The table of panel, query and series; faults are marked at the beginning of the line. */
export function checkTable(rows: readonly Checked[]): string {
  const cells = rows.map((row) => [
    isFault(row) ? 'FAULT' : row.series === 0 ? 'empty' : 'ok',
    row.dashboard,
    row.panel,
    row.query,
    String(row.series),
    row.numbers < row.series ? `${row.series - row.numbers} NaN` : '',
    row.refused ?? (row.series === 0 ? (row.emptyBecause ?? 'no reason stated') : ''),
  ]);
  const head = ['', 'dashboard', 'panel', 'query', 'series', '', ''];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((line) => line[column]?.length ?? 0)),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [head, ...cells].map(line).join('\n');
}
