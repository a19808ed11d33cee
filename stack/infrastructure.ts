// The infrastructure of a stack: PostgreSQL, Redis, Kafka and Temporal. First each is provided (an
// address or a program), then those that are programs are started.

import type { Component, ComponentName, Provided } from './components/component.js';
import { ComponentUnavailableError } from './components/component.js';
import { currentPlatform, provision } from './components/provision.js';
import { COMPONENTS } from './components/table.js';
import { CACHE_DIRECTORY, type StackDirectory } from './directories.js';
import type { PortTable } from './ports.js';
import type { ProcessLedger } from './processes/process-ledger.js';
import { startKafka } from './services/kafka.js';
import { prepareKafka } from './services/kafka-installation.js';
import { startPostgres } from './services/postgres.js';
import { startRedis } from './services/redis.js';
import { foreignService, type Service } from './services/service.js';
import { startTemporal } from './services/temporal.js';

export const INFRASTRUCTURE = ['postgres', 'redis', 'kafka', 'temporal'] as const;
export type InfrastructureName = (typeof INFRASTRUCTURE)[number];
export type InfrastructurePorts = Pick<
  PortTable,
  'postgres' | 'redis' | 'kafka' | 'kafkaController' | 'temporal' | 'temporalUi' | 'temporalMetrics'
>;

export interface ProvideOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly report: (text: string) => void;
  /** Ends downloads that are under way. */
  readonly signal?: AbortSignal;
}

export interface LaunchOptions {
  readonly directory: StackDirectory;
  readonly ledger: ProcessLedger;
  readonly ports: InfrastructurePorts;
  readonly environment: NodeJS.ProcessEnv;
  readonly searchAttributes: Readonly<Record<string, string>>;
  /** Data are thrown away after the run. */
  readonly isDisposable?: boolean;
}

/** Provides a component for this machine; throws `ComponentUnavailableError`. */
export async function provide(name: ComponentName, options: ProvideOptions): Promise<Provided> {
  return provideComponent(COMPONENTS[name], options);
}

/** Provides the program of a component, also where the address of a running one is known. */
export async function provideProgram(
  name: ComponentName,
  options: ProvideOptions,
): Promise<string> {
  const { addressVariable: _, ...component } = COMPONENTS[name];
  const provided = await provideComponent(component, options);
  if (provided.kind === 'program') return provided.path;
  throw new Error(`${name} was provided as an address`);
}

async function provideComponent(component: Component, options: ProvideOptions): Promise<Provided> {
  return provision(component, {
    environment: options.environment,
    cacheDirectory: cacheDirectory(options.environment),
    platform: currentPlatform(),
    onProgress: options.report,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

/** `CANARY_STACK_CACHE` lets several clones share what was downloaded. */
export function cacheDirectory(environment: NodeJS.ProcessEnv): string {
  return environment.CANARY_STACK_CACHE ?? CACHE_DIRECTORY;
}

export type ProvidedInfrastructure = Readonly<
  Partial<Record<InfrastructureName, Provided | ComponentUnavailableError>>
>;

/** Provides what is wanted, all at once; what cannot be had is answered as the error saying why. */
export async function provideInfrastructure(
  wanted: readonly InfrastructureName[],
  options: ProvideOptions,
): Promise<ProvidedInfrastructure> {
  const entries = wanted.map(async (name) => {
    const provided = await provide(name, options).catch((error: unknown) => {
      if (error instanceof ComponentUnavailableError) return error;
      throw error;
    });
    return [name, provided] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Where clients will find a service, known before it is started. */
export function serviceUrl(
  name: InfrastructureName,
  provided: Provided,
  ports: InfrastructurePorts,
): string {
  if (provided.kind === 'address') return provided.address;
  const address = `127.0.0.1:${ports[name]}`;
  if (name === 'postgres') return `postgres://postgres@${address}/postgres`;
  return name === 'redis' ? `redis://${address}` : address;
}

/** Starts a service unless it is somebody else's; throws what the start of each throws. */
export async function launchService(
  name: InfrastructureName,
  provided: Provided,
  options: LaunchOptions,
): Promise<Service> {
  const { ports } = options;
  const url = serviceUrl(name, provided, ports);
  if (provided.kind === 'address') return foreignService(name, url);
  const { data, logs } = options.directory;
  const place = { url, data, logs, ledger: options.ledger };
  const common = { ...place, program: provided, port: ports[name] };
  switch (name) {
    case 'postgres':
      return startPostgres({ ...common, isDisposable: options.isDisposable === true });
    case 'redis':
      return startRedis(common);
    case 'kafka': {
      const cache = cacheDirectory(options.environment);
      const installation = await prepareKafka(provided, { ...place, cacheDirectory: cache });
      return startKafka({ ...common, installation, controllerPort: ports.kafkaController });
    }
    case 'temporal':
      return startTemporal({
        ...common,
        uiPort: ports.temporalUi,
        metricsPort: ports.temporalMetrics,
        searchAttributes: options.searchAttributes,
      });
  }
}
