// Transfers over HTTP: the two doors that take them, and reading one.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { bearerToken } from '../../service/auth.js';
import type { HttpService } from '../../service/http-service.js';
import { refusal } from '../refusals.js';
import type { TegCore } from '../teg-core.js';
import type { Teller } from '../teller.js';
import { readTransfer, readTransferByKey } from '../transfer-rows.js';
import { transferAnswer, transferAnswerOf, transferBody, transferHeaders } from '../wire.js';

const REPLAYED_HEADER = 'Idempotency-Replayed';

const answers = {
  200: transferAnswer.describe('replayed: the transfer as it stands now'),
  201: transferAnswer.describe('settled'),
  202: transferAnswer.describe('in_transit or in_doubt'),
};
const security = [{ bearer: [] }];
const byKey = z.object({ idempotency_key: z.string(), sender: z.string() });
const crossQuery = z.object({ backend: z.string().default('').describe('async or 2pc') });

export function addTransferRoutes(service: HttpService, core: TegCore, teller: Teller): void {
  const preHandler = async (request: FastifyRequest) => void bearerToken(request);
  const hung = keepHung(service);
  const take = async (
    request: FastifyRequest & { readonly body: z.output<typeof transferBody> },
    reply: FastifyReply,
    backend: string,
  ) => {
    const key = request.headers['idempotency-key'];
    const idempotencyKey = Array.isArray(key) ? key[0] : key;
    const token = bearerToken(request);
    const answer = await teller.take({ ...request.body, backend, idempotencyKey, token });
    if (answer.kind === 'hang') return hung(reply);
    const body = transferAnswerOf(answer.transfer);
    if (answer.replayed) return reply.code(200).header(REPLAYED_HEADER, 'true').send(body);
    return reply.code(body.status === 'settled' ? 201 : 202).send(body);
  };
  const body = transferBody;
  const headers = transferHeaders;
  service.post(
    '/teg/transfer',
    {
      onRequest: preHandler,
      schema: { summary: 'Within one registry', security, body, headers, response: answers },
    },
    (request, reply) => take(request, reply, 'intra'),
  );
  service.post(
    '/teg/cross-registry-transfer',
    {
      onRequest: preHandler,
      schema: {
        summary: 'Between two registries',
        security,
        body,
        headers,
        querystring: crossQuery,
        response: answers,
      },
    },
    (request, reply) => {
      const { backend } = request.query;
      if (backend === 'intra') throw refusal('unknown_backend', 'intra has its own door');
      return take(request, reply, backend);
    },
  );
  addReadRoutes(service, core);
}

function addReadRoutes(service: HttpService, core: TegCore): void {
  service.get(
    '/teg/transfers/:transfer_id',
    {
      schema: {
        summary: 'A transfer as it stands now',
        params: z.object({ transfer_id: z.string() }),
        response: { 200: transferAnswer },
      },
    },
    async (request) => {
      const id = request.params.transfer_id;
      const transfer = await readTransfer(core.pool, id);
      if (transfer !== undefined && transfer.status !== 'preparing') {
        return transferAnswerOf(transfer);
      }
      throw refusal('unknown_transfer', `no transfer "${id}"`);
    },
  );
  service.get(
    '/teg/transfers',
    {
      schema: {
        summary: 'The transfer under a key of a sender, if it is decided',
        querystring: byKey,
        response: { 200: z.object({ transfers: z.array(transferAnswer) }) },
      },
    },
    async (request) => {
      const { sender, idempotency_key: key } = request.query;
      const transfer = await readTransferByKey(core.pool, sender, key);
      const isDecided = transfer !== undefined && transfer.status !== 'preparing';
      return { transfers: isDecided ? [transferAnswerOf(transfer)] : [] };
    },
  );
}

/** Keeps requests that are never answered, and ends them when the service closes. */
function keepHung(service: HttpService): (reply: FastifyReply) => FastifyReply {
  const replies = new Set<FastifyReply>();
  service.addHook('preClose', async () => {
    for (const reply of replies) reply.raw.destroy();
  });
  return (reply) => {
    reply.hijack();
    replies.add(reply);
    reply.raw.once('close', () => replies.delete(reply));
    return reply;
  };
}
