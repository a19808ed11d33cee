// A table panel: lines of all queries with the same labels are one, as Grafana merges them.
import type { PanelPlan } from '../dashboards/model.js';
import { colourOf, escapeHtml, newest, type PanelData, textOf } from './panel-data.js';

interface Line {
  readonly labels: readonly string[];
  readonly values: (number | undefined)[];
}

const LINES_MAX = 60;

export function panelTable(plan: PanelPlan, data: PanelData): string {
  const columns = Object.entries(plan.columns ?? {});
  const lines = sorted(plan, merged(plan, data));
  const titles = [...columns.map(([, title]) => title), ...plan.queries.map((one) => one.legend)];
  const head = titles.map((title) => `<th>${escapeHtml(title)}</th>`).join('');
  const rows = lines.slice(0, LINES_MAX).map(({ labels, values }) => {
    const cells = plan.queries.map((_query, index) => cell(plan, index, values[index]));
    const places = labels.map((text) => `<td>${escapeHtml(text)}</td>`);
    return `<tr>${[...places, ...cells].join('')}</tr>`;
  });
  return `<div class="scroll"><table><tr>${head}</tr>${rows.join('')}</table></div>`;
}

function merged(plan: PanelPlan, { answers }: PanelData): readonly Line[] {
  const labels = Object.keys(plan.columns ?? {});
  const lines = new Map<string, Line>();
  for (const [query, series] of answers.entries()) {
    for (const one of series) {
      const texts = labels.map((label) => one.labels[label] ?? '');
      const key = JSON.stringify(texts);
      const line = lines.get(key) ?? { labels: texts, values: [] };
      line.values[query] = newest(one);
      lines.set(key, line);
    }
  }
  return [...lines.values()];
}

function sorted(plan: PanelPlan, lines: readonly Line[]): readonly Line[] {
  if (plan.sortBy === undefined) return lines;
  const { column, descending } = plan.sortBy;
  const label = Object.values(plan.columns ?? {}).indexOf(column);
  const query = plan.queries.findIndex(({ legend }) => legend === column);
  const keyOf = ({ labels, values }: Line) => (label < 0 ? (values[query] ?? 0) : labels[label]);
  const sign = descending ? -1 : 1;
  return lines.toSorted((one, other) => {
    const [a = '', b = ''] = [keyOf(one), keyOf(other)];
    return a === b ? 0 : sign * (a < b ? -1 : 1);
  });
}

function cell(plan: PanelPlan, index: number, value: number | undefined): string {
  if (value === undefined) return '<td></td>';
  const { decimals, mappings, thresholds, unit = plan.unit } = plan.queries[index] ?? {};
  const colour = thresholds === undefined ? '#ccccdc' : colourOf(value, thresholds, mappings);
  const text = textOf(value, {
    unit,
    ...(decimals === undefined ? {} : { decimals }),
    ...(mappings === undefined ? {} : { mappings }),
  });
  return `<td style="color:${colour}">${escapeHtml(text)}</td>`;
}
