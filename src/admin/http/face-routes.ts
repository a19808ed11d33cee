// What the HTTP face answers about itself: alive, ready, described, and who asks.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ROLES } from '../../domain/role.js';
import { addExport, EXPORT_URL } from './export-route.js';
import { addIssuerSession, addWays, WAYS_URL } from './issuer-session.js';
import { callerOf, isOfSession } from './known-caller.js';
import { problemResponses } from './openapi.js';
import { PROBLEMS } from './problem.js';
import { sendProblem } from './respond.js';
import type { HttpFace } from './server.js';
import { addSession } from './session.js';
import { addStream } from './stream.js';

const meView = z.strictObject({
  name: z.string(),
  role: z.enum(ROLES),
  session: z.boolean().describe('known by what this browser keeps, and may be forgotten again'),
});

const readinessView = z.strictObject({
  ready: z.boolean(),
  dependencies: z.array(
    z.strictObject({ name: z.string(), ready: z.boolean(), problem: z.string().optional() }),
  ),
});

/** The addresses of the face itself that its description names. */
export const FACE_URLS = [
  EXPORT_URL,
  '/healthz',
  '/readyz',
  '/version',
  '/api/v1/me',
  '/api/v1/session',
  '/api/v1/session/end',
  WAYS_URL,
  '/api/v1/stream',
] as const;

export function addFaceRoutes(app: FastifyInstance, face: HttpFace): void {
  const hidden = { schema: { hide: true } };
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'getHealthz',
        summary: 'whether the process lives; asks nothing',
        tags: ['face'],
        response: { 200: z.strictObject({ status: z.literal('ok') }), ...problemResponses() },
      },
    },
    () => ({ status: 'ok' }),
  );
  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'getReadyz',
        summary: 'whether each dependency answers',
        tags: ['face'],
        response: { ...problemResponses(), 200: readinessView, 503: readinessView },
      },
    },
    async (_request, reply) => {
      const readiness = await face.readiness();
      return reply.code(readiness.ready ? 200 : 503).send(readiness);
    },
  );
  app.get(
    '/version',
    {
      schema: {
        operationId: 'getVersion',
        summary: 'what runs',
        tags: ['face'],
        response: { 200: z.strictObject({ version: z.string() }), ...problemResponses() },
      },
    },
    () => ({ version: face.settings.version }),
  );
  app.get('/openapi.json', hidden, () => app.swagger());
  app.get('/problems/:kind', hidden, async (request, reply) => {
    const { kind } = z.object({ kind: z.string() }).parse(request.params);
    const found = Object.entries(PROBLEMS).find(([name]) => name === kind)?.[1];
    if (found === undefined) {
      return sendProblem(request, reply, { kind: 'not-found', detail: 'no such kind of problem' });
    }
    return reply.type('text/plain').send(`${found.status} ${found.title}\n`);
  });
  addMe(app, face);
  addSession(app, face);
  addWays(app, face);
  addIssuerSession(app, face);
  addStream(app, face);
  addExport(app, face);
}

function addMe(app: FastifyInstance, face: HttpFace): void {
  app.get(
    '/api/v1/me',
    {
      schema: {
        operationId: 'getMe',
        summary: 'who asks, and what they may do',
        tags: ['access'],
        response: {
          200: meView,
          ...problemResponses(['unauthenticated', 'unreachable']),
        },
      },
    },
    async (request, reply) => {
      const caller = await callerOf(face, request);
      if (caller.kind !== 'known') return sendProblem(request, reply, caller);
      return reply.send({ name: caller.name, role: caller.role, session: isOfSession(request) });
    },
  );
}
