// Agents over HTTP: balances for all, enrolment and revocation for the administrator.
import { z } from 'zod';
import { formatAmount } from '../../money.js';
import { requireToken } from '../../service/auth.js';
import { timeText } from '../../service/clock.js';
import type { HttpService } from '../../service/http-service.js';
import type { Tokens } from '../../service/tokens.js';
import { frameOf, registryOfAgent } from '../../topology.js';
import { type AgentState, openAccount, readAgent, setAgentStatus } from '../accounts.js';
import { refusal } from '../refusals.js';
import type { TegCore } from '../teg-core.js';
import { balanceAnswer, enrolBody } from '../wire.js';

const params = z.object({ agent_id: z.string() });
const security = [{ bearer: [] }];

export function addAgentRoutes(service: HttpService, core: TegCore, tokens: Tokens): void {
  const response = { 200: balanceAnswer };
  const balanceOf = (agentId: string, agent: AgentState | undefined) => {
    if (agent === undefined) throw refusal('unknown_agent', `no agent "${agentId}"`);
    return balance(agent, timeText(core.clock.nowMs()));
  };
  service.get(
    '/teg/agents/:agent_id/balance',
    { schema: { summary: 'What an agent can spend', params, response } },
    async ({ params: { agent_id: id } }) => balanceOf(id, await readAgent(core.pool, id)),
  );
  const preHandler = requireToken('admin', tokens);
  for (const [verb, status] of [
    ['revoke', 'revoked'],
    ['restore', 'active'],
  ] as const) {
    service.post(
      `/teg/agents/:agent_id/${verb}`,
      {
        preHandler,
        schema: { summary: `Makes the agent ${status}`, security, params, response },
      },
      async ({ params: { agent_id: id } }) =>
        balanceOf(id, await setAgentStatus(core.pool, id, status)),
    );
  }
  addEnrolRoute(service, core, tokens);
}

function addEnrolRoute(service: HttpService, core: TegCore, tokens: Tokens): void {
  const response = { 200: balanceAnswer, 201: balanceAnswer };
  service.post(
    '/teg/agents',
    {
      preHandler: requireToken('admin', tokens),
      schema: {
        summary: 'Enrols an agent; one that is enrolled gets the token of this request',
        security,
        body: enrolBody,
        response,
      },
    },
    async (request, reply) => {
      const { agent_id: agentId, token_sha256: tokenSha256 } = request.body;
      const isNew = await enrol(core, agentId, tokenSha256);
      const agent = await readAgent(core.pool, agentId);
      if (agent === undefined) throw refusal('already_exists', `"${agentId}" is no agent`);
      return reply.code(isNew ? 201 : 200).send(balance(agent, timeText(core.clock.nowMs())));
    },
  );
}

async function enrol(core: TegCore, agentId: string, tokenSha256: string): Promise<boolean> {
  const registry = registryOfAgent(core.topology, agentId);
  const { registries } = frameOf(core.topology, core.frame);
  if (registry === undefined || !registries.includes(registry)) {
    throw refusal('wrong_topology', `"${agentId}" is of no registry of frame ${core.frame}`);
  }
  try {
    const account = { account: agentId, class: 'agent', registry, tokenSha256 } as const;
    const isNew = await openAccount(core.pool, account);
    if (!isNew) await core.agents.setToken(agentId, tokenSha256);
    return isNew;
  } catch (error) {
    // The unique index on tokens: a token pays from one agent only.
    if (!(error instanceof Error && 'code' in error && error.code === '23505')) throw error;
    throw refusal('already_exists', `the token of "${agentId}" belongs to another agent`);
  }
}

function balance(agent: AgentState, at: string): z.output<typeof balanceAnswer> {
  return {
    agent_id: agent.agentId,
    available: formatAmount(agent.available),
    held: formatAmount(agent.held),
    currency: 'AVT',
    status: agent.status,
    at,
  };
}
