// A browser's session: the caller's own token in a cookie that no script can read and no other site
// can send. There is nothing to keep on the server, and nothing to forget.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ROLES } from '../../domain/role.js';
import { callerBy, SESSION_COOKIE } from './known-caller.js';
import { BODY_GUARDS, problemResponses } from './openapi.js';
import { sendProblem } from './respond.js';
import type { HttpFace } from './server.js';

/** With its name and attributes a cookie still fits into the 4,096 bytes that browsers keep. */
export const SESSION_TOKEN_LENGTH_MAX = 3_900;

const sessionInput = z.strictObject({
  token: z.string('is needed').min(1).max(SESSION_TOKEN_LENGTH_MAX),
});
const sessionView = z.strictObject({ name: z.string(), role: z.enum(ROLES) });

export function addSession(app: FastifyInstance, face: HttpFace): void {
  const tags = ['access'];
  const config = { rateLimit: { max: face.settings.actionsPerMinute } };
  app.post(
    '/api/v1/session',
    {
      config,
      schema: {
        operationId: 'postSession',
        summary: 'keep a token in this browser, out of reach of its scripts',
        tags,
        body: sessionInput,
        response: {
          200: sessionView,
          ...problemResponses([...BODY_GUARDS, 'unauthenticated', 'refused', 'unreachable']),
        },
      },
    },
    async (request, reply) => {
      const parsed = sessionInput.safeParse(request.body);
      if (!parsed.success) {
        const detail = 'token: a token is needed';
        return sendProblem(request, reply, { kind: 'refused', detail });
      }
      const caller = await callerBy(face, parsed.data.token);
      if (caller.kind !== 'known') return sendProblem(request, reply, caller);
      keepSession(request, reply, parsed.data.token);
      return reply.send({ name: caller.name, role: caller.role });
    },
  );
  app.post(
    '/api/v1/session/end',
    {
      config,
      schema: {
        operationId: 'postSessionEnd',
        summary: 'forget the token that this browser keeps',
        tags,
        response: { 204: z.null(), ...problemResponses(BODY_GUARDS) },
      },
    },
    async (request, reply) => {
      reply.clearCookie(SESSION_COOKIE, cookieOptions(request));
      return reply.code(204).send();
    },
  );
}

export function keepSession(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.setCookie(SESSION_COOKIE, token, cookieOptions(request));
}

function cookieOptions({ protocol }: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: protocol === 'https' } as const;
}
