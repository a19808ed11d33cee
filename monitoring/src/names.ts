// The names that rules, dashboards, scrape targets and the seed's own queries share, written once.

/** Prometheus' `job` of everything that is scraped. */
export const JOBS = {
  eventStore: 'event-store',
  teg: 'teg',
  /** The registries of the home frame. */
  registry: 'registry',
  /** Those of every other frame: the home frame's federation peers. */
  peerRegistry: 'peer-registry',
  canary: 'canary-exporter',
  traffic: 'traffic',
  node: 'node-exporter',
  postgres: 'postgres-exporter',
  redis: 'redis-exporter',
  cadvisor: 'cadvisor',
  crowdsec: 'crowdsec',
  crowdsecBouncer: 'crowdsec-bouncer',
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
  victoriaMetrics: 'victoria-metrics',
} as const;

export type Job = (typeof JOBS)[keyof typeof JOBS];

/** Prometheus' `tier` of a target: what it is for, and who is asked when it is down. */
export const TIERS = {
  application: 'application',
  canary: 'canary',
  infrastructure: 'infrastructure',
  monitoring: 'monitoring',
  /** The guards of the hosts. */
  security: 'security',
  sandbox: 'sandbox',
} as const;

export type Tier = (typeof TIERS)[keyof typeof TIERS];

export const TIER_OF: Readonly<Record<Job, Tier>> = {
  [JOBS.eventStore]: TIERS.application,
  [JOBS.teg]: TIERS.application,
  [JOBS.registry]: TIERS.application,
  [JOBS.peerRegistry]: TIERS.application,
  [JOBS.canary]: TIERS.canary,
  [JOBS.traffic]: TIERS.sandbox,
  [JOBS.node]: TIERS.infrastructure,
  [JOBS.postgres]: TIERS.infrastructure,
  [JOBS.redis]: TIERS.infrastructure,
  [JOBS.cadvisor]: TIERS.infrastructure,
  [JOBS.crowdsec]: TIERS.security,
  [JOBS.crowdsecBouncer]: TIERS.security,
  [JOBS.prometheus]: TIERS.monitoring,
  [JOBS.alertmanager]: TIERS.monitoring,
  [JOBS.victoriaMetrics]: TIERS.monitoring,
};

export const SEVERITIES = ['critical', 'warning', 'info', 'none'] as const;
/** `none` is for the watchdog alone. */
export type Severity = (typeof SEVERITIES)[number];

/** The dashboards that alerts and panels link to, by their fixed uids. */
export const DASHBOARDS = {
  overview: { uid: 'system-overview', title: '01 — System Overview' },
  services: { uid: 'registry-service-health', title: '02 — Registry & Service Health' },
  economics: { uid: 'teg-token-economics', title: '03 — TEG / Token Economics' },
  eventStore: { uid: 'eventstore-dual-frame', title: '04 — EventStore: Dual-Frame Unified' },
  postgres: { uid: 'postgresql-performance', title: '05 — PostgreSQL Performance' },
  containers: { uid: 'container-resources', title: 'Container Resources (cAdvisor)' },
  canary: { uid: 'canary-reactor', title: '28 — Canary Reactor' },
  auditor: { uid: 'supply-auditor', title: '29 — Supply Auditor' },
} as const;

export type DashboardName = keyof typeof DASHBOARDS;

/** The dashboard of one additional frame. */
export function frameDashboard(frame: string): { readonly uid: string; readonly title: string } {
  return { uid: `frame-${frame.toLowerCase()}-sovereign`, title: `Frame ${frame} Sovereign` };
}
