// What a registry says of its peers, proposals, votes and disputes.
import type { FrameId, RegistryId } from '../domain/frame.js';
import { PEER_STATUSES, type RegistryBusiness } from '../domain/platform-state.js';
import type { Clock, PlatformState } from '../ports.js';
import { type Family, familyOf } from './family.js';
import { METRICS } from './metrics.js';
import { PROTOCOL_KEEP_MS } from './protocol-source.js';
import { createSource, type Source } from './source.js';

export interface RegistrySourceDependencies {
  readonly clock: Clock;
  readonly platformState: Pick<PlatformState, 'registry'>;
}

export interface RegistryPlace {
  readonly frame: FrameId;
  readonly registry: RegistryId;
  /** Every other registry of the configuration: the closed set of its peers. */
  readonly peers: readonly RegistryId[];
}

export function createRegistrySource(
  { clock, platformState }: RegistrySourceDependencies,
  place: RegistryPlace,
): Source {
  return createSource({
    name: `protocol_registry/${place.registry}`,
    clock,
    keepMs: PROTOCOL_KEEP_MS,
    load: async () => ({
      families: familiesOf(place, await platformState.registry(place.frame, place.registry)),
    }),
  });
}

function familiesOf(
  { peers, registry }: RegistryPlace,
  { disputes, peers: seen, proposals, turnout }: RegistryBusiness,
): readonly Family[] {
  const labels = { registry };
  const statusOf = (peer: RegistryId) =>
    seen.find((one) => one.registry === peer)?.status ?? 'unlisted';
  return [
    familyOf(
      METRICS.peerStatus,
      peers.flatMap((peer) =>
        [...PEER_STATUSES, 'unlisted'].map((status) => ({
          labels: { registry, peer, status },
          value: statusOf(peer) === status,
        })),
      ),
    ),
    familyOf(
      METRICS.proposals,
      proposals.map(({ proposals: value, status }) => ({ labels: { registry, status }, value })),
    ),
    familyOf(METRICS.turnoutRatio, [{ labels, value: turnout.ratio ?? Number.NaN }]),
    familyOf(METRICS.turnoutCast, [{ labels, value: turnout.castWeight }]),
    familyOf(METRICS.turnoutTotal, [{ labels, value: turnout.totalWeight }]),
    familyOf(
      METRICS.disputes,
      disputes.map(({ disputes: value, phase }) => ({ labels: { registry, phase }, value })),
    ),
  ];
}
