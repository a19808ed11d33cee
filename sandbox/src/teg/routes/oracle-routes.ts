// Sandbox only: the oracle, which tells what really happened.
import { z } from 'zod';
import { requireToken } from '../../service/auth.js';
import type { HttpService } from '../../service/http-service.js';
import {
  STRUCK_FAULTS_SUMMARY,
  struckFaultsAnswer,
  struckFaultsQuery,
} from '../../service/oracle-wire.js';
import type { Tokens } from '../../service/tokens.js';
import { businessAnswer, readBusiness } from '../business-oracle.js';
import {
  listOracleTransferIds,
  readOracleTransfer,
  readOracleTransfers,
  readStruckFaults,
} from '../oracle.js';
import { oracleTransfer } from '../oracle-wire.js';
import { refusal } from '../refusals.js';
import type { TegCore } from '../teg-core.js';

const security = [{ bearer: [] }];
const limit = z.coerce.number().int().min(1).max(1000).default(100);

export function addOracleRoutes(service: HttpService, core: TegCore, tokens: Tokens): void {
  const preHandler = requireToken('oracle', tokens);
  service.get(
    '/oracle/transfers/:transfer_id',
    {
      preHandler,
      schema: {
        summary: 'The true account of a transfer, as this TEG holds it',
        security,
        params: z.object({ transfer_id: z.string() }),
        response: { 200: oracleTransfer },
      },
    },
    async (request) => {
      const id = request.params.transfer_id;
      const transfer = await readOracleTransfer(core.pool, id);
      if (transfer !== undefined) return transfer;
      throw refusal('unknown_transfer', `no transfer "${id}"`);
    },
  );
  service.get(
    '/oracle/transfers',
    {
      preHandler,
      schema: {
        summary: 'All transfers made since a time; page on with after=<the last transfer id>',
        security,
        querystring: z.object({
          since: z.iso.datetime({ offset: true }).default('1970-01-01T00:00:00Z'),
          after: z.string().default(''),
          limit,
        }),
        response: { 200: z.object({ transfers: z.array(oracleTransfer) }) },
      },
    },
    async ({ query: { since, after, limit } }) => {
      const range = { sinceMs: Date.parse(since), after, limit };
      const ids = await listOracleTransferIds(core.pool, range);
      return { transfers: [...(await readOracleTransfers(core.pool, ids))] };
    },
  );
  service.get(
    '/oracle/faults',
    {
      preHandler,
      schema: {
        summary: STRUCK_FAULTS_SUMMARY,
        security,
        querystring: struckFaultsQuery,
        response: { 200: struckFaultsAnswer },
      },
    },
    async ({ query }) => ({ faults: [...(await readStruckFaults(core.pool, query))] }),
  );
  service.get(
    '/oracle/business',
    {
      preHandler,
      schema: {
        summary: 'Transfers, fees, stakes and A2A tokens, counted from postings and rows',
        security,
        response: { 200: businessAnswer },
      },
    },
    async () => readBusiness(core.pool, core.frame),
  );
}
