// The processes of the monitoring: with what each is started, and when it is known to work. All
// stand back from what they watch.
import { join } from 'node:path';
import type { MonitoringConfig } from '../../monitoring/src/config.js';
import { databaseExporterName, watchedDatabases } from '../../monitoring/src/databases.js';
import { duration } from '../../monitoring/src/duration.js';
import type { Topology } from '../../sandbox/src/topology.js';
import type { Runner } from '../bundles.js';
import { databaseUrl } from '../database.js';
import { PROJECT_ROOT, type StackDirectory } from '../directories.js';
import type { PortTable } from '../ports.js';
import type { ProcessSpecification } from '../processes/managed-process.js';
import type { SupervisedProcess } from '../supervisor.js';
import type { Installation } from './alertmanager-installation.js';
import { databaseExporterPort, local } from './places.js';
import type { MonitoringPrograms } from './programs.js';

export interface MonitoringProcessOptions {
  readonly config: MonitoringConfig;
  readonly topology: Topology;
  readonly programs: MonitoringPrograms;
  readonly ports: PortTable;
  readonly directory: StackDirectory;
  readonly urls: { readonly postgres: string; readonly redis: string };
}

export interface MonitoringProcess extends Omit<SupervisedProcess, 'specification'> {
  readonly name: string;
  /** Where the name stands in the file of addresses and, for some, on the terminal. */
  readonly specify: (runner: Runner) => ProcessSpecification;
}

/** Ended before the product, so that nothing is alarmed by the end of everything. */
const RANK = 3;
const NICENESS = 5;
/** One core is enough for each, and the other one is for what is watched. */
const ONE_CORE = { GOMAXPROCS: '1' };

/** Everything but Prometheus, which comes last. */
export function watchingProcesses(options: MonitoringProcessOptions): readonly MonitoringProcess[] {
  const { alertmanager, 'victoria-metrics': victoriaMetrics } = options.programs;
  return [
    mailSink(options),
    ...(alertmanager === undefined ? [] : [alertmanagerProcess(alertmanager, options)]),
    ...(victoriaMetrics === undefined ? [] : [victoriaMetricsProcess(victoriaMetrics, options)]),
    ...exporters(options),
  ];
}

function mailSink({ ports }: MonitoringProcessOptions): MonitoringProcess {
  const url = `http://${local(ports.mailPage)}`;
  const args = [ports.mailSmtp, ports.mailPage].map(String);
  return {
    name: 'mails',
    url,
    readyUrl: `${url}/healthz`,
    ports: [ports.mailSmtp, ports.mailPage],
    specify: (runner) => ({
      name: 'mails',
      command: process.execPath,
      args: [...runner('stack/mails/main.ts', args)],
      directory: PROJECT_ROOT,
      rank: RANK,
      niceness: NICENESS,
    }),
  };
}

function alertmanagerProcess(
  { program, directory, uiPath }: Installation,
  { ports, config, directory: place }: MonitoringProcessOptions,
): MonitoringProcess {
  const args = [
    `--config.file=${join(generatedDirectory(place), 'alertmanager', 'alertmanager.yml')}`,
    `--storage.path=${join(place.data, 'alertmanager')}`,
    `--web.listen-address=${local(ports.alertmanager)}`,
    `--web.external-url=${config.links.alertmanager}`,
    // One instance has nobody to agree with.
    '--cluster.listen-address=',
    '--log.level=warn',
    ...(uiPath === undefined ? [] : [`--web.ui-path=${uiPath}`]),
  ];
  return goProcess('alertmanager', ports.alertmanager, '/-/ready', {
    command: program,
    args,
    ...(directory === undefined ? {} : { directory }),
  });
}

const MEGABYTE = 1024 * 1024;

function victoriaMetricsProcess(
  { program }: Installation,
  { ports, directory }: MonitoringProcessOptions,
): MonitoringProcess {
  return goProcess('victoria-metrics', ports.victoriaMetrics, '/health', {
    command: program,
    args: [
      `-storageDataPath=${join(directory.data, 'victoria-metrics')}`,
      '-retentionPeriod=30d',
      `-httpListenAddr=${local(ports.victoriaMetrics)}`,
      `-memory.allowedBytes=${64 * MEGABYTE}`,
      '-loggerLevel=WARN',
    ],
  });
}

/** VictoriaMetrics keeps what is older. */
const PROMETHEUS_KEEPS = '2d';

