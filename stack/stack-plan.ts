// What a stack will consist of, decided before anything is started: which infrastructure is ours,
// where everything will be found, and the configuration files that say so.
import type { Topology } from '../sandbox/src/topology.js';
import { type Addresses, collectAddresses } from './addresses.js';
import { type Application, productApplications, sandboxApplications } from './applications.js';
import { ComponentUnavailableError, type Provided } from './components/component.js';
import { databaseUrl } from './database.js';
import type { StackDirectory } from './directories.js';
import {
  INFRASTRUCTURE,
  type InfrastructureName,
  provideInfrastructure,
  serviceUrl,
} from './infrastructure.js';
import { type PortTable, portTable } from './ports.js';
import { type FrameSettings, writeProductConfig } from './product-config.js';
import { productEnvironment } from './product-environment.js';
import { writeSandboxConfig } from './sandbox-config.js';

/** The product's own database beside those of the frames. */
export const PRODUCT_DATABASE = 'canary_reactor';

export interface StackPlanOptions {
  readonly directory: StackDirectory;
  readonly portBase: number;
  readonly environment: NodeJS.ProcessEnv;
  /** Such as `A1`, `A2`, `B1`: the letters name the frame. */
  readonly registries: readonly string[];
  /** False where the event pipe shall be the outbox itself. */
  readonly withKafka: boolean;
  readonly withMonitoring?: boolean;
  /** Settings of the sandbox's configuration that replace those of the same name. */
  readonly sandbox?: Readonly<Record<string, unknown>>;
  /** How far the sandbox stands back from the product on shared cores. */
  readonly sandboxNiceness?: number;
  /** Sections of the product's configuration that replace those of the same name. */
  readonly product?: Readonly<Record<string, unknown>>;
  /** Settings of single frames in the product's configuration. */
  readonly frames?: FrameSettings;
}

export interface StackPlan {
  readonly ports: PortTable;
  readonly infrastructure: Infrastructure;
  readonly applications: readonly Application[];
  readonly topology: Topology;
  readonly addresses: Addresses;
  /** Of the servers that hold the data, as administrators reach them. */
  readonly urls: { readonly postgres: string; readonly redis: string };
  readonly productEnvironment: NodeJS.ProcessEnv;
}

/** Only Kafka may be missing. */
export type Infrastructure = Readonly<Record<Exclude<InfrastructureName, 'kafka'>, Provided>> & {
  readonly kafka?: Provided;
};

/** Provides the infrastructure and writes the configuration files; throws what cannot be had. */
export async function planStack(
  options: StackPlanOptions,
  report: (text: string) => void,
  signal: AbortSignal,
): Promise<StackPlan> {
  const { environment } = options;
  const ports = portTable(options.portBase);
  const infrastructure = await chooseInfrastructure(options, report, signal);
  const urls = infrastructureUrls(infrastructure, ports);
  const sandbox = writeSandboxConfig({
    directory: options.directory,
    portBase: ports.sandbox,
    postgresUrl: urls.postgres,
    kafkaBrokers: urls.kafka?.split(','),
    registries: options.registries,
    overrides: options.sandbox ?? {},
  });
  const isTemporalOurs = infrastructure.temporal.kind === 'program';
  const configFile = writeProductConfig({
    directory: options.directory,
    topology: sandbox.topology,
    ports,
    databaseUrl: databaseUrl(urls.postgres, PRODUCT_DATABASE),
    redisUrl: urls.redis,
    kafkaBrokers: urls.kafka?.split(',') ?? [],
    temporalMetricsUrl: isTemporalOurs
      ? `http://127.0.0.1:${ports.temporalMetrics}/metrics`
      : undefined,
    prometheusUrl:
      options.withMonitoring === true ? `http://127.0.0.1:${ports.prometheus}` : undefined,
    temporalUiUrl: isTemporalOurs
      ? `http://127.0.0.1:${ports.temporalUi}/namespaces/default`
      : undefined,
    frames: options.frames ?? {},
    overrides: options.product ?? {},
  });
  const ofProduct = productEnvironment(environment, {
    configFile,
    temporalAddress: urls.temporal,
    isTemporalOurs,
  });
  const applications = [
    ...productApplications(ports, ofProduct),
    ...sandboxApplications(
      sandbox.topology,
      { ...environment, SANDBOX_CONFIG: sandbox.file },
      options.sandboxNiceness,
    ),
  ];
  return {
    ports,
    infrastructure,
    applications,
    topology: sandbox.topology,
    urls,
    addresses: collectAddresses({ urls, isTemporalOurs, applications, ports }),
    productEnvironment: ofProduct,
  };
}

async function chooseInfrastructure(
  options: StackPlanOptions,
  report: (text: string) => void,
  signal: AbortSignal,
): Promise<Infrastructure> {
  const { environment, withKafka } = options;
  const wanted = INFRASTRUCTURE.filter((name) => withKafka || name !== 'kafka');
  const provided = await provideInfrastructure(wanted, { environment, report, signal });
  const kafka = provided.kafka;
  if (kafka instanceof ComponentUnavailableError) {
    report(`${kafka.message}\nWithout Kafka the event pipe falls back to the outbox itself.`);
  }
  return {
    postgres: present(provided.postgres),
    redis: present(provided.redis),
    temporal: present(provided.temporal),
    ...(kafka === undefined || kafka instanceof ComponentUnavailableError ? {} : { kafka }),
  };
}

function present(provided: Provided | ComponentUnavailableError | undefined): Provided {
  if (provided === undefined) throw new TypeError('a component that was asked for is not answered');
  if (provided instanceof ComponentUnavailableError) throw provided;
  return provided;
}

function infrastructureUrls(infrastructure: Infrastructure, ports: PortTable) {
  const { postgres, redis, temporal, kafka } = infrastructure;
  return {
    postgres: serviceUrl('postgres', postgres, ports),
    redis: serviceUrl('redis', redis, ports),
    temporal: serviceUrl('temporal', temporal, ports),
    ...(kafka === undefined ? {} : { kafka: serviceUrl('kafka', kafka, ports) }),
  };
}
