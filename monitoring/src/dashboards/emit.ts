// All dashboards of an installation, by the names of their files.
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { MonitoringConfig } from '../config.js';
import { buildDashboard } from './build.js';
import { canaryReactor } from './canary-reactor.js';
import { containers } from './containers.js';
import { eventStore } from './event-store.js';
import { frameSovereign } from './frame-sovereign.js';
import type { DashboardPlan } from './model.js';
import { postgresql } from './postgresql.js';
import { serviceHealth } from './service-health.js';
import { supplyAuditor } from './supply-auditor.js';
import { systemOverview } from './system-overview.js';
import { tokenEconomics } from './token-economics.js';

/** Where Grafana's provisioning finds them, from the repository's root. */
export const DASHBOARD_DIRECTORY = 'monitoring/grafana/provisioning/dashboards/json';

/** Every dashboard as rows of data; the home frame has none of its own. */
export function dashboardPlans(config: MonitoringConfig): readonly DashboardPlan[] {
  return [
    systemOverview(config),
    serviceHealth(config),
    tokenEconomics(),
    eventStore(config),
    postgresql(config),
    containers(config),
    ...config.topology.frames.slice(1).map(({ id }) => frameSovereign(config, id)),
    canaryReactor(config),
    supplyAuditor(config),
  ];
}

/** The name of each file, and the dashboard in it. */
export function emitDashboards(config: MonitoringConfig): Readonly<Record<string, Dashboard>> {
  return Object.fromEntries(
    dashboardPlans(config).map((plan) => [`${plan.uid}.json`, buildDashboard(config, plan)]),
  );
}
