// The series of a real scrape, with every label that they had: cases pick from them, so that no
// series is written to fit its rule.
import { readFileSync } from 'node:fs';

export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Written by `npm run monitoring -- record` from a running Prometheus. */
export const RECORDED_SERIES = 'monitoring/src/cases/recorded-series.txt';

/** Written by `npm run monitoring -- security --record`, from the programs themselves. */
export const RECORDED_SECURITY_SERIES = 'monitoring/src/cases/recorded-security-series.txt';

/** Not recorded, for cAdvisor runs beside containers only: the shape that its own tests expect. */
export const PUBLISHED_CONTAINER_SERIES = 'monitoring/src/cases/published-container-series.txt';

const SOURCES = [RECORDED_SERIES, RECORDED_SECURITY_SERIES, PUBLISHED_CONTAINER_SERIES];

export function recordedSeries(): readonly Series[] {
  const lines = SOURCES.flatMap((file) =>
    readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8').split('\n'),
  );
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map(parseSeries);
}

/** Throws a `TypeError` for what is not `name{label="value",...}`. */
export function parseSeries(text: string): Series {
  const match = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?$/.exec(text);
  if (match === null) throw new TypeError(`${text} is not a series`);
  const [, name = '', inside = ''] = match;
  const pairs = [...inside.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/g)];
  if (pairs.map(([whole]) => whole).join('') !== inside) {
    throw new TypeError(`${text} has labels that cannot be read`);
  }
  const labels = pairs.map(([, label = '', value = '']) => [label, unescaped(value)] as const);
  return { name, labels: Object.fromEntries(labels) };
}

export function renderSeries({ name, labels }: Series): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${pairs.join(',')}}`;
}

/** Those that have the selector's name and at least its labels; throws when there is none. */
export function pick(recorded: readonly Series[], selector: string): readonly Series[] {
  const wanted = parseSeries(selector);
  const found = recorded.filter(
    ({ name, labels }) =>
      name === wanted.name &&
      Object.entries(wanted.labels).every(([label, value]) => labels[label] === value),
  );
  if (found.length === 0) throw new RangeError(`no scrape has shown ${selector}`);
  return found;
}

function unescaped(value: string): string {
  return JSON.parse(`"${value}"`) as string;
}
