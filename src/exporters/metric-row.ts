// The rows of the tables of metrics: a counter, a gauge, a histogram.
import type { Metric } from './family.js';

export function counter<const Label extends string>(
  name: string,
  help: string,
  labels: readonly Label[],
): Metric<Label> {
  return { name, type: 'counter', help, labels };
}

export function gauge<const Label extends string>(
  name: string,
  help: string,
  labels: readonly Label[],
): Metric<Label> {
  return { name, type: 'gauge', help, labels };
}

export function histogram<const Label extends string>(
  name: string,
  help: string,
  labels: readonly Label[],
): Metric<Label> {
  return { name, type: 'histogram', help, labels };
}
