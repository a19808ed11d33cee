// Where everything is found inside docker's networks: the services of docker-compose.temporal.yml
// and docker-compose.monitoring.yml.
import type { MonitoredTopology, MonitoringConfig, ScrapeTarget } from './config.js';
import { databaseExporterName, databaseLabels, watchedDatabases } from './databases.js';
import { frameTargets } from './frame-targets.js';
import { JOBS } from './names.js';
import type { MonitoringPlaces } from './scrape.js';
import { securityTargets } from './security-targets.js';

/** The sandbox's services share one host; each frame has a range of ports. */
const SANDBOX = {
  host: 'sandbox',
  firstPort: 27_100,
  portsPerFrame: 20,
  trafficPort: 27_190,
} as const;

export function composePlaces(config: MonitoringConfig): MonitoringPlaces {
  return {
    targets: [
      ...(config.targets ?? composeTargets(config.topology)),
      ...securityTargets(config.security),
    ],
    prometheus: 'prometheus:9090',
    alertmanager: 'alertmanager:9093',
    victoriaMetrics: 'victoria-metrics:8428',
    grafana: 'grafana:3000',
    apis: registryAddresses(config.topology).map((address) => `http://${address}`),
    canaryApi: 'http://worker:27023',
  };
}

function composeTargets(topology: MonitoredTopology): readonly ScrapeTarget[] {
  const one = (job: ScrapeTarget['job'], address: string): ScrapeTarget => ({ job, address });
  return [
    ...frameTargets(topology, sandboxAddress),
    one(JOBS.canary, 'worker:27022'),
    one(JOBS.traffic, `${SANDBOX.host}:${SANDBOX.trafficPort}`),
    one(JOBS.node, 'node-exporter:9100'),
    ...watchedDatabases(topology).map((database) => ({
      job: JOBS.postgres,
      address: `${databaseExporterName(database)}:9187`,
      labels: databaseLabels(database),
    })),
    one(JOBS.redis, 'redis-exporter:9121'),
    ...(topology.hasContainers ? [one(JOBS.cadvisor, 'cadvisor:8080')] : []),
    one(JOBS.prometheus, 'prometheus:9090'),
    one(JOBS.alertmanager, 'alertmanager:9093'),
    one(JOBS.victoriaMetrics, 'victoria-metrics:8428'),
  ];
}

/** The TEG has a frame's first port, the EventStore the next, then come the registries. */
function sandboxAddress(frameIndex: number, offset: number): string {
  return `${SANDBOX.host}:${SANDBOX.firstPort + SANDBOX.portsPerFrame * frameIndex + offset}`;
}

function registryAddresses({ frames }: MonitoredTopology): readonly string[] {
  return frames.flatMap(({ registries }, index) =>
    registries.map((_, position) => sandboxAddress(index, 2 + position)),
  );
}
