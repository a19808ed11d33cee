// OPA in shadow mode: decides about real requests beside the registry and counts both decisions.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Counter, Histogram, type Registry } from 'prom-client';
import { z } from 'zod';
import type { Logger } from '../service/logger.js';
import { findAgent } from './agent-store.js';
import {
  DECISION_SOURCES,
  DECISIONS,
  decide,
  enforcedDecision,
  POLICY_NAMES,
  type PolicyDecision,
  type PolicyInput,
  type PolicyName,
} from './policy.js';
import type { RegistryDatabase } from './registry-database.js';

export const policyInput = z.object({
  agent_id: z.string().max(100),
  respondent: z.string().max(100).optional(),
  voting_weight: z.number().optional(),
  duration_ms: z.number().optional(),
});

export interface Opa {
  /** The shadow decision, counted. Fails only when the database is away. */
  shadow(policy: PolicyName, input: PolicyInput): Promise<PolicyDecision>;
  /** Route hooks that count what the policy would decide and what the registry did decide. */
  watch(policy: PolicyName): RouteHooks;
}

interface RouteHooks {
  readonly preHandler: (request: FastifyRequest) => Promise<void>;
  readonly onResponse: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
}

interface OpaDeps {
  readonly database: RegistryDatabase;
  readonly registry: Registry;
  readonly logger: Logger;
}

export function createOpa(deps: OpaDeps): Opa {
  const { decisions, latency } = createMetrics(deps.registry);
  const shadow = async (policy: PolicyName, input: PolicyInput) => {
    const stop = latency.startTimer({ policy });
    const decided = decide(policy, input, await findAgent(deps.database, input.agent_id));
    stop();
    decisions.inc({ policy, decision: decided.decision, source: 'shadow' });
    return decided;
  };
  const watch = (policy: PolicyName): RouteHooks => ({
    preHandler: async (request) => {
      const input = inputOf(policy, request);
      if (input === undefined) return;
      // The shadow must never change what the registry answers, not even by failing.
      await shadow(policy, input).catch((error: unknown) => {
        deps.logger.warn({ err: error, policy }, 'no shadow decision');
      });
    },
    onResponse: async (_request, reply) => {
      const decision = enforcedDecision(reply.statusCode);
      if (decision !== undefined) decisions.inc({ policy, decision, source: 'enforced' });
    },
  });
  return { shadow, watch };
}

/** The field of the request that names the agent of a policy's input. */
const AGENT_FIELD: Readonly<Record<PolicyName, string>> = {
  'governance.propose': 'proposer',
  'governance.vote': 'voter',
  'disputes.open': 'claimant',
  'agents.enrol': 'agent_id',
  'agents.revoke': 'id',
};

function inputOf(policy: PolicyName, request: FastifyRequest): PolicyInput | undefined {
  const fields = z.record(z.string(), z.unknown());
  const params = fields.safeParse(request.params).data;
  const body = fields.safeParse(request.body).data;
  const given = { ...params, ...body };
  return policyInput.safeParse({ ...given, agent_id: given[AGENT_FIELD[policy]] }).data;
}

function createMetrics(registry: Registry) {
  const decisions = new Counter({
    name: 'opa_decisions_total',
    help: 'Decisions about requests, by the registry (enforced) and by OPA beside it (shadow)',
    labelNames: ['policy', 'decision', 'source'],
    registers: [registry],
  });
  const latency = new Histogram({
    name: 'opa_decision_latency_seconds',
    help: 'Time of a shadow decision, with the look-up of its agent',
    labelNames: ['policy'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    registers: [registry],
  });
  for (const policy of POLICY_NAMES) {
    latency.zero({ policy });
    for (const decision of DECISIONS) {
      for (const source of DECISION_SOURCES) decisions.inc({ policy, decision, source }, 0);
    }
  }
  return { decisions, latency };
}
