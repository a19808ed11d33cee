// The monitoring of an embedded stack: its files written, its processes started beside the others,
// Prometheus last, when all that it scrapes is there and Alertmanager listens.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { watchedDatabases } from '../../monitoring/src/databases.js';
import type { Topology } from '../../sandbox/src/topology.js';
import type { Addresses } from '../addresses.js';
import type { Runner } from '../bundles.js';
import { databaseUrl } from '../database.js';
import type { StackDirectory } from '../directories.js';
import type { PortTable } from '../ports.js';
import { replaceFile } from '../private-file.js';
import { type StackService, type SupervisorOptions, superviseProcess } from '../supervisor.js';
import { embeddedConfig, embeddedPlaces } from './places.js';
import {
  type MonitoringProcess,
  prometheusProcess,
  textfileDirectory,
  watchingProcesses,
} from './processes.js';
import type { MonitoringPrograms } from './programs.js';
import { createStatementStatistics } from './statement-statistics.js';

export interface MonitoringPlanOptions {
  readonly programs: MonitoringPrograms;
  readonly topology: Topology;
  readonly ports: PortTable;
  readonly directory: StackDirectory;
  readonly environment: NodeJS.ProcessEnv;
  readonly urls: { readonly postgres: string; readonly redis: string };
}

export interface MonitoringPlan {
  readonly watching: readonly MonitoringProcess[];
  readonly prometheus: MonitoringProcess | undefined;
  readonly addresses: Addresses;
  /** Of the databases that the exporters ask. */
  readonly databases: readonly string[];
}

/** Writes the configuration files. Throws `MonitoringConfigError`. */
export async function planMonitoring(options: MonitoringPlanOptions): Promise<MonitoringPlan> {
  const { topology, ports, directory, programs, urls } = options;
  const config = embeddedConfig(topology, ports, options.environment);
  const places = embeddedPlaces(config, topology, ports, programs);
  // Loaded only here: a stack without monitoring needs no generators.
  const { monitoringFiles } = await import('../../monitoring/src/emit.js');
  for (const { file, content } of monitoringFiles(config, places)) {
    if (READ_HERE.test(file)) write(join(directory.root, file), content());
  }
  mkdirSync(textfileDirectory(directory), { recursive: true });
  const watching = watchingProcesses({ ...options, config });
  const prometheus = prometheusProcess({ ...options, config });
  const all = [...watching, ...(prometheus === undefined ? [] : [prometheus])];
  return {
    watching,
    prometheus,
    addresses: Object.fromEntries(all.map(({ name, url }) => [name, url])),
    databases: watchedDatabases(topology).map(({ database }) =>
      databaseUrl(urls.postgres, database),
    ),
  };
}

/** The files of those programs that an embedded stack runs. */
const READ_HERE = /^monitoring\/(prometheus|alertmanager|postgres-exporter)\//;

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  replaceFile(file, content);
}

export interface MonitoringStart extends SupervisorOptions {
  readonly runner: Promise<Runner>;
  /** All that will be watched is there: earlier the monitoring would only slow its start. */
  readonly others: Promise<unknown>;
}

interface Starting {
  readonly name: string;
  readonly service: Promise<StackService>;
}

export function startMonitoring(
  plan: MonitoringPlan,
  options: MonitoringStart,
): readonly Starting[] {
  const start = async (process: MonitoringProcess, after: Promise<unknown>) => {
    await after;
    const specification = process.specify(await options.runner);
    return superviseProcess({ ...process, specification }, options);
  };
  const watching = plan.watching.map((process) => ({
    name: process.name,
    service: start(process, options.others),
  }));
  const { prometheus } = plan;
  // Its failure is that of one of them, which is told already.
  options.others.catch(() => undefined);
  if (prometheus === undefined) return watching;
  // Alertmanager has to listen before the first alert is sent to it.
  const watched = Promise.all([options.others, ...watching.map(({ service }) => service)]);
  const service = start(
    prometheus,
    watched.then(() => prepareStatistics(plan, options)),
  );
  return [...watching, { name: prometheus.name, service }];
}

async function prepareStatistics(
  { databases }: MonitoringPlan,
  { report }: SupervisorOptions,
): Promise<void> {
  const [reason] = await createStatementStatistics(databases);
  if (reason !== undefined) report(`statistics of statements are not shown: ${reason}`);
}
