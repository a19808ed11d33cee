// The control door for faults: add, list and remove them, with the control token.
import { z } from 'zod';
import { FAULT_KIND_NAMES, FAULT_KINDS, type ServiceName } from '../names.js';
import { requireToken } from './auth.js';
import type { ActiveFault, FaultEngine, FaultSpec } from './faults.js';
import { HttpError } from './http-error.js';
import type { HttpService } from './http-server.js';
import type { Tokens } from './tokens.js';

const MAX_FAULTS = 1_000;

const security = [{ bearer: [] }];

const faultBody = z.strictObject({
  kind: z.enum(FAULT_KIND_NAMES),
  frame: z.string().optional(),
  event_type: z.string().optional(),
  backend: z.string().optional(),
  sender: z.string().optional(),
  receiver: z.string().optional(),
  memo_prefix: z.string().optional(),
  at: z.enum(['before_store', 'after_store']).optional(),
  probability: z.number().gt(0).max(1).optional(),
  count: z.int().min(1).optional(),
  duration_ms: z.int().min(1).optional(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});

const faultAnswerSchema = faultBody.extend({
  id: z.string(),
  hits: z.int().describe('How often it has struck'),
  expires_at: z.string().optional(),
});

const NOTHING = z.null().describe('done');

const faultIdParams = z.object({ id: z.string() });

/** POST, GET, DELETE /control/faults and DELETE /control/faults/{id}. */
export function addFaultRoutes(
  service: HttpService,
  options: { service: ServiceName; tokens: Tokens; faults: FaultEngine },
): void {
  const { faults } = options;
  // Before the body is looked at: who may not come in learns nothing about it.
  const onRequest = requireToken('control', options.tokens);
  service.post(
    '/control/faults',
    {
      onRequest,
      schema: {
        ...{ summary: 'Add a fault', security, body: faultBody },
        response: { 201: faultAnswerSchema },
      },
    },
    async (request, reply) => {
      const spec = specOf(request.body);
      refuseMisplaced(spec, options.service);
      if (faults.list().length >= MAX_FAULTS) {
        throw new HttpError(429, 'too_many_requests', `${MAX_FAULTS} faults are active already`);
      }
      return reply.code(201).send(faultAnswer(faults.add(spec)));
    },
  );
  const listAnswer = z.object({ faults: z.array(faultAnswerSchema) });
  service.get(
    '/control/faults',
    { onRequest, schema: { summary: 'Active faults', security, response: { 200: listAnswer } } },
    async () => ({ faults: faults.list().map(faultAnswer) }),
  );
  service.delete(
    '/control/faults',
    { onRequest, schema: { summary: 'End every fault', security, response: { 204: NOTHING } } },
    async (_request, reply) => {
      faults.clear();
      return reply.code(204).send(null);
    },
  );
  service.delete(
    '/control/faults/:id',
    {
      onRequest,
      schema: {
        ...{ summary: 'End a fault', security, params: faultIdParams },
        response: { 204: NOTHING },
      },
    },
    async (request, reply) => {
      if (faults.remove(request.params.id)) return reply.code(204).send(null);
      throw new HttpError(404, 'unknown_fault', `no active fault "${request.params.id}"`);
    },
  );
}

function specOf(body: z.output<typeof faultBody>): FaultSpec {
  const { event_type, memo_prefix, duration_ms, ...same } = body;
  return {
    ...same,
    ...(event_type !== undefined && { eventType: event_type }),
    ...(memo_prefix !== undefined && { memoPrefix: memo_prefix }),
    ...(duration_ms !== undefined && { durationMs: duration_ms }),
  };
}

function faultAnswer(fault: ActiveFault) {
  const { eventType, memoPrefix, durationMs, expiresAt, ...same } = fault;
  return {
    ...same,
    event_type: eventType,
    memo_prefix: memoPrefix,
    duration_ms: durationMs,
    expires_at: expiresAt,
  };
}

/** A fault that this service can never strike would look active and do nothing. */
function refuseMisplaced(spec: FaultSpec, service: ServiceName): void {
  const kind = FAULT_KINDS[spec.kind];
  const services: readonly ServiceName[] = kind.services;
  if (!services.includes(service)) {
    throw malformed('kind', spec.kind, `is struck by ${services.join(' or ')}, not by ${service}`);
  }
  const place = service === 'event-store' ? 'after_store' : 'before_store';
  if (spec.at !== undefined && spec.at !== place) {
    throw malformed('at', spec.at, `at the ${service} it is ${place}`);
  }
  const unknown = Object.keys(spec.params ?? {}).find((name) => !(name in kind.params));
  if (unknown === undefined) return;
  const known = Object.keys(kind.params).join(', ') || 'none';
  throw malformed('params', unknown, `${spec.kind} has these parameters: ${known}`);
}

function malformed(field: string, value: string, reason: string): HttpError {
  return new HttpError(400, 'malformed_request', `${field} "${value}": ${reason}`);
}
