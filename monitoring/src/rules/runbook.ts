// The runbook: a section for every alert, in the order of the rule file.
import type { MonitoringConfig } from '../config.js';
import { duration } from '../duration.js';
import type { Severity } from '../names.js';
import { type Alert, percent, type Runbook } from './alert.js';
import { containerAlerts } from './hosts.js';
import { alertGroups } from './rule-files.js';
import { type PostedAlert, SECURITY_EVENTS } from './security-events.js';

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
    ...withoutContainers(config),
    '## security events',
    'Posted to Alertmanager by the programs themselves, without a rule. Nothing tells their end: ' +
      'a mail comes once for each event, and none when it is over. Installing the programs: ' +
      '[security feeds](security-feeds.md).',
    ...SECURITY_EVENTS.flatMap(eventSection),
  ].join('\n\n');
}

function severityTable(): string {
  const rows = Object.entries(ACTIONS).map(([severity, action]) => `| ${severity} | ${action} |`);
  return ['| severity | what it asks of you |', '| --- | --- |', ...rows].join('\n');
}

/** What has no source in this installation is named, so that nobody waits for it. */
function withoutContainers(config: MonitoringConfig): readonly string[] {
  if (config.topology.hasContainers) return [];
  const topology = { ...config.topology, hasContainers: true };
  const names = containerAlerts({ ...config, topology }).flatMap(({ alerts }) =>
    alerts.map(({ alert }) => alert),
  );
  return [
    '## containers',
    `No source: nothing runs in a container here, so that ${names.join(' and ')} are not ` +
      'among the rules, and the panels of cAdvisor stay empty.',
  ];
}

function eventSection({ alert, by, runbook, severity, summary }: PostedAlert): readonly string[] {
  return [`### ${alert}`, `**${severity}, posted by ${by}.** ${summary}.`, ...explained(runbook)];
}

function section(alert: Alert): readonly string[] {
  const hold = alert.forSeconds === 0 ? 'at once' : `after ${duration(alert.forSeconds)}`;
  return [
    `### ${alert.alert}`,
    `**${alert.severity}, ${hold}.** ${alert.summary}.`,
    `\`\`\`promql\n${alert.expr}\n\`\`\``,
    ...explained(alert.runbook),
  ];
}

function explained({ means, look, mend, source }: Runbook): readonly string[] {
  return [
    `**Means:** ${means}`,
    `**Look:** ${look}`,
    `**Mend:** ${mend}`,
    ...(source === undefined ? [] : [`**Source:** ${source}`]),
  ];
}
