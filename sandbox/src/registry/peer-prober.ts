// Federation peers: every other registry of all frames, asked over HTTP whether it is there.
import type { Clock } from '../service/clock.js';
import type { Logger } from '../service/logger.js';
import { frameOfRegistry, registryIds, registryUrl, type Topology } from '../topology.js';
import { callJson, type JsonAnswer } from './json-call.js';
import { startPeriodicTask } from './periodic-task.js';

export const PEER_STATUSES = ['up', 'down', 'unknown'] as const;

export interface Peer {
  readonly registry: string;
  readonly frame: string;
  readonly url: string;
  /** `unknown` until the first probe is over. */
  readonly status: (typeof PEER_STATUSES)[number];
  /** When it last answered, since this process started. */
  readonly lastSeenAtMs: number | null;
  /** Round trip of the last probe that was answered. */
  readonly latencyMs: number | null;
}

export interface PeerProber {
  peers(): readonly Peer[];
  stop(): Promise<void>;
}

const PROBE_INTERVAL_MS = 2_000;
const PROBE_TIMEOUT_MS = 1_000;

export function startPeerProber(deps: {
  readonly topology: Topology;
  readonly registryId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}): PeerProber {
  const peers = new Map(peersOf(deps.topology, deps.registryId).map((peer) => [peer.url, peer]));
  const task = startPeriodicTask({
    name: 'peer-prober',
    intervalMs: PROBE_INTERVAL_MS,
    logger: deps.logger,
    run: async () => {
      const probed = await Promise.all([...peers.values()].map((peer) => probe(peer, deps.clock)));
      for (const peer of probed) peers.set(peer.url, peer);
    },
  });
  return { peers: () => [...peers.values()], stop: task.stop };
}

/** A probe's result: only a registry that says so is up, whatever else listens there. */
export function afterProbe(
  peer: Peer,
  answer: JsonAnswer,
  times: { readonly sentMs: number; readonly answeredMs: number },
): Peer {
  if (!isRegistry(answer)) return { ...peer, status: 'down' };
  return {
    ...peer,
    status: 'up',
    lastSeenAtMs: times.answeredMs,
    latencyMs: Math.max(0, times.answeredMs - times.sentMs),
  };
}

/** The other registries of the topology, not yet probed. */
export function peersOf(topology: Topology, registryId: string): readonly Peer[] {
  return registryIds(topology)
    .filter((other) => other !== registryId)
    .map((other) => ({
      registry: other,
      frame: frameOfRegistry(topology, other)?.id ?? '',
      url: registryUrl(topology, other),
      status: 'unknown',
      lastSeenAtMs: null,
      latencyMs: null,
    }));
}

async function probe(peer: Peer, clock: Clock): Promise<Peer> {
  const sentMs = clock.nowMs();
  const answer = await callJson({ url: `${peer.url}/healthz`, timeoutMs: PROBE_TIMEOUT_MS });
  return afterProbe(peer, answer, { sentMs, answeredMs: clock.nowMs() });
}

function isRegistry(answer: JsonAnswer): boolean {
  if (answer.kind !== 'answer' || answer.status !== 200) return false;
  const body: unknown = answer.body;
  return (
    typeof body === 'object' && body !== null && 'service' in body && body.service === 'registry'
  );
}
