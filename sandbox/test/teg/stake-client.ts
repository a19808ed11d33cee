// Staking as an agent asks for it.
import { callTeg, tegOf } from './teg-client.js';
import type { TegPlatform } from './teg-platform.js';

export interface StakeCall {
  /** An alias such as `A1/1`. */
  readonly agent: string;
  readonly amount: string;
  readonly lockMs?: number;
  /** An alias of the agent whose token is sent; by default the agent's own. */
  readonly tokenOf?: string;
}

export function changeStake(platform: TegPlatform, verb: 'stake' | 'unstake', call: StakeCall) {
  const { agent, amount, lockMs = 60_000, tokenOf = agent } = call;
  const account = platform.id(agent);
  return callTeg(tegOf(platform, agent), 'POST', `/teg/${verb}`, {
    token: platform.tokens.agent(platform.id(tokenOf)),
    body: { account, amount, ...(verb === 'stake' && { lock_ms: lockMs }) },
    timeoutMs: 10_000,
  });
}

export async function readStake(platform: TegPlatform, agent: string) {
  const path = `/teg/stakes/${platform.id(agent)}`;
  return (await callTeg(tegOf(platform, agent), 'GET', path)).body;
}
