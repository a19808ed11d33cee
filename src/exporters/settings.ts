// What the exporter needs of the configuration.
import type { Config } from '../config.js';
import type { Backend } from '../domain/backend.js';
import type { Topology } from '../domain/frame.js';
import type { Path } from '../domain/path.js';
import type { Deadlines } from '../domain/test.js';

export interface ExporterSettings {
  readonly version: string;
  readonly topology: Topology;
  readonly paths: readonly Path[];
  readonly deadlines: Readonly<Record<Backend, Deadlines>>;
  /** What the platform must charge. */
  readonly feeBasisPoints: number;
  readonly cycleIntervalMs: number;
  /** A validator that has not reported for longer counts as absent. */
  readonly validatorSilenceMs: number;
  readonly serverMetricsUrl: string | undefined;
}

/** Validators report at each poll; three missed polls and a failover are still no silence. */
const VALIDATOR_SILENCE_MS_MIN = 15_000;

export function exporterSettings(config: Config, version: string): ExporterSettings {
  return {
    version,
    topology: config.topology,
    paths: config.paths,
    deadlines: config.deadlinesByBackend,
    feeBasisPoints: config.platform.feeBasisPoints,
    cycleIntervalMs: config.cycle.interval,
    validatorSilenceMs: Math.max(VALIDATOR_SILENCE_MS_MIN, 3 * config.validators.pollInterval),
    serverMetricsUrl: config.temporal.serverMetricsUrl,
  };
}