export function prometheusProcess(
  options: MonitoringProcessOptions,
): MonitoringProcess | undefined {
  const { ports, directory, config, programs } = options;
  if (programs.prometheus === undefined) return undefined;
  return goProcess('prometheus', ports.prometheus, '/-/ready', {
    command: programs.prometheus.program,
    args: [
      `--config.file=${join(generatedDirectory(directory), 'prometheus', 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory.data, 'prometheus')}`,
      `--storage.tsdb.retention.time=${PROMETHEUS_KEEPS}`,
      `--web.listen-address=${local(ports.prometheus)}`,
      `--web.external-url=${config.links.prometheus}`,
      `--rules.alert.resend-delay=${duration(config.times.resendSeconds)}`,
      '--log.level=warn',
    ],
    environment: { GOMEMLIMIT: '256MiB' },
  });
}

function exporters(options: MonitoringProcessOptions): readonly MonitoringProcess[] {
  const { programs, ports, urls, topology } = options;
  const node = programs['node-exporter'];
  const postgres = programs['postgres-exporter'];
  const redis = programs['redis-exporter'];
  const databases = watchedDatabases(topology);
  return [
    ...(node === undefined ? [] : [nodeExporter(node, options)]),
    ...(postgres === undefined
      ? []
      : databases.map((database, index) =>
          postgresExporter(postgres, options, {
            name: databaseExporterName(database),
            port: databaseExporterPort(ports, index),
            url: databaseUrl(urls.postgres, database.database),
          }),
        )),
    ...(redis === undefined
      ? []
      : [
          goProcess('redis-exporter', ports.redisExporter, '/', {
            command: redis.program,
            args: [`-web.listen-address=${local(ports.redisExporter)}`],
            environment: { REDIS_ADDR: urls.redis },
          }),
        ]),
  ];
}

function nodeExporter(
  { program }: Installation,
  { ports, directory }: MonitoringProcessOptions,
): MonitoringProcess {
  return goProcess('node-exporter', ports.nodeExporter, '/', {
    command: program,
    args: [
      `--web.listen-address=${local(ports.nodeExporter)}`,
      // Here is no systemd to ask, which would be an error at each scrape.
      '--no-collector.systemd',
      // Where other programs, such as audits of the host, leave what they found.
      `--collector.textfile.directory=${textfileDirectory(directory)}`,
      '--log.level=warn',
    ],
  });
}

function postgresExporter(
  { program }: Installation,
  { directory }: Pick<MonitoringProcessOptions, 'directory'>,
  { name, port, url }: { readonly name: string; readonly port: number; readonly url: string },
): MonitoringProcess {
  const queries = join(generatedDirectory(directory), 'postgres-exporter', 'queries.yaml');
  return goProcess(name, port, '/', {
    command: program,
    args: [
      `--web.listen-address=${local(port)}`,
      `--extend.query-path=${queries}`,
      // It reads columns that PostgreSQL 17 has moved.
      '--no-collector.bgwriter',
      // Those that matter are among the queries.
      '--disable-settings-metrics',
      '--log.level=warn',
    ],
    // A password in the address must not be seen among the arguments.
    environment: { DATA_SOURCE_NAME: withoutTls(url) },
  });
}

/** The exporter asks for TLS unless told otherwise, and the stack's own server has none. */
function withoutTls(url: string): string {
  const address = new URL(url);
  if (!address.searchParams.has('sslmode')) address.searchParams.set('sslmode', 'disable');
  return address.toString();
}

function goProcess(
  name: string,
  port: number,
  readyPath: string,
  specification: Pick<ProcessSpecification, 'command' | 'args' | 'directory' | 'environment'>,
): MonitoringProcess {
  const url = `http://${local(port)}`;
  return {
    name,
    url,
    readyUrl: `${url}${readyPath}`,
    ports: [port],
    specify: () => ({
      ...specification,
      name,
      // Nothing else: what the user's environment holds for other programs is not for these.
      environment: { ...ONE_CORE, ...specification.environment },
      rank: RANK,
      niceness: NICENESS,
    }),
  };
}

/** Where the configuration files of the monitoring are written. */
export function generatedDirectory({ root }: Pick<StackDirectory, 'root'>): string {
  return join(root, 'monitoring');
}

export function textfileDirectory({ data }: Pick<StackDirectory, 'data'>): string {
  return join(data, 'node-exporter');
}
