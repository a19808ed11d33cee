// Frames, registries and agents: the shape of the platform under test, as configuration states it.

/** A sovereign deployment: its registries, one TEG, one EventStore. `A`, `B`, ... */
export type FrameId = string;
/** A member of a frame, unique over all frames: `A1`. */
export type RegistryId = string;
/** An account that can pay, `<registry>:<name>`: `A1:canary-1`. */
export type AgentId = string;

export interface Registry {
  readonly id: RegistryId;
  /** The funded canary agents of the registry, in lane order. */
  readonly agents: readonly AgentId[];
}

export interface Frame {
  readonly id: FrameId;
  readonly registries: readonly Registry[];
}

/** The whole platform as the reactor sees it: one frame or more, each with one registry or more. */
export interface Topology {
  readonly frames: readonly Frame[];
  /** Parallel paths per registry, or pair of registries, and backend. */
  readonly lanes: number;
}

/** Every canary agent, in configuration order. */
export function canaryAgents({ frames }: Topology): readonly AgentId[] {
  return frames.flatMap(({ registries }) => registries.flatMap(({ agents }) => agents));
}

/** The ids of all frames, in configuration order. */
export function frameIds(topology: Topology): readonly FrameId[] {
  return topology.frames.map((frame) => frame.id);
}
