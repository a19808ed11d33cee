// The addresses of all that a stack runs, by name, for people and for other programs.
import type { Application } from './applications.js';
import type { InfrastructureName } from './infrastructure.js';
import type { PortTable } from './ports.js';
import { replaceFile } from './private-file.js';

/** Name -> URL. */
export type Addresses = Readonly<Record<string, string>>;

export interface AddressOptions {
  readonly urls: Readonly<Partial<Record<InfrastructureName, string>>>;
  /** Whether the Temporal server is the stack's own, so that its other ports are known. */
  readonly isTemporalOurs: boolean;
  readonly applications: readonly Application[];
  readonly ports: PortTable;
}

export function collectAddresses(options: AddressOptions): Addresses {
  const { urls, ports } = options;
  const applications = options.applications.map(({ name, url }) => [name, url] as const);
  return {
    ...Object.fromEntries(applications),
    page: `http://127.0.0.1:${ports.web}/ui#/admin/canaries`,
    api: `http://127.0.0.1:${ports.web}/api/v1`,
    metrics: `http://127.0.0.1:${ports.exporter}/metrics`,
    'worker-sdk-metrics': `http://127.0.0.1:${ports.workerSdkMetrics}/metrics`,
    ...(options.isTemporalOurs
      ? {
          'temporal-ui': `http://127.0.0.1:${ports.temporalUi}`,
          'temporal-metrics': `http://127.0.0.1:${ports.temporalMetrics}/metrics`,
        }
      : {}),
    ...(urls.temporal === undefined ? {} : { temporal: `grpc://${urls.temporal}` }),
    ...(urls.kafka === undefined ? {} : { kafka: `kafka://${urls.kafka}` }),
    ...(urls.redis === undefined ? {} : { redis: urls.redis }),
    ...(urls.postgres === undefined ? {} : { postgres: urls.postgres }),
  };
}

/** Replaces the file as a whole, so that nobody reads half of it. */
export function writeAddresses(file: string, addresses: Addresses): void {
  replaceFile(file, `${JSON.stringify(addresses, null, 2)}\n`);
}
