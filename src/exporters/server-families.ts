// The Temporal server's metrics, reduced from some 200 families with thousands of series to the
// allow-list: kept label values, kept labels, and the series that then look alike made one.
import { type Family, headOf, type Labels, pickLabels, type Sample, valueText } from './family.js';
import { SERVER_METRICS, type ServerMetric } from './metrics.js';

/** More series than this in one family is not what the allow-list was made for. */
const SERIES_MAX = 1_000;

const NAMES: ReadonlySet<string> = new Set(SERVER_METRICS.map(({ from }) => from));

export function isServerFamily(name: string): boolean {
  return NAMES.has(name);
}

/**
 * The families of the allow-list under our names. A counter whose labels are all restricted to
 * known values has every series from the start: the server creates one at its first event only.
 * Throws when a family is not of the listed type or has too many series, or when none is there.
 */
export function serverFamilies(families: readonly Family[]): readonly Family[] {
  if (families.length === 0) throw new Error('no family of a Temporal server');
  const byName = new Map(families.map((family) => [family.name, family]));
  return SERVER_METRICS.map((row) => reduce(row, byName.get(row.from)));
}

function reduce(row: ServerMetric, family: Family | undefined): Family {
  const { metric, where } = row;
  if (family !== undefined && family.type !== metric.type) {
    throw new Error(`${row.from} is a ${family.type}, expected a ${metric.type}`);
  }
  const wanted = (family?.samples ?? []).filter(({ labels }) => isWithin(labels, where));
  const merged = new Map<string, Sample>();
  for (const sample of [...zeroSamples(row), ...wanted.map((one) => renamed(row, one))]) {
    const key = JSON.stringify([sample.name, Object.values(sample.labels)]);
    const known = merged.get(key);
    merged.set(key, known === undefined ? sample : mergedSample(row, known, sample));
  }
  if (merged.size > SERIES_MAX) throw new Error(`${row.from} has ${merged.size} series`);
  return { ...headOf(metric), samples: [...merged.values()] };
}

function isWithin(labels: Labels, where: ServerMetric['where']): boolean {
  return Object.entries(where).every(([name, values]) => values.includes(labels[name] ?? ''));
}

function renamed({ from, metric }: ServerMetric, { name, labels, value }: Sample): Sample {
  const { le } = labels;
  return {
    name: metric.name + name.slice(from.length),
    labels: {
      ...Object.fromEntries(metric.labels.map((label) => [label, labels[label] ?? ''])),
      ...(metric.type === 'histogram' && le !== undefined ? { le } : {}),
    },
    value,
  };
}

function mergedSample({ merge }: ServerMetric, one: Sample, other: Sample): Sample {
  const values = [Number(one.value), Number(other.value)] as const;
  const value = merge === 'sum' ? values[0] + values[1] : Math.max(...values);
  return { ...one, value: valueText(value) };
}

function zeroSamples({ metric, where }: ServerMetric): readonly Sample[] {
  if (metric.type !== 'counter') return [];
  if (metric.labels.some((label) => where[label] === undefined)) return [];
  return combinations(metric.labels, where).map((labels) => ({
    name: metric.name,
    labels: pickLabels(metric.labels, labels),
    value: '0',
  }));
}

function combinations(names: readonly string[], where: ServerMetric['where']): readonly Labels[] {
  return names.reduce<readonly Labels[]>(
    (sets, name) =>
      sets.flatMap((set) => (where[name] ?? []).map((value) => ({ ...set, [name]: value }))),
    [{}],
  );
}
