// The veToken of this registry's agents, as the TEG of its frame tells it.
import { z } from 'zod';
import { parseAmount } from '../money.js';
import { unavailable } from '../service/http-error.js';
import { callJson, errorTextOf } from './json-call.js';

/** What an agent's vote weighs: whole thousandths of a veToken. */
export type VotingWeights = ReadonlyMap<string, number>;

export interface VotingPowers {
  /** Agents with any weight. Throws 503 when the TEG does not answer: once, never asked again. */
  read(): Promise<VotingWeights>;
}

const TIMEOUT_MS = 3_000;
const BASE_UNITS_PER_WEIGHT = 1_000n;

const answer = z.object({
  voting_power: z.array(z.object({ agent_id: z.string(), voting_power: z.string() })),
});

export function createVotingPowers(tegUrl: string, registryId: string): VotingPowers {
  const url = `${tegUrl}/teg/voting-power?registry=${encodeURIComponent(registryId)}`;
  return {
    read: async () => {
      const told = await callJson({ url, timeoutMs: TIMEOUT_MS });
      if (told.kind === 'no_answer' || told.status !== 200) {
        throw unavailable(`the TEG tells no voting power: ${errorTextOf(told)}`);
      }
      return weightsOf(answer.parse(told.body).voting_power);
    },
  };
}

function weightsOf(
  powers: readonly { readonly agent_id: string; readonly voting_power: string }[],
): VotingWeights {
  const weights = powers.map(({ agent_id: agentId, voting_power: power }) => {
    // A power of zero is no amount that could be paid, but it is a power.
    const parsed = parseAmount(power);
    const baseUnits = parsed.ok ? parsed.baseUnits : 0n;
    return [agentId, Number(baseUnits / BASE_UNITS_PER_WEIGHT)] as const;
  });
  return new Map(weights.filter(([, weight]) => weight > 0));
}
