// The cases as promtool runs them: `promtool test rules`.
import { type MonitoringConfig, REFERENCE } from '../config.js';
import { type Alert, dashboardUrl, runbookUrl } from '../rules/alert.js';
import { ALERTS_FILE, alertGroups, RECORDS_FILE } from '../rules/rule-files.js';
import type { AlertCase } from './alert-case.js';
import type { CaseFile } from './case-files.js';
import { pick, renderSeries, type Series } from './recorded-series.js';

/** Throws when a case names an alert or a series that there is not. */
export function promtoolFile(
  { cases, interval }: CaseFile,
  recorded: readonly Series[],
  config: MonitoringConfig = REFERENCE,
): object {
  const alerts = alertGroups(config).flatMap((group) => group.alerts);
  return {
    rule_files: [`../${RECORDS_FILE}`, `../${ALERTS_FILE}`],
    evaluation_interval: interval,
    tests: cases.map((one) => {
      const alert = alerts.find(({ alert: name }) => name === one.alert);
      if (alert === undefined) throw new RangeError(`no alert is called ${one.alert}`);
      return { interval, ...testOf(one, alert, recorded, config) };
    }),
  };
}

function testOf(
  one: AlertCase,
  alert: Alert,
  recorded: readonly Series[],
  config: MonitoringConfig,
): object {
  const chosen = one.series.map(({ select, values, count = 1 }) => {
    const found = pick(recorded, select);
    return { values, series: count === 'all' ? found : found.slice(0, count) };
  });
  const labels = { ...kept(chosen[0]?.series[0]?.labels ?? {}, one.keeps), ...one.adds };
  const expected = {
    exp_labels: { ...labels, severity: alert.severity, component: alert.component },
    exp_annotations: {
      summary: alert.summary,
      description: one.says.replace(/\{(\w+)\}/g, (_, name: string) => labels[name] ?? ''),
      runbook_url: runbookUrl(config, alert.alert),
      dashboard_url: filled(dashboardUrl(config, alert.dashboard), labels),
    },
  };
  return {
    name: `${one.alert}: ${one.what}`,
    input_series: chosen.flatMap(({ series, values }) =>
      series.map((picked) => ({ series: renderSeries(picked), values })),
    ),
    alert_rule_test: [
      { eval_time: one.silentAt, alertname: one.alert, exp_alerts: [] },
      { eval_time: one.firesAt, alertname: one.alert, exp_alerts: [expected] },
    ],
  };
}

function kept(
  labels: Readonly<Record<string, string>>,
  names: readonly string[] = Object.keys(labels),
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}

/** What Prometheus makes of a template that only names labels. */
function filled(template: string, labels: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => labels[name] ?? '');
}
