// All sources of business metrics, each away by itself.
import { frameIds, type Topology } from '../domain/frame.js';
import {
  createFederationSource,
  type FederationSourceDependencies,
} from './protocol-federation.js';
import { createRecentSource, type RecentSourceDependencies } from './protocol-recent.js';
import { createRegistrySource, type RegistrySourceDependencies } from './protocol-registry.js';
import { createSupplySource, type SupplySourceDependencies } from './protocol-supply.js';
import { createTegSource, type TegSourceDependencies } from './protocol-teg.js';
import type { Source } from './source.js';

export interface ProtocolDependencies
  extends SupplySourceDependencies,
    FederationSourceDependencies,
    RegistrySourceDependencies,
    TegSourceDependencies,
    RecentSourceDependencies {
  readonly platformState: FederationSourceDependencies['platformState'] &
    RegistrySourceDependencies['platformState'] &
    TegSourceDependencies['platformState'] &
    RecentSourceDependencies['platformState'];
}

export function createProtocolSources(
  deps: ProtocolDependencies,
  { feeBasisPoints, topology }: { readonly feeBasisPoints: number; readonly topology: Topology },
): readonly Source[] {
  const frames = frameIds(topology);
  const registries = topology.frames.flatMap((frame) =>
    frame.registries.map(({ id }) => ({ frame: frame.id, registry: id })),
  );
  const ids = registries.map(({ registry }) => registry);
  return [
    createSupplySource(deps, frames),
    createFederationSource(deps, frames),
    ...registries.map((place) =>
      createRegistrySource(deps, { ...place, peers: ids.filter((id) => id !== place.registry) }),
    ),
    ...frames.flatMap((frame) => createTegSource(deps, frame)),
    ...frames.map((frame) => createRecentSource(deps, frame, feeBasisPoints)),
  ];
}
