// A session by way of the issuer: the browser is sent there, comes back with a code, and gets the
// same cookie as with a token that somebody pasted. Whatever goes wrong, it ends on the page.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { FLOW_LIFE_SECONDS, type LoginEnd, type OidcLogin } from '../../adapters/oidc-login.js';
import { awayDependency } from '../operation.js';
import { problemResponses } from './openapi.js';
import type { HttpFace } from './server.js';
import { keepSession, SESSION_TOKEN_LENGTH_MAX } from './session.js';

export interface IssuerSignIn {
  /** As people know the issuer. */
  readonly name: string;
  readonly login: OidcLogin;
  /** The scheme and host that browsers reach this face by. */
  readonly origin: string;
}

export const WAYS_URL = '/api/v1/session/ways';
export const ISSUER_URL = '/api/v1/session/issuer';
export const CALLBACK_URL = '/api/v1/session/issuer/callback';

const FLOW_COOKIE = 'canary_sign_in';
const PAGE = '/ui/';
/** A place of the page, and nothing that a browser could take for another site. */
const BACK = /^#\/[\w/.%~-]{0,400}$/;

/** Why nobody was signed in, as the page's address tells the page. */
type Refusal = 'not-begun' | 'refused' | 'no-role' | 'too-long' | 'away';

const waysView = z.strictObject({
  /** Absent where no issuer is configured. */
  issuer: z.strictObject({ name: z.string(), url: z.string() }).optional(),
});

export function addWays(app: FastifyInstance, { signIn }: HttpFace): void {
  app.get(
    WAYS_URL,
    {
      schema: {
        operationId: 'getSessionWays',
        summary: 'how a browser can sign in, besides with a token; asks for none',
        tags: ['access'],
        response: { 200: waysView, ...problemResponses() },
      },
    },
    () => (signIn === undefined ? {} : { issuer: { name: signIn.name, url: ISSUER_URL } }),
  );
}

/** Both addresses are for browsers, and answer with another address. */
export function addIssuerSession(app: FastifyInstance, face: HttpFace): void {
  const { settings, signIn } = face;
  if (signIn === undefined) return;
  const options = {
    config: { rateLimit: { max: settings.actionsPerMinute } },
    schema: { hide: true },
  };
  app.get(ISSUER_URL, options, async (request, reply) => {
    const asked = z.object({ back: z.string().regex(BACK) }).safeParse(request.query);
    const back = asked.success ? asked.data.back : '';
    try {
      const { sealed, url } = await signIn.login.begin(back);
      reply.setCookie(FLOW_COOKIE, sealed, flowCookie(signIn));
      return reply.header('cache-control', 'no-store').redirect(url);
    } catch (error) {
      return away(face, request, reply, error, back);
    }
  });
  app.get(CALLBACK_URL, options, async (request, reply) => {
    // Whatever comes of it, a flow is finished once.
    reply.clearCookie(FLOW_COOKIE, flowCookie(signIn));
    try {
      const address = new URL(request.url, signIn.origin);
      const end = await signIn.login.finish(address, request.cookies[FLOW_COOKIE]);
      return await signedIn(face, request, reply, end);
    } catch (error) {
      return away(face, request, reply, error, '');
    }
  });
}

async function signedIn(
  { identify, logger }: HttpFace,
  request: FastifyRequest,
  reply: FastifyReply,
  end: LoginEnd,
): Promise<FastifyReply> {
  if (end.kind === 'not_begun') return toPage(reply, '', 'not-begun');
  const { back } = end;
  if (end.kind === 'refused') {
    logger.info({ requestId: request.id, why: end.why }, 'the issuer signed nobody in');
    return toPage(reply, back, 'refused');
  }
  // Browsers drop a larger cookie without a word.
  if (end.idToken.length > SESSION_TOKEN_LENGTH_MAX) return toPage(reply, back, 'too-long');
  const caller = await identify(end.idToken);
  if (caller.kind === 'unknown') {
    logger.info({ requestId: request.id, why: caller.why }, 'who signed in has no right here');
    return toPage(reply, back, 'no-role');
  }
  keepSession(request, reply, end.idToken);
  return toPage(reply, back);
}

/** Throws again what is no dependency that is away. */
function away(
  { logger }: HttpFace,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
  back: string,
): FastifyReply {
  if (awayDependency(error) === undefined) throw error;
  logger.warn({ err: error, requestId: request.id }, 'nobody can sign in with the issuer');
  return toPage(reply, back, 'away');
}

function toPage(reply: FastifyReply, back: string, refusal?: Refusal): FastifyReply {
  const query = refusal === undefined ? '' : `?sign-in=${refusal}`;
  return reply.header('cache-control', 'no-store').redirect(`${PAGE}${query}${back}`);
}

/** Lax: the issuer's own redirect brings it back, and no form or script of another site can. */
function flowCookie({ origin }: IssuerSignIn) {
  return {
    path: ISSUER_URL,
    httpOnly: true,
    sameSite: 'lax',
    secure: origin.startsWith('https:'),
    maxAge: FLOW_LIFE_SECONDS,
  } as const;
}
