// Sandbox only: the oracle (what really happened) and the leaks (what should not have).
import { z } from 'zod';
import { parseAmount } from '../../money.js';
import { requireToken } from '../../service/auth.js';
import type { HttpService } from '../../service/http-service.js';
import {
  STRUCK_FAULTS_SUMMARY,
  struckFaultsAnswer,
  struckFaultsQuery,
} from '../../service/oracle-wire.js';
import type { Tokens } from '../../service/tokens.js';
import { releaseStranded } from '../incoming-rows.js';
import { type Leak, leak } from '../leaks.js';
import {
  listOracleTransferIds,
  readOracleTransfer,
  readOracleTransfers,
  readStruckFaults,
} from '../oracle.js';
import { oracleTransfer } from '../oracle-wire.js';
import { refusal } from '../refusals.js';
import type { TegCore } from '../teg-core.js';
import { leakBody } from '../wire.js';

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
}

/** One-shot changes by the control token, beside the faults. */
export function addLeakRoutes(service: HttpService, core: TegCore, tokens: Tokens): void {
  const preHandler = requireToken('control', tokens);
  service.post(
    '/control/leaks',
    {
      preHandler,
      schema: {
        summary: 'Creates, destroys or moves tokens without an event',
        security,
        body: leakBody,
        response: { 201: leakBody },
      },
    },
    async (request, reply) => {
      await leak(core, leakOf(request.body));
      return reply.code(201).send(request.body);
    },
  );
  service.post(
    '/control/release',
    {
      preHandler,
      schema: {
        summary: 'Lets go of two-phase transfers that never_credit keeps in doubt',
        security,
        response: { 200: z.object({ released: z.int() }) },
      },
    },
    async () => ({ released: await releaseStranded(core.pool) }),
  );
}

function leakOf(body: z.output<typeof leakBody>): Leak {
  const parsed = parseAmount(body.amount);
  if (!parsed.ok) throw refusal('malformed_amount', parsed.message);
  const { kind, account, to } = body;
  const amount = parsed.baseUnits;
  if (kind !== 'move') return { kind, account, amount };
  if (to !== undefined && to !== account) return { kind, account, to, amount };
  throw refusal('malformed_request', `move needs another account in "to", got "${to}"`);
}
