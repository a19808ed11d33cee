// The rule files as Prometheus loads them, and every alert with all that belongs to it.
import type { MonitoringConfig } from '../config.js';
import { type Alert, type AlertGroup, dashboardUrl, holdOf, runbookUrl } from './alert.js';
import { canaryBudgetAlerts } from './canary-budget.js';
import { canaryHealthAlerts } from './canary-health.js';
import { canaryPathAlerts } from './canary-paths.js';
import { databaseAlerts } from './databases.js';
import { frameAlerts } from './frames.js';
import { containerAlerts, hostAlerts } from './hosts.js';
import { informationAlerts } from './information.js';
import { recordings } from './records.js';
import { securityAlerts } from './security.js';
import { selfAlerts } from './self.js';
import { serviceAlerts } from './services.js';
import { supplyAlerts } from './supply.js';

/** The seed's file name. */
export const ALERTS_FILE = 'prometheus_alerts.yml';
export const RECORDS_FILE = 'prometheus_records.yml';

export interface RuleFile {
  readonly groups: readonly {
    readonly name: string;
    readonly interval: string;
    readonly rules: readonly Rule[];
  }[];
}

export type Rule =
  | { readonly record: string; readonly expr: string }
  | {
      readonly alert: string;
      readonly expr: string;
      readonly for?: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    };

/** In the order in which an operator looks: supply first. Throws on two alerts of one name. */
export function alertGroups(config: MonitoringConfig): readonly AlertGroup[] {
  const groups = [
    supplyAlerts(config),
    serviceAlerts(config),
    ...frameAlerts(config),
    databaseAlerts(config),
    hostAlerts(config),
    ...containerAlerts(config),
    securityAlerts(config),
    canaryBudgetAlerts(config),
    canaryPathAlerts(config),
    canaryHealthAlerts(config),
    informationAlerts(config),
    selfAlerts(),
  ];
  const names = groups.flatMap((group) => group.alerts.map(({ alert }) => alert));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TypeError(`two alerts are called ${twice}`);
  return groups;
}

export function alertsFile(config: MonitoringConfig): RuleFile {
  const interval = `${config.times.evaluationSeconds}s`;
  return {
    groups: alertGroups(config).map(({ name, alerts }) => ({
      name,
      interval,
      rules: alerts.map((alert) => alertingRule(config, alert)),
    })),
  };
}

export function recordsFile(config: MonitoringConfig): RuleFile {
  const interval = `${config.times.evaluationSeconds}s`;
  return {
    groups: recordings(config).map(({ name, records }) => ({ name, interval, rules: records })),
  };
}

function alertingRule(config: MonitoringConfig, alert: Alert): Rule {
  return {
    alert: alert.alert,
    expr: alert.expr,
    ...(alert.forSeconds > 0 ? { for: holdOf(config, alert.forSeconds) } : {}),
    labels: { severity: alert.severity, component: alert.component },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: runbookUrl(config, alert.alert),
      dashboard_url: dashboardUrl(config, alert.dashboard),
    },
  };
}
