// Every service of a topology: its name, its address and how it is started.
import type { ServiceName } from '../names.js';
import { eventStoreUrl, registryUrl, type Topology, tegUrl, trafficUrl } from '../topology.js';

export interface ListedService {
  /** The argument of `sandbox/src/main.ts`: `teg:A`, `event-store:A`, `registry:A1`, `traffic`. */
  readonly name: string;
  readonly service: ServiceName;
  /** Null for traffic, which belongs to no frame. */
  readonly frame: string | null;
  readonly registry: string | null;
  readonly url: string;
  /** Arguments of `node`, from the root of the repository. */
  readonly args: readonly string[];
}

export function listServices(topology: Topology): readonly ListedService[] {
  return [
    ...topology.frames.flatMap(({ id, registries }) => [
      entry(`teg:${id}`, tegUrl(topology, id), { service: 'teg', frame: id, registry: null }),
      entry(`event-store:${id}`, eventStoreUrl(topology, id), {
        ...{ service: 'event-store', frame: id, registry: null },
      }),
      ...registries.map((registry) =>
        entry(`registry:${registry}`, registryUrl(topology, registry), {
          ...{ service: 'registry', frame: id, registry },
        }),
      ),
    ]),
    entry('traffic', trafficUrl(topology), { service: 'traffic', frame: null, registry: null }),
  ];
}

/** Those that can have faults. */
export function faultyServices(topology: Topology): readonly ListedService[] {
  return listServices(topology).filter(({ service }) => service !== 'traffic');
}

function entry(
  name: string,
  url: string,
  place: Pick<ListedService, 'service' | 'frame' | 'registry'>,
): ListedService {
  return { name, ...place, url, args: ['--import', 'tsx', 'sandbox/src/main.ts', name] };
}
