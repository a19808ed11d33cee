// Sandbox only: leaks by the control token, beside the faults, and what the oracle says of them.
import { z } from 'zod';
import { parseAmount } from '../../money.js';
import { requireToken } from '../../service/auth.js';
import type { HttpService } from '../../service/http-service.js';
import { LEAKS_SUMMARY, leaksAnswer } from '../../service/leak-wire.js';
import { struckFaultsQuery } from '../../service/oracle-wire.js';
import type { Tokens } from '../../service/tokens.js';
import { releaseStranded } from '../incoming-rows.js';
import { readLeaks } from '../leak-records.js';
import { type Leak, leak } from '../leaks.js';
import { releaseRefunds } from '../never-refund.js';
import { refusal } from '../refusals.js';
import type { TegCore } from '../teg-core.js';
import { leakBody } from '../wire.js';

const security = [{ bearer: [] }];

/** POST /control/leaks and /control/release, GET /oracle/leaks. */
export function addLeakRoutes(service: HttpService, core: TegCore, tokens: Tokens): void {
  const preHandler = requireToken('control', tokens);
  service.post(
    '/control/leaks',
    {
      preHandler,
      schema: {
        summary: 'Creates, destroys, moves or offsets tokens without an event',
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
        summary: 'Lets go of what never_credit keeps in doubt and never_refund in transit',
        security,
        response: { 200: z.object({ released: z.int() }) },
      },
    },
    async () => ({
      released:
        (await releaseStranded(core.pool)) +
        (await releaseRefunds(core.pool, new Date(core.clock.nowMs()))),
    }),
  );
  service.get(
    '/oracle/leaks',
    {
      preHandler: requireToken('oracle', tokens),
      schema: {
        summary: LEAKS_SUMMARY,
        security,
        querystring: struckFaultsQuery,
        response: { 200: leaksAnswer },
      },
    },
    async ({ query }) => ({ leaks: [...(await readLeaks(core.pool, core.frame, query))] }),
  );
}

function leakOf(body: z.output<typeof leakBody>): Leak {
  const parsed = parseAmount(body.amount);
  if (!parsed.ok) throw refusal('malformed_amount', parsed.message);
  const { kind, account, to } = body;
  const amount = parsed.baseUnits;
  if (kind === 'create' || kind === 'destroy') return { kind, account, amount };
  if (to !== undefined && to !== account) return { kind, account, to, amount };
  throw refusal('malformed_request', `${kind} needs another account in "to", got "${to}"`);
}
