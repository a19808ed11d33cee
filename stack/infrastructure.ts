// The infrastructure of a stack: PostgreSQL, Redis, Kafka and Temporal, provided and started together.

import type { Component, ComponentName, Provided } from './components/component.js';
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

export interface InfrastructureOptions {
  readonly directory: StackDirectory;
  readonly ledger: ProcessLedger;
  readonly ports: InfrastructurePorts;
  readonly environment: NodeJS.ProcessEnv;
  readonly searchAttributes: Readonly<Record<string, string>>;
  /** Data are thrown away after the run. */
  readonly isDisposable?: boolean;
  readonly report: (text: string) => void;
}

/** Provides a component for this machine; throws `ComponentUnavailableError`. */
export async function provide(
  name: ComponentName,
  options: Pick<InfrastructureOptions, 'environment' | 'report'>,
): Promise<Provided> {
  return provideComponent(COMPONENTS[name], options);
}

async function provideComponent(
  component: Component,
  options: Pick<InfrastructureOptions, 'environment' | 'report'>,
): Promise<Provided> {
  return provision(component, {
    environment: options.environment,
    cacheDirectory: options.environment.CANARY_STACK_CACHE ?? CACHE_DIRECTORY,
    platform: currentPlatform(),
    onProgress: options.report,
  });
}

/** Provides and starts one service; throws `ComponentUnavailableError` and what a start throws. */
export async function startService(
  name: InfrastructureName,
  options: InfrastructureOptions,
): Promise<Service> {
  const provided = await provide(name, options);
  if (provided.kind === 'address') return foreignService(name, provided.address);
  const { ports } = options;
  const place = {
    data: options.directory.data,
    logs: options.directory.logs,
    ledger: options.ledger,
  };
  const common = { ...place, program: provided, port: ports[name] };
  switch (name) {
    case 'postgres':
      return startPostgres({ ...common, isDisposable: options.isDisposable === true });
    case 'redis':
      return startRedis(common);
    case 'kafka': {
      const cacheDirectory = options.environment.CANARY_STACK_CACHE ?? CACHE_DIRECTORY;
      const installation = await prepareKafka(provided, { ...place, cacheDirectory });
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

/** Provides a component of which only the program is needed; throws as `provide` does. */
export async function provideProgram(
  name: ComponentName,
  options: Pick<InfrastructureOptions, 'environment' | 'report'>,
): Promise<string> {
  const { addressVariable: _, ...component } = COMPONENTS[name];
  const provided = await provideComponent(component, options);
  if (provided.kind === 'program') return provided.path;
  throw new Error(`${name} was provided as an address`);
}
