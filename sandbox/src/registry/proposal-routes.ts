// Governance over HTTP: proposals, votes and closing.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { requireToken } from '../service/auth.js';
import { timeText } from '../service/clock.js';
import { HttpError } from '../service/http-error.js';
import type { HttpService } from '../service/http-service.js';
import { requireActingAgent } from './agent-auth.js';
import { PROPOSAL_STATUSES, type ProposalStep, VOTE_CHOICES, WEIGHED_BY } from './proposal.js';
import {
  closeDecidedProposal,
  findProposal,
  listProposals,
  openProposal,
  type ProposalRecord,
  voteOnProposal,
} from './proposal-store.js';
import { refusalError } from './refusal.js';
import { nowOf, type RegistryCore } from './registry-core.js';
import { LIST_LIMIT } from './registry-database.js';

const DAY_MS = 24 * 60 * 60 * 1000;

const basisPoints = z.int().min(0).max(10_000);

const tallyAnswer = z.object({
  for: z.int(),
  against: z.int(),
  abstain: z.int(),
  total: z.int().describe('The weight of the whole electorate'),
});

const voteAnswer = z.object({
  voter: z.string(),
  choice: z.enum(VOTE_CHOICES),
  weight: z.int(),
});

const proposalAnswer = z.object({
  proposal_id: z.string(),
  title: z.string(),
  proposer: z.string(),
  status: z.enum(PROPOSAL_STATUSES),
  quorum_basis_points: z.int(),
  majority_basis_points: z.int(),
  opened_at: z.string(),
  closes_at: z.string(),
  closed_at: z.string().nullable(),
  weighed_by: z.enum(WEIGHED_BY),
  tally: tallyAnswer,
  votes: z.array(voteAnswer),
  electorate: z.array(z.string()).describe('Who may vote, fixed when it was opened'),
});

const listQuery = z.object({
  status: z.enum([...PROPOSAL_STATUSES, '*']).default('*'),
  limit: z.coerce.number().int().min(1).max(LIST_LIMIT.max).default(LIST_LIMIT.default),
});

const proposalBody = z.strictObject({
  proposer: z.string(),
  title: z.string().min(1).max(200),
  quorum_basis_points: basisPoints.default(4_000),
  majority_basis_points: basisPoints.default(5_000),
  duration_ms: z
    .int()
    .min(100)
    .max(30 * DAY_MS)
    .default(DAY_MS),
});

const voteBody = z.strictObject({ voter: z.string(), choice: z.enum(VOTE_CHOICES) });
const security = [{ bearer: [] }];
const idParams = z.object({ id: z.uuid() });

export function addProposalRoutes(service: HttpService, core: RegistryCore): void {
  service.get(
    '/api/v1/governance/proposals',
    {
      schema: {
        summary: 'Proposals, newest first',
        querystring: listQuery,
        response: { 200: z.object({ proposals: z.array(proposalAnswer) }) },
      },
    },
    async (request) => ({
      proposals: (await listProposals(core.database, request.query)).map(answerOf),
    }),
  );
  service.get(
    '/api/v1/governance/proposals/:id',
    { schema: { summary: 'A proposal', params: idParams, response: { 200: proposalAnswer } } },
    async (request) => await readAnswer(core, request.params.id),
  );
  addOpenRoute(service, core);
  addVoteRoute(service, core);
  addCloseRoute(service, core);
}

function addOpenRoute(service: HttpService, core: RegistryCore): void {
  service.post(
    '/api/v1/governance/proposals',
    {
      ...core.opa?.watch('governance.propose'),
      schema: {
        ...{ summary: 'Propose, by an agent', security, body: proposalBody },
        response: { 201: proposalAnswer },
      },
    },
    async (request, reply) => {
      const { body } = request;
      await requireActingAgent(core, request, body.proposer);
      const weights = await core.votingPowers.read();
      const openedAt = nowOf(core);
      const proposalId = randomUUID();
      const proposal = {
        proposalId,
        title: body.title,
        proposer: body.proposer,
        rules: {
          quorumBasisPoints: body.quorum_basis_points,
          majorityBasisPoints: body.majority_basis_points,
        },
        openedAt,
        closesAt: new Date(openedAt.getTime() + body.duration_ms),
      };
      await openProposal(core.database, proposal, weights);
      return reply.code(201).send(await readAnswer(core, proposalId));
    },
  );
}

function addVoteRoute(service: HttpService, core: RegistryCore): void {
  service.post(
    '/api/v1/governance/proposals/:id/votes',
    {
      ...core.opa?.watch('governance.vote'),
      schema: {
        ...{ summary: 'Vote, once per agent', security, params: idParams, body: voteBody },
        response: { 201: proposalAnswer },
      },
    },
    async (request, reply) => {
      const { voter, choice } = request.body;
      await requireActingAgent(core, request, voter);
      const vote = { voter, choice, at: nowOf(core) };
      throwRefusal(request.params.id, await voteOnProposal(core.database, request.params.id, vote));
      return reply.code(201).send(await readAnswer(core, request.params.id));
    },
  );
}

function addCloseRoute(service: HttpService, core: RegistryCore): void {
  service.post(
    '/api/v1/governance/proposals/:id/close',
    {
      preHandler: requireToken('admin', core.tokens),
      schema: {
        ...{ summary: 'Close what its votes or its end have decided', security, params: idParams },
        response: { 200: proposalAnswer },
      },
    },
    async (request) => {
      const { id } = request.params;
      throwRefusal(id, await closeDecidedProposal(core.database, id, nowOf(core)));
      return await readAnswer(core, id);
    },
  );
}

function throwRefusal(proposalId: string, step: ProposalStep | undefined): void {
  if (step === undefined) throw unknownProposal(proposalId);
  if (!step.ok) {
    throw refusalError({ ...step, message: `proposal "${proposalId}": ${step.message}` });
  }
}

async function readAnswer(core: RegistryCore, proposalId: string) {
  const proposal = await findProposal(core.database, proposalId);
  if (proposal === undefined) throw unknownProposal(proposalId);
  return answerOf(proposal);
}

function unknownProposal(proposalId: string): HttpError {
  return new HttpError(404, 'unknown_proposal', `no proposal "${proposalId}"`);
}

function answerOf(proposal: ProposalRecord): z.input<typeof proposalAnswer> {
  return {
    proposal_id: proposal.proposalId,
    title: proposal.title,
    proposer: proposal.proposer,
    status: proposal.status,
    quorum_basis_points: proposal.rules.quorumBasisPoints,
    majority_basis_points: proposal.rules.majorityBasisPoints,
    opened_at: timeText(proposal.openedAt.getTime()),
    closes_at: timeText(proposal.closesAt.getTime()),
    weighed_by: proposal.weighedBy,
    closed_at: proposal.closedAt === null ? null : timeText(proposal.closedAt.getTime()),
    tally: proposal.tally,
    votes: [...proposal.votes],
    electorate: [...proposal.electorate],
  };
}
