// The processes of this project that a stack runs: the sandbox's services, and the product's own.
import {
  eventStoreUrl,
  registryIds,
  registryUrl,
  type Topology,
  tegUrl,
  trafficUrl,
} from '../sandbox/src/topology.js';
import type { PortTable } from './ports.js';

export interface Application {
  readonly name: string;
  readonly url: string;
  /** Answers 200 when the process does its work. */
  readonly readyUrl: string;
  /** The first port that it listens on, and further ones. */
  readonly ports: readonly number[];
  /** The TypeScript file, from the project's root, and its arguments. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Those of the highest rank are ended first. */
  readonly rank: number;
  /** How far it stands back when others want the same cores, 0 to 19. */
  readonly niceness: number;
  /** Whether it starts only when all others are ready. */
  readonly isLast: boolean;
}

const SANDBOX_RANK = 1;
const PRODUCT_RANK = 2;
/**
 * A platform runs on machines of its own, and what it does there takes no time from its observer:
 * on shared cores the sandbox stands back.
 */
export const SANDBOX_NICENESS = 3;
const PRODUCT_NICENESS = 0;

export function sandboxApplications(
  topology: Topology,
  environment: NodeJS.ProcessEnv,
  niceness = SANDBOX_NICENESS,
): readonly Application[] {
  const service = (name: string, url: string, isLast = false): Application => ({
    name: name.replace(':', '-').toLowerCase(),
    url,
    readyUrl: `${url}/healthz`,
    ports: [Number(new URL(url).port)],
    entry: 'sandbox/src/main.ts',
    args: [name],
    environment,
    rank: SANDBOX_RANK,
    niceness,
    isLast,
  });
  return [
    ...topology.frames.flatMap(({ id }) => [
      service(`teg:${id}`, tegUrl(topology, id)),
      service(`event-store:${id}`, eventStoreUrl(topology, id)),
    ]),
    ...registryIds(topology).map((id) => service(`registry:${id}`, registryUrl(topology, id))),
    // Users come when the platform is there: earlier they would only slow everybody's start.
    service('traffic', trafficUrl(topology), true),
  ];
}

export function productApplications(
  ports: PortTable,
  environment: NodeJS.ProcessEnv,
): readonly Application[] {
  const product = (
    name: string,
    port: number,
    readyPath: string,
    entry: string,
    further: readonly number[] = [],
  ): Application => ({
    name,
    url: `http://127.0.0.1:${port}`,
    readyUrl: `http://127.0.0.1:${port}${readyPath}`,
    ports: [port, ...further],
    entry,
    args: [],
    environment,
    rank: PRODUCT_RANK,
    niceness: PRODUCT_NICENESS,
    isLast: false,
  });
  return [
    product('worker', ports.workerHttp, '/readyz', 'src/workers/entry.ts', [
      ports.workerSdkMetrics,
    ]),
    product('exporter', ports.exporter, '/metrics', 'src/exporters/entry.ts'),
    product('web', ports.web, '/healthz', 'src/admin/http/entry.ts'),
  ];
}
