// Agent enrolment over HTTP: list, enrol, revoke and restore. Changes are carried to the TEG.
import { z } from 'zod';
import { requireToken } from '../service/auth.js';
import { timeText } from '../service/clock.js';
import { HttpError } from '../service/http-error.js';
import type { HttpService } from '../service/http-service.js';
import {
  type AgentRecord,
  changeEnrolment,
  type EnrolmentChange,
  findAgent,
  listAgents,
} from './agent-store.js';
import { AGENT_STATUSES } from './enrolment.js';
import { refusalError } from './refusal.js';
import { nowOf, type RegistryCore } from './registry-core.js';

/** A change waits so long for the TEG; then it is answered 202 and carried later. */
const CARRY_TIMEOUT_MS = 1_000;

const agentAnswer = z.object({
  agent_id: z.string(),
  status: z.enum(AGENT_STATUSES),
  spire_entry: z.string().nullable(),
  enrolled_at: z.string(),
  voting_weight: z.int(),
  teg: z.enum(['carried', 'pending', 'refused']).describe('Are all changes known to the TEG?'),
  teg_error: z.string().nullable(),
});

const enrolBody = z.strictObject({
  agent_id: z.string().regex(/^[A-Z][A-Z0-9]*:[a-z0-9][a-z0-9-]{0,62}$/),
  token_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  voting_weight: z.int().min(0).max(1_000_000).default(1),
});

const security = [{ bearer: [] }];
const idParams = z.object({ id: z.string().max(100) });

export function addAgentRoutes(service: HttpService, core: RegistryCore): void {
  service.get(
    '/api/v1/agents',
    {
      schema: {
        summary: 'Agents of this registry',
        response: { 200: z.object({ agents: z.array(agentAnswer) }) },
      },
    },
    async () => ({ agents: (await listAgents(core.database)).map(answerOf) }),
  );
  service.get(
    '/api/v1/agents/:id',
    { schema: { summary: 'An agent', params: idParams, response: { 200: agentAnswer } } },
    async (request) => answerOf(await requireAgent(core, request.params.id)),
  );
  addEnrolRoute(service, core);
  addChangeRoute(service, core, 'revoke');
  addChangeRoute(service, core, 'restore');
}

function addEnrolRoute(service: HttpService, core: RegistryCore): void {
  const watched = core.opa?.watch('agents.enrol');
  const preHandler = [...(watched ? [watched.preHandler] : []), requireToken('admin', core.tokens)];
  const schema = {
    ...{ summary: 'Enrol an agent, here and at the TEG', security, body: enrolBody },
    response: { 201: agentAnswer, 202: agentAnswer },
  };
  const hooks = { preHandler, ...(watched && { onResponse: watched.onResponse }) };
  service.post('/api/v1/agents', { ...hooks, schema }, async (request, reply) => {
    const {
      agent_id: agentId,
      token_sha256: tokenSha256,
      voting_weight: votingWeight,
    } = request.body;
    if (!agentId.startsWith(`${core.registryId}:`)) {
      const message = `agent "${agentId}" does not belong to registry ${core.registryId}`;
      throw new HttpError(400, 'wrong_topology', message);
    }
    const agent = { agentId, tokenSha256, votingWeight };
    const changed = await change(core, { action: 'enrol', agent });
    return reply.code(changed.tegState === 'carried' ? 201 : 202).send(answerOf(changed));
  });
}

function addChangeRoute(
  service: HttpService,
  core: RegistryCore,
  action: 'revoke' | 'restore',
): void {
  const watched = action === 'revoke' ? core.opa?.watch('agents.revoke') : undefined;
  const preHandler = [...(watched ? [watched.preHandler] : []), requireToken('admin', core.tokens)];
  const schema = {
    ...{ summary: `${action} an agent, here and at the TEG`, security, params: idParams },
    response: { 200: agentAnswer, 202: agentAnswer },
  };
  const hooks = { preHandler, ...(watched && { onResponse: watched.onResponse }) };
  service.post(`/api/v1/agents/:id/${action}`, { ...hooks, schema }, async (request, reply) => {
    const changed = await change(core, { action, agent: { agentId: request.params.id } });
    return reply.code(changed.tegState === 'carried' ? 200 : 202).send(answerOf(changed));
  });
}

async function change(core: RegistryCore, wanted: EnrolmentChange): Promise<AgentRecord> {
  const step = await changeEnrolment(core.database, wanted, nowOf(core));
  if (!step.ok) throw refusalError(step);
  await core.relay.carryNow(CARRY_TIMEOUT_MS);
  return await requireAgent(core, wanted.agent.agentId);
}

async function requireAgent(core: RegistryCore, agentId: string): Promise<AgentRecord> {
  const agent = await findAgent(core.database, agentId);
  if (agent !== undefined) return agent;
  throw new HttpError(404, 'unknown_agent', `no agent "${agentId}" in ${core.registryId}`);
}

function answerOf(agent: AgentRecord): z.input<typeof agentAnswer> {
  return {
    agent_id: agent.agentId,
    status: agent.status,
    spire_entry: agent.spireEntry,
    enrolled_at: timeText(agent.enrolledAt.getTime()),
    voting_weight: agent.votingWeight,
    teg: agent.tegState,
    teg_error: agent.tegError,
  };
}
