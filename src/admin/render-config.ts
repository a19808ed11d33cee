// The configuration for people: whether it is usable, and every setting with where it came from.
import type { SettingSource } from '../config-settings.js';
import { formatMs } from './format.js';
import type { ConfigCheck, ShownConfig } from './operations/show-config.js';
import type { Paint } from './paint.js';
import { type Cell, renderTable } from './table.js';

export function renderConfigCheck(check: ConfigCheck, paint: Paint): string {
  const { intra, async, '2pc': twoPhase } = check.pathsOfBackend;
  return [
    `${paint('usable', 'green')}  ${check.file}`,
    `${check.frames} frames, ${check.registries} registries, ${check.agents} agents`,
    `${check.paths} paths every ${formatMs(check.intervalMs)}: ` +
      `${intra} intra, ${async} async, ${twoPhase} 2pc`,
    ...check.warnings.map((warning) => `${paint('warning', 'yellow')}  ${warning}`),
  ].join('\n');
}

export function renderConfig({ file, settings }: ShownConfig, paint: Paint): string {
  const columns = [{ title: 'setting' }, { title: 'from' }, { title: 'value' }] as const;
  const rows = settings.map(({ setting, source, value }): readonly Cell[] => [
    setting,
    ...originAndValue(source, typeof value === 'string' ? value : JSON.stringify(value)),
  ]);
  return [`lines are those of ${file}`, '', renderTable(columns, rows, paint)].join('\n');
}

/** The name of a variable stands with the value: in a column of its own it would crowd it out. */
function originAndValue(source: SettingSource, value: string): readonly [Cell, string] {
  switch (source.kind) {
    case 'default':
      return [{ text: 'default', colour: 'gray' }, value];
    case 'file':
      return [`line ${source.line}`, value];
    case 'environment':
      return [{ text: 'variable', colour: 'bold' }, `${value} (${source.variable})`];
  }
}
