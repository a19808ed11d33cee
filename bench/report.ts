// What a benchmark measured, as rows of a table: samples with their unit, never a single lucky run.
import { cpus, loadavg, totalmem } from 'node:os';
import { quantile } from '../src/domain/quantile.js';

export interface BenchRow {
  readonly name: string;
  readonly unit: string;
  readonly samples: readonly number[];
}

const GIB = 1024 ** 3;

/** The machine and its load, without which no figure means anything. */
export function describeMachine(): string {
  const [first] = cpus();
  const memoryGib = Math.round(totalmem() / GIB);
  const load = loadavg()
    .map((value) => value.toFixed(2))
    .join(' ');
  const processors = `${cpus().length} x ${first?.model ?? 'unknown processor'}`;
  return `${processors}, ${memoryGib} GiB, Node ${process.version}, load ${load}`;
}

/** A Markdown table: smallest, median, 95th and 99th percentile, largest of each row's samples. */
export function renderTable(rows: readonly BenchRow[]): string {
  const lines = rows.map((row) =>
    [
      row.name,
      row.unit,
      String(row.samples.length),
      ...[0, 0.5, 0.95, 0.99, 1].map((q) => formatNumber(quantile(row.samples, q))),
    ].join(' | '),
  );
  return [
    '| figure | unit | n | min | p50 | p95 | p99 | max |',
    '|---|---|---|---|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n');
}

function formatNumber(value: number | undefined): string {
  if (value === undefined) return '–';
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}
