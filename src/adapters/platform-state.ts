// The platform's business state over HTTP: staking and A2A tokens of a TEG, peers, votes and
// disputes of a registry, what EventStores exchanged, and the end of a frame's log.
import type { FrameId, RegistryId } from '../domain/frame.js';
import type { PlatformState } from '../ports.js';
import { baseUrl, readJson } from './platform-read.js';
import { readRecentLog } from './platform-state-log.js';
import {
  a2aSchema,
  disputesSchema,
  exchangeSchema,
  governanceSchema,
  peersSchema,
  stakingSchema,
} from './platform-state-wire.js';
import { PlatformUnavailableError } from './platform-unavailable-error.js';

export interface PlatformStateOptions {
  readonly frames: readonly PlatformDoors[];
  /** One request, the answer's last byte included; none is retried. */
  readonly timeoutMs: number;
  /** How many of the log's last events are looked at, at most 5,000. */
  readonly recentEventsMax: number;
  /** What was committed later than this before the reading is left to the next one. */
  readonly settleMs: number;
}

export interface PlatformDoors {
  readonly id: FrameId;
  readonly teg: string;
  readonly eventStore: string;
  readonly registries: readonly { readonly id: RegistryId; readonly url: string }[];
}

export function createPlatformState(options: PlatformStateOptions): PlatformState {
  const doorsOf = (frame: FrameId): PlatformDoors => {
    const found = options.frames.find(({ id }) => id === frame);
    if (found === undefined) throw new Error(`frame ${frame} is not configured`);
    return found;
  };
  const { timeoutMs } = options;
  const request = (frame: FrameId, base: string, path: string) => ({
    ...{ frame, timeoutMs, url: `${baseUrl(base)}${path}` },
  });
  return {
    async teg(frame) {
      const { teg } = doorsOf(frame);
      const [staking, a2a] = await Promise.all([
        readJson(request(frame, teg, '/teg/staking'), stakingSchema),
        readJson(request(frame, teg, '/teg/a2a-tokens/summary'), a2aSchema),
      ]);
      return {
        lockedBaseUnits: staking.total_value_locked,
        stakers: staking.stakers,
        votingPowerMillionths: staking.voting_power,
        a2a: a2a.states.map(({ amount, ...one }) => ({ ...one, amountBaseUnits: amount })),
        escrowedBaseUnits: a2a.escrowed,
      };
    },
    async registry(frame, registry) {
      const url = doorsOf(frame).registries.find(({ id }) => id === registry)?.url;
      if (url === undefined) throw new Error(`registry ${registry} is not configured`);
      const [{ peers }, governance, { disputes }] = await Promise.all([
        readJson(request(frame, url, '/api/v1/federation/peers'), peersSchema),
        readJson(request(frame, url, '/api/v1/governance/summary'), governanceSchema),
        readJson(request(frame, url, '/api/v1/disputes/summary'), disputesSchema),
      ]);
      const { cast, ratio, total } = governance.turnout;
      return {
        peers: peers.map((one) => ({
          registry: one.registry,
          status: one.status,
        })),
        proposals: governance.proposals,
        turnout: { castWeight: cast, totalWeight: total, ratio: ratio ?? undefined },
        disputes,
      };
    },
    async exchange(frame) {
      const asked = request(frame, doorsOf(frame).eventStore, '/api/v1/federation/exchange');
      const answer = await readJson(asked, exchangeSchema);
      if (answer.frame !== frame) {
        throw new PlatformUnavailableError(frame, asked.url, `it is of frame ${answer.frame}`);
      }
      return answer.peers.map(({ frame: peer, ...counts }) => ({ peer, ...counts }));
    },
    recentLog: (frame) => readRecentLog({ ...options, frame, url: doorsOf(frame).eventStore }),
  };
}
