// How much is going on in a registry: counts by status and phase, the turnout, and the oracle's own
// count of the same.
import { z } from 'zod';
import { requireToken } from '../service/auth.js';
import { timeText } from '../service/clock.js';
import type { HttpService } from '../service/http-service.js';
import { DISPUTE_PHASES } from './dispute.js';
import { PROPOSAL_STATUSES } from './proposal.js';
import type { RegistryCore } from './registry-core.js';
import { recountRegistry } from './registry-oracle.js';
import {
  countDisputes,
  type GovernanceSummary,
  readGovernanceSummary,
  turnoutRatio,
} from './registry-summary.js';

const proposals = z.array(z.object({ status: z.enum(PROPOSAL_STATUSES), proposals: z.int() }));
const disputes = z.array(z.object({ phase: z.enum(DISPUTE_PHASES), disputes: z.int() }));
const turnout = z.object({
  cast: z.int().describe('Weight'),
  total: z.int().describe('Weight of the electorates'),
  ratio: z.number().nullable().describe('Four places; null where nothing was decided'),
});
const place = { registry: z.string(), at: z.string() };

const governanceAnswer = z.object({ ...place, proposals, turnout });
const disputesAnswer = z.object({ ...place, disputes });
const businessAnswer = z.object({ ...place, proposals, turnout, disputes });

/** GET the two summaries and /oracle/business. */
export function addSummaryRoutes(service: HttpService, core: RegistryCore): void {
  const { database } = core;
  const here = () => ({ registry: core.registryId, at: timeText(core.clock.nowMs()) });
  service.get(
    '/api/v1/governance/summary',
    {
      schema: { summary: 'Proposals by status, and turnout', response: { 200: governanceAnswer } },
    },
    async () => ({ ...here(), ...withRatio(await readGovernanceSummary(database)) }),
  );
  service.get(
    '/api/v1/disputes/summary',
    { schema: { summary: 'Disputes by phase', response: { 200: disputesAnswer } } },
    async () => ({ ...here(), disputes: [...(await countDisputes(database))] }),
  );
  service.get(
    '/oracle/business',
    {
      preHandler: requireToken('oracle', core.tokens),
      schema: {
        ...{ summary: 'The same, counted again from votes and steps', security: [{ bearer: [] }] },
        response: { 200: businessAnswer },
      },
    },
    async () => {
      const account = await recountRegistry(database, core.clock.nowMs());
      return { ...here(), ...withRatio(account), disputes: [...account.disputes] };
    },
  );
}

function withRatio(summary: GovernanceSummary) {
  return {
    proposals: [...summary.proposals],
    turnout: { ...summary.turnout, ratio: turnoutRatio(summary.turnout) },
  };
}
