// Prometheus' own configuration: what is scraped under which labels, where alerts go, and where
// samples are kept for longer.
import type { MonitoringConfig, ScrapeTarget } from './config.js';
import { duration } from './duration.js';
import { JOBS, type Job, TIER_OF } from './names.js';

/** Where the parts of the monitoring find each other and what they watch, as `host:port`. */
export interface MonitoringPlaces {
  readonly targets: readonly ScrapeTarget[];
  readonly prometheus: string;
  /** Undefined where it cannot be had; the others do without. */
  readonly alertmanager: string | undefined;
  readonly victoriaMetrics: string | undefined;
  readonly grafana: string;
  /** The registries' HTTP APIs, as URLs without a path; the home registry's is first. */
  readonly apis: readonly string[];
  /** Our own. */
  readonly canaryApi: string;
}

/** The parts of prometheus.yml that are used here. */
export interface PrometheusConfig {
  readonly global: Readonly<Record<string, string>>;
  readonly rule_files: readonly string[];
  readonly alerting?: object;
  readonly remote_write?: readonly object[];
  readonly scrape_configs: readonly ScrapeConfig[];
}

export interface ScrapeConfig {
  readonly job_name: Job;
  readonly honor_labels: false;
  readonly sample_limit: number;
  readonly body_size_limit: string;
  readonly static_configs: readonly StaticConfig[];
  readonly metric_relabel_configs?: readonly object[];
}

export interface StaticConfig {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Beside prometheus.yml itself, which the pattern leaves out. */
const RULE_FILES = 'prometheus_*.yml';

const SCRAPE_TIMEOUT_MAX_SECONDS = 10;

/**
 * A target that goes out of bounds is one target down, and never a Prometheus without memory. Our
 * own exporter shows some thousand series, cAdvisor some ten thousand.
 */
const SAMPLE_LIMIT = 50_000;
const BODY_SIZE_LIMIT = '16MB';

export function prometheusConfig(
  config: MonitoringConfig,
  places: MonitoringPlaces,
): PrometheusConfig {
  const { scrapeSeconds, evaluationSeconds } = config.times;
  const { alertmanager, victoriaMetrics } = places;
  return {
    global: {
      scrape_interval: duration(scrapeSeconds),
      scrape_timeout: duration(Math.min(scrapeSeconds, SCRAPE_TIMEOUT_MAX_SECONDS)),
      evaluation_interval: duration(evaluationSeconds),
    },
    rule_files: [RULE_FILES],
    ...(alertmanager === undefined
      ? {}
      : { alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] } }),
    ...(victoriaMetrics === undefined
      ? {}
      : {
          remote_write: [
            {
              url: `http://${victoriaMetrics}/api/v1/write`,
              // One small installation never needs the two hundred that are the default.
              queue_config: { max_shards: 4 },
            },
          ],
        }),
    scrape_configs: scrapeConfigs(places.targets),
  };
}

/** A job that nothing is scraped for is left out. */
function scrapeConfigs(targets: readonly ScrapeTarget[]): readonly ScrapeConfig[] {
  return Object.values(JOBS).flatMap((job) => {
    const ofJob = targets.filter((target) => target.job === job);
    return ofJob.length === 0 ? [] : [scrapeConfig(job, ofJob)];
  });
}

function scrapeConfig(job: Job, targets: readonly ScrapeTarget[]): ScrapeConfig {
  return {
    job_name: job,
    // What a target says of itself never replaces what is said of it here.
    honor_labels: false,
    sample_limit: SAMPLE_LIMIT,
    body_size_limit: BODY_SIZE_LIMIT,
    static_configs: targets.map(({ address, labels }) => ({
      targets: [address],
      labels: { tier: TIER_OF[job], ...labels },
    })),
    ...(job === JOBS.postgres ? { metric_relabel_configs: OWN_DATABASE_ONLY } : {}),
  };
}

/**
 * Each exporter of a database shows all databases of its server. Of those series that name a
 * database (`datname`) only the ones of the exporter's own are kept, so that a sum counts each
 * once; series that name none stay.
 */
const OWN_DATABASE_ONLY = [
  // What all databases of a server share has the number 0, and would be counted once for each.
  { source_labels: ['datid'], regex: '0', action: 'drop' },
  { source_labels: ['datname'], regex: '(.+)', target_label: '__tmp_database' },
  { source_labels: ['datname', 'database'], regex: ';(.+)', target_label: '__tmp_database' },
  { source_labels: ['__tmp_database'], action: 'keepequal', target_label: 'database' },
  { regex: '__tmp_database', action: 'labeldrop' },
] as const;
