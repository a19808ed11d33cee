// Sandbox only: leaks inside the log by the control token, and what the oracle says of leaks.
import type { Pool } from 'pg';
import { z } from 'zod';
import { formatAmount } from '../money.js';
import { LEAKING_FAULTS, LOG_LEAK_KINDS, type LogLeakKind } from '../names.js';
import { requireToken } from '../service/auth.js';
import type { HttpService } from '../service/http-server.js';
import { LEAKS_SUMMARY, type LeakRecord, leaksAnswer } from '../service/leak-wire.js';
import { type StruckFault, struckFaultsQuery } from '../service/oracle-wire.js';
import type { StrikeMemory } from '../service/strike-memory.js';
import type { Tokens } from '../service/tokens.js';
import { harmOf } from './incoming-event.js';
import { tamper } from './tamper.js';

export interface LeakDeps {
  readonly frameId: string;
  readonly pool: Pool;
  readonly strikes: StrikeMemory;
  readonly tokens: Tokens;
}

const security = [{ bearer: [] }];

const leakBody = z.strictObject({
  kind: z.enum(LOG_LEAK_KINDS),
  sequence: z.int().min(1).optional().describe('Without it the newest own event with an amount'),
});

const tamperedAnswer = z.object({ kind: z.enum(LOG_LEAK_KINDS), sequence: z.int() });

/** POST /control/leaks and GET /oracle/leaks. */
export function addLeakRoutes(service: HttpService, deps: LeakDeps): void {
  service.post(
    '/control/leaks',
    {
      onRequest: requireToken('control', deps.tokens),
      schema: {
        ...{ summary: 'Erases or forges a stored event', security, body: leakBody },
        response: { 201: tamperedAnswer },
      },
    },
    async (request, reply) => {
      const { kind, sequence } = request.body;
      return reply.code(201).send({ kind, sequence: await leak(deps, kind, sequence) });
    },
  );
  service.get(
    '/oracle/leaks',
    {
      onRequest: requireToken('oracle', deps.tokens),
      schema: {
        ...{ summary: LEAKS_SUMMARY, security, querystring: struckFaultsQuery },
        response: { 200: leaksAnswer },
      },
    },
    async ({ query }) => ({
      leaks: deps.strikes
        .list({ ...query, kinds: [...LEAKING_FAULTS, 'leak'] })
        .map((strike) => recordOf(strike, deps.frameId)),
    }),
  );
}

async function leak(
  { pool, strikes }: LeakDeps,
  kind: LogLeakKind,
  wanted: number | undefined,
): Promise<number> {
  const { sequence, envelope } = await tamper(pool, kind, wanted);
  const { accounts, amount } = harmOf(envelope);
  strikes.note({
    kind: 'leak',
    transfer_id: envelope.transfer_id,
    detail: {
      leak: kind,
      ...{ sequence, position: envelope.position, event_type: envelope.event_type, accounts },
      amount: kind === 'forge' ? formatAmount(1n) : amount,
    },
  });
  return sequence;
}

const leakDetail = z.object({
  leak: z.enum(LOG_LEAK_KINDS).optional(),
  position: z.int(),
  accounts: z.array(z.string()),
  amount: z.string().nullable(),
});

function recordOf(strike: StruckFault, frame: string): LeakRecord {
  const { leak: kind = 'lose_event', position, accounts, amount } = leakDetail.parse(strike.detail);
  return {
    leak_id: strike.strike_id,
    ...{ kind, frame, at: strike.at, accounts, amount },
    transfer_id: strike.transfer_id,
    first_position: position,
    last_position: position,
  };
}
