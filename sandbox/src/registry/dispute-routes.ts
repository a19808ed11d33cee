// Disputes over HTTP: open one, and move it along the drawn transitions.
import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { bearerToken, digestsEqual } from '../service/auth.js';
import { timeText } from '../service/clock.js';
import { HttpError } from '../service/http-error.js';
import type { HttpService } from '../service/http-service.js';
import { tokenDigest } from '../service/tokens.js';
import { registryOfAgent } from '../topology.js';
import { requireActingAgent } from './agent-auth.js';
import {
  DISPUTE_PHASES,
  DISPUTE_RULES,
  DISPUTE_TRANSITIONS,
  type DisputeTransition,
} from './dispute.js';
import {
  type DisputeRecord,
  findDispute,
  listDisputes,
  moveDispute,
  openDispute,
} from './dispute-store.js';
import { refusalError } from './refusal.js';
import { nowOf, type RegistryCore } from './registry-core.js';
import { LIST_LIMIT } from './registry-database.js';

const ADMIN = 'admin';

const stepAnswer = z.object({
  transition: z.enum(DISPUTE_TRANSITIONS),
  from: z.enum(DISPUTE_PHASES),
  to: z.enum(DISPUTE_PHASES),
  by: z.string(),
  note: z.string(),
  at: z.string(),
});

const disputeAnswer = z.object({
  dispute_id: z.string(),
  claimant: z.string(),
  respondent: z.string(),
  transfer_id: z.string().nullable(),
  reason: z.string(),
  phase: z.enum(DISPUTE_PHASES),
  opened_at: z.string(),
  updated_at: z.string(),
  steps: z.array(stepAnswer),
});

const listQuery = z.object({
  phase: z.enum([...DISPUTE_PHASES, '*']).default('*'),
  limit: z.coerce.number().int().min(1).max(LIST_LIMIT.max).default(LIST_LIMIT.default),
});

const disputeBody = z.strictObject({
  claimant: z.string(),
  respondent: z.string(),
  transfer_id: z.string().min(1).max(100).nullable().default(null),
  reason: z.string().min(1).max(1_000),
});

const moveBody = z.strictObject({
  by: z.string().default(ADMIN).describe('The acting party; without it the admin'),
  note: z.string().max(1_000).default(''),
});

const security = [{ bearer: [] }];
const idParams = z.object({ id: z.uuid() });
const moveParams = idParams.extend({ transition: z.enum(DISPUTE_TRANSITIONS) });

export function addDisputeRoutes(service: HttpService, core: RegistryCore): void {
  service.get(
    '/api/v1/disputes',
    {
      schema: {
        summary: 'Disputes, newest first',
        querystring: listQuery,
        response: { 200: z.object({ disputes: z.array(disputeAnswer) }) },
      },
    },
    async (request) => ({
      disputes: (await listDisputes(core.database, request.query)).map(answerOf),
    }),
  );
  service.get(
    '/api/v1/disputes/:id',
    { schema: { summary: 'A dispute', params: idParams, response: { 200: disputeAnswer } } },
    async (request) => answerOf(await requireDispute(core, request.params.id)),
  );
  addOpenRoute(service, core);
  addMoveRoute(service, core);
}

function addOpenRoute(service: HttpService, core: RegistryCore): void {
  service.post(
    '/api/v1/disputes',
    {
      ...core.opa?.watch('disputes.open'),
      schema: {
        ...{ summary: 'Open a dispute, by its claimant', security, body: disputeBody },
        response: { 201: disputeAnswer },
      },
    },
    async (request, reply) => {
      const { claimant, respondent, reason, transfer_id: transferId } = request.body;
      if (registryOfAgent(core.topology, respondent) === undefined) {
        throw new HttpError(404, 'unknown_agent', `respondent "${respondent}" is no agent`);
      }
      await requireActingAgent(core, request, claimant);
      const disputeId = randomUUID();
      const openedAt = nowOf(core);
      const dispute = { disputeId, claimant, respondent, reason, transferId, openedAt };
      await openDispute(core.database, dispute);
      return reply.code(201).send(answerOf(await requireDispute(core, disputeId)));
    },
  );
}

function addMoveRoute(service: HttpService, core: RegistryCore): void {
  service.post(
    '/api/v1/disputes/:id/:transition',
    {
      schema: {
        ...{ summary: 'Make a drawn transition', security, params: moveParams, body: moveBody },
        response: { 200: disputeAnswer },
      },
    },
    async (request) => {
      const { id, transition } = request.params;
      const { by, note } = request.body;
      await requireMover(core, request, { disputeId: id, transition, by });
      const step = await moveDispute(core.database, id, { transition, by, note, at: nowOf(core) });
      if (step === undefined) throw unknownDispute(id);
      if (!step.ok) throw refusalError({ ...step, message: `dispute "${id}": ${step.message}` });
      return answerOf(await requireDispute(core, id));
    },
  );
}

/** The rule says who may make the transition: a party with its token, or the admin. */
async function requireMover(
  core: RegistryCore,
  request: FastifyRequest,
  move: { disputeId: string; transition: DisputeTransition; by: string },
): Promise<void> {
  const digest = tokenDigest(bearerToken(request));
  const isAdmin = digestsEqual(digest, tokenDigest(core.tokens.admin));
  if (move.by === ADMIN && isAdmin) return;
  if (DISPUTE_RULES[move.transition].by === ADMIN || move.by === ADMIN) {
    throw new HttpError(403, 'forbidden', `"${move.transition}" by "${move.by}" is for the admin`);
  }
  const dispute = await requireDispute(core, move.disputeId);
  if (move.by !== dispute.claimant && move.by !== dispute.respondent) {
    throw new HttpError(403, 'forbidden', `"${move.by}" is no party of the dispute`);
  }
  await requireActingAgent(core, request, move.by);
}

async function requireDispute(core: RegistryCore, disputeId: string): Promise<DisputeRecord> {
  const dispute = await findDispute(core.database, disputeId);
  if (dispute === undefined) throw unknownDispute(disputeId);
  return dispute;
}

function unknownDispute(disputeId: string): HttpError {
  return new HttpError(404, 'unknown_dispute', `no dispute "${disputeId}"`);
}

function answerOf(dispute: DisputeRecord): z.input<typeof disputeAnswer> {
  return {
    dispute_id: dispute.disputeId,
    claimant: dispute.claimant,
    respondent: dispute.respondent,
    transfer_id: dispute.transferId,
    reason: dispute.reason,
    phase: dispute.phase,
    opened_at: timeText(dispute.openedAt.getTime()),
    updated_at: timeText(dispute.updatedAt.getTime()),
    steps: dispute.steps.map((step) => ({ ...step, at: timeText(step.at.getTime()) })),
  };
}
