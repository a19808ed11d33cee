// The token supply over HTTP: what the TEG is, issuing, destroying, and the consistent cut.
import type { z } from 'zod';
import { parseAmount } from '../../money.js';
import { requireToken } from '../../service/auth.js';
import type { HttpService } from '../../service/http-service.js';
import type { Tokens } from '../../service/tokens.js';
import { frameOf, producerName } from '../../topology.js';
import { markerEvent } from '../events.js';
import { refusal } from '../refusals.js';
import { destroy, issue } from '../supply.js';
import { snapshotAnswer, takeSupplySnapshot } from '../supply-snapshot.js';
import type { TegCore } from '../teg-core.js';
import {
  infoAnswer,
  positionAnswer,
  snapshotAnswerSchema,
  snapshotQuery,
  supplyBody,
} from '../wire.js';

const SUPPLY_CALLS = { issue, destroy } as const;

export function addSupplyRoutes(service: HttpService, core: TegCore, tokens: Tokens): void {
  addInfoRoute(service, core);
  addSnapshotRoute(service, core);
  const preHandler = requireToken('admin', tokens);
  for (const [verb, change] of Object.entries(SUPPLY_CALLS)) {
    service.post(
      `/teg/${verb}`,
      {
        preHandler,
        schema: {
          summary: `${verb} tokens of an agent or the treasury`,
          security: [{ bearer: [] }],
          body: supplyBody,
          response: { 201: positionAnswer },
        },
      },
      async (request, reply) => {
        const { position } = await change(core, supplyChangeOf(request.body));
        return reply.code(201).send({ position: position ?? (await headPosition(core)) });
      },
    );
  }
}

function addInfoRoute(service: HttpService, core: TegCore): void {
  const { topology, frame } = core;
  service.get(
    '/teg/info',
    { schema: { summary: 'What this TEG is', response: { 200: infoAnswer } } },
    async () => ({
      frame,
      token: 'AVT' as const,
      fee: { basis_points: topology.feeBasisPoints },
      registries: frameOf(topology, frame).registries,
      refund_after_ms: topology.refundAfterMs,
      sweep_interval_ms: topology.sweepIntervalMs,
      two_phase_limit_ms: topology.twoPhaseLimitMs,
    }),
  );
}

function addSnapshotRoute(service: HttpService, core: TegCore): void {
  service.get(
    '/teg/supply-snapshot',
    {
      schema: {
        summary: 'A consistent cut through the ledger, followed by a SupplyMarker event',
        querystring: snapshotQuery,
        response: { 200: snapshotAnswerSchema },
      },
    },
    async (request) => {
      const snapshot = await takeSupplySnapshot(core.pool, core.clock, request.query.buckets);
      const marker = await core.ledger.transact(async (transaction) =>
        transaction.emit([markerEvent(core.frame, snapshot.position)]),
      );
      return {
        frame: core.frame,
        producer: producerName(core.frame),
        ...snapshotAnswer(snapshot),
        marker_position: marker.position ?? (await headPosition(core)),
      };
    },
  );
}

function supplyChangeOf(body: z.output<typeof supplyBody>) {
  const amount = parseAmount(body.amount);
  if (!amount.ok) throw refusal('malformed_amount', amount.message);
  return { account: body.account, amount: amount.baseUnits, reason: body.reason };
}

/** Where the outbox stands when a fault has omitted the event itself. */
async function headPosition(core: TegCore): Promise<number> {
  const { rows } = await core.pool.query<{ position: string }>('SELECT position FROM outbox_head');
  return Number(rows[0]?.position);
}
