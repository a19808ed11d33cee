// A metric family as Prometheus knows it, before it is text: name, type, help, samples.

export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  /** The whole name, a histogram's suffix included. */
  readonly name: string;
  readonly labels: Labels;
  /** As the text format writes it, so that what is only passed on stays exact. */
  readonly value: string;
}

export interface Family {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** A row of the table of metrics: all that others see of a family of ours. */
export interface Metric<Label extends string = string> {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly Label[];
}

/** One series of a counter or gauge. A string is an exact decimal number. */
export interface Row<Label extends string = string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number | bigint | string | boolean;
}

/** The family of a counter or gauge; of each row only the metric's own labels are shown. */
export function familyOf<Label extends string>(
  metric: Metric<Label>,
  rows: readonly Row<Label>[],
): Family {
  return {
    ...headOf(metric),
    samples: rows.map(({ labels, value }) => ({
      name: metric.name,
      labels: pickLabels(metric.labels, labels),
      value: valueText(value),
    })),
  };
}

export function headOf(metric: Metric): Omit<Family, 'samples'> {
  return { name: metric.name, type: metric.type, help: metric.help };
}

export function pickLabels<Label extends string>(
  names: readonly Label[],
  labels: Readonly<Record<Label, string>>,
): Labels {
  return Object.fromEntries(names.map((name) => [name, labels[name]]));
}

/** A value as the text format writes it; yes is 1 and no is 0. */
export function valueText(value: Row['value']): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

/**
 * Each name once, its samples together, in the order of first appearance: the text format allows
 * nothing else. A family whose type contradicts an earlier one of its name is left out.
 */
export function joinFamilies(families: readonly Family[]): readonly Family[] {
  const joined = new Map<string, { readonly family: Family; readonly samples: Sample[] }>();
  for (const family of families) {
    const known = joined.get(family.name);
    if (known === undefined) {
      joined.set(family.name, { family, samples: [...family.samples] });
    } else if (known.family.type === family.type) {
      for (const sample of family.samples) known.samples.push(sample);
    }
  }
  return [...joined.values()].map(({ family, samples }) => ({ ...family, samples }));
}
