// Families as the Prometheus text format 0.0.4. One format, always: there are no exemplars to
// carry, and every Prometheus and VictoriaMetrics reads it.
import { type Family, joinFamilies, type Labels } from './family.js';

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The text of all families that have samples: each name once, HELP and TYPE before its samples. */
export function writeFamilies(families: readonly Family[]): string {
  return joinFamilies(families).map(writeFamily).join('');
}

function writeFamily({ name, type, help, samples }: Family): string {
  if (samples.length === 0) return '';
  const lines = samples.map((one) => `${one.name}${writeLabels(one.labels)} ${one.value}\n`);
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function writeLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
