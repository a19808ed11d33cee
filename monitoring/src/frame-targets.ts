// The targets that every frame has: its TEG, its EventStore and its registries. Registries of the
// first frame are at home, those of every other one are its federation peers.
import type { MonitoredTopology, ScrapeTarget } from './config.js';
import { JOBS } from './names.js';

/** The address of a service: the TEG has offset 0, the EventStore 1, registries come from 2 on. */
export type AddressOf = (frameIndex: number, offset: number) => string;

export function frameTargets(
  { frames }: Pick<MonitoredTopology, 'frames'>,
  addressOf: AddressOf,
): readonly ScrapeTarget[] {
  return frames.flatMap(({ id: frame, registries }, index) => [
    { job: JOBS.teg, address: addressOf(index, 0), labels: { frame } },
    { job: JOBS.eventStore, address: addressOf(index, 1), labels: { frame } },
    ...registries.map((registry, position) => ({
      job: index === 0 ? JOBS.registry : JOBS.peerRegistry,
      address: addressOf(index, 2 + position),
      labels: { frame, registry },
    })),
  ]);
}
