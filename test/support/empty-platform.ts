// A platform on which nothing has happened yet, for what a page must hold from the start. Its
// numbers are all zero: what numbers mean is tested against the sandbox.
import { frameIds, type Topology } from '../../src/domain/frame.js';
import { A2A_STATES, DISPUTE_PHASES, PROPOSAL_STATUSES } from '../../src/domain/platform-state.js';
import type { ProtocolDependencies } from '../../src/exporters/protocol-sources.js';
import { readFamilies } from '../../src/exporters/read-text.js';

const NOTHING = { events: 0, newestAtMs: undefined };
const NO_TOKENS = { circulating: 0n, inTransit: 0n };

export function createEmptyPlatform(topology: Topology): Omit<ProtocolDependencies, 'clock'> {
  const registries = topology.frames.flatMap((frame) => frame.registries.map(({ id }) => id));
  return {
    platformState: {
      teg: async () => ({
        lockedBaseUnits: 0n,
        stakers: 0,
        votingPowerMillionths: 0n,
        a2a: A2A_STATES.map((state) => ({ state, tokens: 0, amountBaseUnits: 0n })),
        escrowedBaseUnits: 0n,
      }),
      registry: async (_frame, registry) => ({
        peers: registries
          .filter((id) => id !== registry)
          .map((id) => ({ registry: id, status: 'unknown' })),
        proposals: PROPOSAL_STATUSES.map((status) => ({ status, proposals: 0 })),
        turnout: { castWeight: 0, totalWeight: 0, ratio: undefined },
        disputes: DISPUTE_PHASES.map((phase) => ({ phase, disputes: 0 })),
      }),
      exchange: async (frame) =>
        frameIds(topology)
          .filter((peer) => peer !== frame)
          .map((peer) => ({ peer, emitted: NOTHING, sent: NOTHING, received: NOTHING })),
      recentLog: async () => ({
        ...{ transfers: [], stakedBaseUnits: 0n, unstakedBaseUnits: 0n },
        ...{ sinceMs: 0, untilMs: 0 },
      }),
    },
    supplyPlatform: {
      cut: async (frame) => ({
        kind: 'cut',
        cut: {
          ...{ ...NO_TOKENS, grade: 'snapshot', frame, producer: 'teg', position: 0, clockMs: 0 },
          ...{ issuance: 0n, buckets: [], unclassed: [] },
        },
      }),
      projection: async () => ({
        kind: 'projection',
        projection: {
          ...{ producer: undefined, position: 0, sequence: 0, asOfMs: 0 },
          ...{ issued: 0n, destroyed: 0n, transitNet: 0n, circulating: 0n },
        },
      }),
    },
    tegFamilies: async () => readFamilies('teg_transfers_total 0\nteg_fees_collected_total 0\n'),
    ownTransfers: { among: async () => [] },
  };
}
