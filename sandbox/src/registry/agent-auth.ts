// Who may act for an agent of this registry: whoever holds its token, or the admin token.
import type { FastifyRequest } from 'fastify';
import { bearerToken, digestsEqual } from '../service/auth.js';
import { HttpError } from '../service/http-error.js';
import { tokenDigest } from '../service/tokens.js';
import { type AgentRecord, findAgent } from './agent-store.js';
import type { RegistryCore } from './registry-core.js';

/** The acting agent. Throws unauthenticated, unknown_agent, forbidden or agent_revoked. */
export async function requireActingAgent(
  core: RegistryCore,
  request: FastifyRequest,
  agentId: string,
): Promise<AgentRecord> {
  const digest = tokenDigest(bearerToken(request));
  const agent = await findAgent(core.database, agentId);
  if (agent === undefined) {
    throw new HttpError(404, 'unknown_agent', `no agent "${agentId}" in ${core.registryId}`);
  }
  const isAdmin = digestsEqual(digest, tokenDigest(core.tokens.admin));
  if (!isAdmin && !digestsEqual(digest, agent.tokenSha256)) {
    throw new HttpError(403, 'forbidden', `the token is not that of "${agentId}"`);
  }
  if (agent.status === 'revoked') {
    throw new HttpError(403, 'agent_revoked', `agent "${agentId}" is revoked`);
  }
  return agent;
}
