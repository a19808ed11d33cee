// A path is one cell of the matrix: sender agent, receiver agent, backend. Derived, never typed in.
import type { Backend } from './backend.js';
import type { AgentId, Frame, FrameId, Registry, RegistryId, Topology } from './frame.js';

/** `A1.1-B1.1-async`: sender registry and lane, receiver registry and lane, backend. */
export type PathId = string;

export interface Path {
  readonly id: PathId;
  readonly backend: Backend;
  readonly sender: AgentId;
  readonly receiver: AgentId;
  readonly senderRegistry: RegistryId;
  readonly receiverRegistry: RegistryId;
  readonly senderFrame: FrameId;
  readonly receiverFrame: FrameId;
}

interface Seat {
  readonly frame: FrameId;
  readonly registry: RegistryId;
  readonly agent: AgentId;
  readonly number: number;
}

const CROSS_REGISTRY_BACKENDS: readonly Backend[] = ['async', '2pc'];

/**
 * All paths of a topology (design, section 3, path matrix): per registry `lanes` intra paths from
 * agent i to agent i mod n + 1; per ordered pair of registries and lane one async and one 2pc path
 * from agent i to agent i. A registry with one agent has no intra path, for nobody pays himself.
 */
export function derivePaths(topology: Topology): readonly Path[] {
  const { lanes } = topology;
  const registries = topology.frames.flatMap((frame) =>
    frame.registries.map((registry) => seatsOf(frame, registry)),
  );
  return [
    ...registries.flatMap((seats) => intraPaths(seats, lanes)),
    ...CROSS_REGISTRY_BACKENDS.flatMap((backend) => crossPaths(registries, lanes, backend)),
  ];
}

/** Whether sender and receiver live in one frame or in two. */
export function topologyOf(path: Path): 'same_frame' | 'cross_frame' {
  return path.senderFrame === path.receiverFrame ? 'same_frame' : 'cross_frame';
}

function seatsOf(frame: Frame, registry: Registry): readonly Seat[] {
  return registry.agents.map((agent, index) => ({
    frame: frame.id,
    registry: registry.id,
    agent,
    number: index + 1,
  }));
}

function intraPaths(seats: readonly Seat[], lanes: number): readonly Path[] {
  return seats.slice(0, lanes).flatMap((sender, index) => {
    const receiver = seats[(index + 1) % seats.length];
    return receiver === undefined || receiver === sender ? [] : [pathOf(sender, receiver, 'intra')];
  });
}

function crossPaths(
  registries: readonly (readonly Seat[])[],
  lanes: number,
  backend: Backend,
): readonly Path[] {
  return registries.flatMap((senders) =>
    registries
      .filter((receivers) => receivers !== senders)
      .flatMap((receivers) => lanePaths(senders.slice(0, lanes), receivers, backend)),
  );
}

function lanePaths(
  senders: readonly Seat[],
  receivers: readonly Seat[],
  backend: Backend,
): readonly Path[] {
  return senders.flatMap((sender, lane) => {
    const receiver = receivers[lane];
    return receiver === undefined ? [] : [pathOf(sender, receiver, backend)];
  });
}

function pathOf(sender: Seat, receiver: Seat, backend: Backend): Path {
  return {
    id: `${sender.registry}.${sender.number}-${receiver.registry}.${receiver.number}-${backend}`,
    backend,
    sender: sender.agent,
    receiver: receiver.agent,
    senderRegistry: sender.registry,
    receiverRegistry: receiver.registry,
    senderFrame: sender.frame,
    receiverFrame: receiver.frame,
  };
}
