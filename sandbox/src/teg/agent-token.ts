// Whether a bearer token speaks for an agent: what only the agent itself may do asks here.
import { tokenDigest } from '../service/tokens.js';
import { unknownAgent } from './payer.js';
import { refusal } from './refusals.js';
import type { TegCore } from './teg-core.js';

/** Throws unknown_agent, forbidden (another agent's token) or unauthenticated (nobody's). */
export async function requireAgentToken(
  core: Pick<TegCore, 'agents'>,
  agentId: string,
  token: string,
): Promise<void> {
  switch (await core.agents.tokenOwner(agentId, tokenDigest(token))) {
    case 'own':
      return;
    case 'unknown_agent':
      throw unknownAgent(agentId);
    case 'other':
      throw refusal('forbidden', `the token does not pay from "${agentId}"`);
    case 'nobody':
      throw refusal('unauthenticated', 'the token is no agent token');
  }
}
