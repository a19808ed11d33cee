// The routes of the operations: each request becomes one call of `invoke`, as with every face.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from '../answer.js';
import { invoke, mayAct } from '../operation.js';
import { actorOf } from './callers.js';
import { callerOf } from './known-caller.js';
import { IDEMPOTENCY_KEY, schemaOf } from './openapi.js';
import { type Problem, problemOf } from './problem.js';
import { abandonedWith, sendProblem } from './respond.js';
import { pathFields, ROUTES, type Route } from './routes.js';
import type { HttpFace } from './server.js';
import { createSharedReadings, type Reading, type SharedReadings } from './shared-readings.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const NO_OBJECT = 'must be a JSON object';

export function addOperationRoutes(app: FastifyInstance, face: HttpFace): void {
  const rateLimit = { max: face.settings.actionsPerMinute };
  const shared = createSharedReadings(face.deps.clock, face.news);
  for (const route of ROUTES) {
    app.route({
      method: route.method,
      url: route.url,
      schema: schemaOf(route),
      ...(route.method === 'POST' ? { config: { rateLimit } } : {}),
      handler: async (request, reply) => handle({ ...face, shared }, route, request, reply),
    });
  }
}

interface SharingFace extends HttpFace {
  readonly shared: SharedReadings;
}

async function handle(
  face: SharingFace,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const caller = await callerOf(face, request);
  if (caller.kind !== 'known') return sendProblem(request, reply, caller);
  const key = keyOf(request);
  if (key.problem !== undefined) return sendProblem(request, reply, key.problem);
  if (!isBodyTaken(request)) {
    const errors = [{ pointer: '', detail: NO_OBJECT }];
    return sendProblem(request, reply, {
      kind: 'refused',
      detail: `the body ${NO_OBJECT}`,
      errors,
    });
  }
  const input = inputOf(request);
  const actor = actorOf(caller, 'http');
  const call = (signal: AbortSignal) =>
    invoke(route.operation, face.deps, input, {
      actor,
      ...(key.value === undefined ? {} : { idempotencyKey: key.value }),
      signal,
      onProgress: () => undefined,
    });
  const { answer, text } = await readingOf(face, route, input, reply, call);
  if (answer.kind !== 'done') {
    return sendProblem(request, reply, problemOf(answer, pathFields(route)));
  }
  reply.header('cache-control', 'no-cache');
  return text === undefined ? reply.send(answer.value) : reply.type(JSON_TYPE).send(text);
}

/** A reading that others wait for as well goes on when one of them has gone away. */
async function readingOf(
  { shared }: SharingFace,
  { operation }: Route,
  input: object,
  reply: FastifyReply,
  call: (signal: AbortSignal) => Promise<Answer<unknown>>,
): Promise<Reading> {
  if (shared.takes(operation, input)) {
    return shared.read(operation.name, () => call(new AbortController().signal));
  }
  try {
    return { answer: await call(abandonedWith(reply)) };
  } finally {
    if (mayAct(operation)) shared.forget();
  }
}

/** A body that is not there is taken as one without a field. */
function isBodyTaken({ body, headers }: FastifyRequest): boolean {
  if (body === null) return headers['content-type'] === undefined;
  return body === undefined || (typeof body === 'object' && !Array.isArray(body));
}

function inputOf({ body, params, query }: FastifyRequest): Record<string, unknown> {
  return { ...recordOf(query), ...recordOf(body), ...recordOf(params) };
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function keyOf({ headers }: FastifyRequest): {
  readonly value?: string;
  readonly problem?: Problem;
} {
  const header = headers['idempotency-key'];
  if (header === undefined) return {};
  const parsed = IDEMPOTENCY_KEY.safeParse(header);
  if (parsed.success) return { value: parsed.data };
  const detail = parsed.error.issues[0]?.message ?? 'is not usable';
  return { problem: { kind: 'malformed', detail: `Idempotency-Key: ${detail}` } };
}
