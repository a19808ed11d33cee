// Everything about the monitoring that may differ between installations: topology, times, limits,
// receivers and addresses. Rules, dashboards and configuration files are functions of it.
import type { Job } from './names.js';

export interface MonitoringConfig {
  readonly topology: MonitoredTopology;
  /** What is scraped; unless given, the services of docker-compose.temporal.yml. */
  readonly targets?: readonly ScrapeTarget[] | undefined;
  readonly times: MonitoringTimes;
  readonly limits: MonitoringLimits;
  readonly slo: Slo;
  readonly mail: Mail;
  readonly security: SecurityFeeds;
  /** Where people find what is linked to, without a slash at the end. */
  readonly links: {
    readonly grafana: string;
    readonly prometheus: string;
    readonly alertmanager: string;
    readonly runbook: string;
    readonly page: string;
  };
}

export interface MonitoredTopology {
  /** The first is the home frame; every other one gets its own alerts and dashboard. */
  readonly frames: readonly { readonly id: string; readonly registries: readonly string[] }[];
  /** Canary agents per registry, as `platform.lanes` of the reactor's configuration. */
  readonly lanes: number;
  /** How often a cycle is due, as `cycle.interval` of the reactor's configuration. */
  readonly cycleSeconds: number;
  /** Whether containers run here, so that cAdvisor has something to say. */
  readonly hasContainers: boolean;
}

/** One process whose metrics are scraped, with the labels that say what it is. */
export interface ScrapeTarget {
  readonly job: Job;
  /** `host:port`. */
  readonly address: string;
  readonly labels?: Readonly<Partial<Record<TargetLabel, string>>> | undefined;
}

/** Labels that a target may have beside `job`, `tier` and `instance`. */
export const TARGET_LABELS = ['frame', 'registry', 'database', 'service', 'host'] as const;
export type TargetLabel = (typeof TARGET_LABELS)[number];

/** All in seconds. */
export interface MonitoringTimes {
  readonly scrapeSeconds: number;
  readonly evaluationSeconds: number;
  readonly groupWaitSeconds: number;
  readonly groupIntervalSeconds: number;
  readonly repeatSeconds: number;
  readonly watchdogRepeatSeconds: number;
  /**
   * How often Prometheus tells Alertmanager again of what fires. The first telling is lost where it
   * does not know Alertmanager yet, as in the first seconds of its life; and what is not told for
   * four times as long is over for Alertmanager. docker-compose.monitoring.yml leaves it at
   * Prometheus's own default, which is the one below.
   */
  readonly resendSeconds: number;
  /**
   * Factor on the `for` and the windows of every rule: 1 in operation, small where an end-to-end
   * case must not wait half an hour for a stale ledger.
   */
  readonly scale: number;
}

export interface MonitoringLimits {
  readonly ledgerStaleSeconds: number;
  readonly ledgerAgeSeconds: number;
  readonly errorRatio: number;
  readonly latencyP95Seconds: number;
  readonly connectionsHighRatio: number;
  readonly connectionsOfOneRatio: number;
  readonly connectionsCriticalRatio: number;
  readonly hostCpuRatio: number;
  readonly hostMemoryRatio: number;
  readonly hostDiskLowRatio: number;
  readonly diskCriticalRatio: number;
  readonly containerMemoryRatio: number;
  readonly containerRestarts: number;
  readonly deadlocks: number;
  readonly cacheHitRatio: number;
  readonly auditAgeSeconds: number;
  readonly floatAvt: number;
  readonly floatHours: number;
  readonly federationDriftSeconds: number;
  readonly validatorLagSeconds: number;
  readonly kafkaLagEvents: number;
  readonly stakeSwingRatio: number;
  readonly diskFullHours: number;
  readonly bannedAddresses: number;
  readonly fail2banAgeSeconds: number;
  readonly hardeningIndex: number;
  readonly lynisAgeSeconds: number;
}

/** The canaries' objective, and the pairs of windows whose burn rates alarm. */
export interface Slo {
  /** The share of tests that must pass, over `periodDays`. */
  readonly objectiveRatio: number;
  readonly periodDays: number;
  /** What a healthy platform loses: the noise that a page must be told from. */
  readonly noiseRatio: number;
  readonly burnRates: readonly BurnRate[];
}

export interface BurnRate {
  readonly severity: 'critical' | 'warning';
  readonly longMinutes: number;
  readonly shortMinutes: number;
  /** How many times faster than the period allows the budget is spent. */
  readonly factor: number;
}

