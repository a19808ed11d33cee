// The monitoring of an embedded stack: its configuration, and where its parts find each other.

import {
  type MonitoringConfig,
  REFERENCE,
  type ScrapeTarget,
} from '../../monitoring/src/config.js';
import { databaseLabels, watchedDatabases } from '../../monitoring/src/databases.js';
import { frameTargets } from '../../monitoring/src/frame-targets.js';
import { loadMonitoringConfig } from '../../monitoring/src/load-config.js';
import { JOBS, type Job } from '../../monitoring/src/names.js';
import type { MonitoringPlaces } from '../../monitoring/src/scrape.js';
import { securityTargets } from '../../monitoring/src/security-targets.js';
import {
  eventStoreUrl,
  registryUrl,
  type Topology,
  tegUrl,
  trafficUrl,
} from '../../sandbox/src/topology.js';
import type { PortTable } from '../ports.js';
import type { MonitoringProgram, MonitoringPrograms } from './programs.js';

/** The reference configuration with the stack's own topology, mail server and addresses. */
export function embeddedConfig(
  topology: Topology,
  ports: PortTable,
  environment: NodeJS.ProcessEnv,
): MonitoringConfig {
  const base: MonitoringConfig = {
    ...REFERENCE,
    topology: { ...REFERENCE.topology, frames: topology.frames, hasContainers: false },
    mail: { ...REFERENCE.mail, smarthost: local(ports.mailSmtp), requireTls: false },
    security: { ...REFERENCE.security, alertmanager: `http://${local(ports.alertmanager)}` },
    links: {
      ...REFERENCE.links,
      prometheus: `http://${local(ports.prometheus)}`,
      alertmanager: `http://${local(ports.alertmanager)}`,
    },
  };
  return loadMonitoringConfig(base, environment);
}

/** What has no program here is neither scraped nor spoken to: that it is missing was said. */
export function embeddedPlaces(
  config: MonitoringConfig,
  topology: Topology,
  ports: PortTable,
  programs: MonitoringPrograms,
): MonitoringPlaces {
  const addressOf = (name: MonitoringProgram, port: number): string | undefined =>
    programs[name] === undefined ? undefined : local(port);
  return {
    targets: [
      ...(config.targets ?? embeddedTargets(topology, ports, programs)),
      ...securityTargets(config.security),
    ],
    prometheus: local(ports.prometheus),
    alertmanager: addressOf('alertmanager', ports.alertmanager),
    victoriaMetrics: addressOf('victoria-metrics', ports.victoriaMetrics),
    grafana: local(ports.grafana),
    apis: topology.frames.flatMap(({ registries }) =>
      registries.map((id) => registryUrl(topology, id)),
    ),
    canaryApi: `http://${local(ports.web)}`,
  };
}

function embeddedTargets(
  topology: Topology,
  ports: PortTable,
  programs: MonitoringPrograms,
): readonly ScrapeTarget[] {
  const own = (name: MonitoringProgram, job: Job, port: number): readonly ScrapeTarget[] =>
    programs[name] === undefined ? [] : [{ job, address: local(port) }];
  const databases = watchedDatabases(topology).map((database, index) => ({
    job: JOBS.postgres,
    address: local(databaseExporterPort(ports, index)),
    labels: databaseLabels(database),
  }));
  return [
    ...frameTargets(topology, (frame, offset) => serviceAddress(topology, frame, offset)),
    { job: JOBS.canary, address: local(ports.exporter) },
    { job: JOBS.traffic, address: new URL(trafficUrl(topology)).host },
    ...own('node-exporter', JOBS.node, ports.nodeExporter),
    ...(programs['postgres-exporter'] === undefined ? [] : databases),
    ...own('redis-exporter', JOBS.redis, ports.redisExporter),
    ...own('prometheus', JOBS.prometheus, ports.prometheus),
    ...own('alertmanager', JOBS.alertmanager, ports.alertmanager),
    ...own('victoria-metrics', JOBS.victoriaMetrics, ports.victoriaMetrics),
  ];
}

const FIRST_REGISTRY = 2;

function serviceAddress(topology: Topology, frameIndex: number, offset: number): string {
  const frame = topology.frames[frameIndex];
  if (frame === undefined) throw new RangeError(`there is no frame ${frameIndex}`);
  const registry = frame.registries[offset - FIRST_REGISTRY];
  if (registry !== undefined) return new URL(registryUrl(topology, registry)).host;
  const url = offset === 0 ? tegUrl(topology, frame.id) : eventStoreUrl(topology, frame.id);
  return new URL(url).host;
}

/** Throws a `RangeError` where there are more databases than ports. */
export function databaseExporterPort(ports: PortTable, index: number): number {
  const port = ports.postgresExporters + index;
  if (port < ports.sandbox) return port;
  throw new RangeError(`there is no port left for the exporter of database ${index + 1}`);
}

export function local(port: number): string {
  return `127.0.0.1:${port}`;
}
