// The routes of the operations: each request becomes one call of `invoke`, as with every face.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { awayDependency, invoke, messageOf } from '../operation.js';
import { actorOf, bearerOf, type Caller } from './callers.js';
import { IDEMPOTENCY_KEY, schemaOf } from './openapi.js';
import { type Problem, problemOf } from './problem.js';
import { abandonedWith, sendProblem } from './respond.js';
import { pathFields, ROUTES, type Route } from './routes.js';
import type { HttpFace } from './server.js';
import { SESSION_COOKIE } from './session.js';

const NO_OBJECT = 'must be a JSON object';

export function addOperationRoutes(app: FastifyInstance, face: HttpFace): void {
  const rateLimit = { max: face.settings.actionsPerMinute };
  for (const route of ROUTES) {
    app.route({
      method: route.method,
      url: route.url,
      schema: schemaOf(route),
      ...(route.method === 'POST' ? { config: { rateLimit } } : {}),
      handler: async (request, reply) => handle(face, route, request, reply),
    });
  }
}

async function handle(
  face: HttpFace,
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
  const answer = await invoke(route.operation, face.deps, inputOf(request), {
    actor: actorOf(caller, 'http'),
    ...(key.value === undefined ? {} : { idempotencyKey: key.value }),
    signal: abandonedWith(reply),
    onProgress: () => undefined,
  });
  if (answer.kind !== 'done') {
    return sendProblem(request, reply, problemOf(answer, pathFields(route)));
  }
  return reply.header('cache-control', 'no-cache').send(answer.value);
}

/** A body that is not there is taken as one without a field. */
function isBodyTaken({ body, headers }: FastifyRequest): boolean {
  if (body === null) return headers['content-type'] === undefined;
  return body === undefined || (typeof body === 'object' && !Array.isArray(body));
}

/** Who sends the request, or why that is not known. */
export async function callerOf(
  { identify }: Pick<HttpFace, 'identify'>,
  { cookies, headers }: FastifyRequest,
): Promise<Extract<Caller, { kind: 'known' }> | Problem> {
  try {
    const caller = await identify(bearerOf(headers.authorization) ?? cookies[SESSION_COOKIE]);
    if (caller.kind === 'known') return caller;
    return { kind: 'unauthenticated', detail: caller.why };
  } catch (error) {
    if (awayDependency(error) === undefined) throw error;
    return { kind: 'unreachable', detail: messageOf(error) };
  }
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
