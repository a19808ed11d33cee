// The runbook: a section for every alert, in the order of the rule file.
import type { MonitoringConfig } from '../config.js';
import { duration } from '../duration.js';
import type { Severity } from '../names.js';
import { type Alert, percent } from './alert.js';
import { alertGroups } from './rule-files.js';

const ACTIONS: Readonly<Record<Severity, string>> = {
  critical: 'look now, at any hour',
  warning: 'look within the hour',
  info: 'nobody is called; it explains the next page',
  none: 'its absence is the alarm',
};

/** Markdown, as `docs/runbook.md`. */
export function runbookPage(config: MonitoringConfig): string {
  const groups = alertGroups(config);
  return [
    '# Runbook',
    'What to do about each alert of `monitoring/prometheus/prometheus_alerts.yml`, whose mails ' +
      'link here. Only the supply alerts mean "stop everything"; everything else is "look in the ' +
      'next hour".',
    severityTable(),
    '## Objective',
    `${percent(config.slo.objectiveRatio)} of all tests pass within ${config.slo.periodDays} ` +
      `days. ` +
      'Only `failed` counts against it: `observer`, `inconclusive` and `unpaid` are ours.',
    ...groups.flatMap(({ name, alerts }) => [`## ${name}`, ...alerts.flatMap(section)]),
  ].join('\n\n');
}

function severityTable(): string {
  const rows = Object.entries(ACTIONS).map(([severity, action]) => `| ${severity} | ${action} |`);
  return ['| severity | what it asks of you |', '| --- | --- |', ...rows].join('\n');
}

function section(alert: Alert): readonly string[] {
  const hold = alert.forSeconds === 0 ? 'at once' : `after ${duration(alert.forSeconds)}`;
  return [
    `### ${alert.alert}`,
    `**${alert.severity}, ${hold}.** ${alert.summary}.`,
    `\`\`\`promql\n${alert.expr}\n\`\`\``,
    `**Means:** ${alert.runbook.means}`,
    `**Look:** ${alert.runbook.look}`,
    `**Mend:** ${alert.runbook.mend}`,
  ];
}