export interface Mail {
  readonly to: string;
  readonly from: string;
  /** `host:port` of the mail server. */
  readonly smarthost: string;
  readonly requireTls: boolean;
  /** For a mail server that asks who sends; the password stands in a file beside Alertmanager. */
  readonly username?: string | undefined;
  readonly passwordFile?: string | undefined;
}

/** The guards of the hosts: they post events to Alertmanager and leave figures to be scraped. */
export interface SecurityFeeds {
  /** Where programs on the hosts reach Alertmanager: a URL without a slash at the end. */
  readonly alertmanager: string;
  /** Where the node exporter of a host looks for files of metrics. */
  readonly textfiles: string;
  /** Whose CrowdSec is scraped; what fail2ban and Lynis leave comes with the node exporter. */
  readonly hosts: readonly GuardedHost[];
}

export interface GuardedHost {
  readonly host: string;
  /** `host:port` of CrowdSec's own metrics, and of its firewall bouncer's. */
  readonly crowdsec?: string | undefined;
  readonly bouncer?: string | undefined;
}

/** The reference installation, as the committed files describe it. */
export const REFERENCE: MonitoringConfig = {
  topology: {
    frames: [
      { id: 'A', registries: ['A1', 'A2'] },
      { id: 'B', registries: ['B1'] },
    ],
    lanes: 2,
    cycleSeconds: 60,
    hasContainers: true,
  },
  times: {
    scrapeSeconds: 15,
    evaluationSeconds: 15,
    groupWaitSeconds: 10,
    groupIntervalSeconds: 60,
    repeatSeconds: 14_400,
    watchdogRepeatSeconds: 3_600,
    resendSeconds: 60,
    scale: 1,
  },
  limits: {
    ledgerStaleSeconds: 1_800,
    ledgerAgeSeconds: 900,
    errorRatio: 0.05,
    latencyP95Seconds: 2,
    connectionsHighRatio: 0.8,
    connectionsOfOneRatio: 0.5,
    connectionsCriticalRatio: 0.95,
    hostCpuRatio: 0.9,
    hostMemoryRatio: 0.9,
    hostDiskLowRatio: 0.15,
    diskCriticalRatio: 0.05,
    containerMemoryRatio: 0.9,
    containerRestarts: 3,
    deadlocks: 5,
    cacheHitRatio: 0.9,
    auditAgeSeconds: 300,
    floatAvt: 10,
    floatHours: 24,
    federationDriftSeconds: 60,
    validatorLagSeconds: 10,
    kafkaLagEvents: 1_000,
    stakeSwingRatio: 0.2,
    diskFullHours: 24,
    bannedAddresses: 50,
    fail2banAgeSeconds: 900,
    hardeningIndex: 65,
    lynisAgeSeconds: 259_200,
  },
  slo: {
    objectiveRatio: 0.99,
    periodDays: 30,
    noiseRatio: 0.002,
    burnRates: [
      { severity: 'critical', longMinutes: 60, shortMinutes: 5, factor: 14.4 },
      { severity: 'critical', longMinutes: 360, shortMinutes: 30, factor: 6 },
      { severity: 'warning', longMinutes: 1_440, shortMinutes: 120, factor: 3 },
      { severity: 'warning', longMinutes: 4_320, shortMinutes: 360, factor: 1 },
    ],
  },
  mail: {
    to: 'security@example.com',
    from: 'alertmanager@example.com',
    smarthost: 'smtp.example.com:587',
    requireTls: true,
  },
  security: {
    // As docker-compose.monitoring.yml publishes it on the host.
    alertmanager: 'http://127.0.0.1:27031',
    textfiles: '/var/lib/prometheus/node-exporter',
    hosts: [],
  },
  links: {
    grafana: 'https://grafana.example.com',
    prometheus: 'https://prometheus.example.com',
    alertmanager: 'https://alerts.example.com',
    runbook: 'https://docs.example.com/runbook',
    page: 'https://canary.example.com',
  },
};

/** Registries pay within (lanes) and to each other by two backends, as `derivePaths` has it. */
export function pathsOf({ frames, lanes }: MonitoredTopology): number {
  const registries = frames.flatMap((frame) => frame.registries).length;
  const intra = lanes > 1 ? registries * lanes : 0;
  return intra + registries * (registries - 1) * lanes * 2;
}
