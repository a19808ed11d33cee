// The HTTP face: the table of routes over the table of operations, and what stands around them:
// who asks, from where, how often, and how answers leave.
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import cookie from '@fastify/cookie';
import etag from '@fastify/etag';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
} from 'fastify';
import type { Logger } from 'pino';
import type { AdminDependencies } from '../admin-dependencies.js';
import { addMcp, MCP_URL } from '../mcp/http.js';
import type { IdentifyCaller } from './callers.js';
import { addFaceRoutes, FACE_URLS } from './face-routes.js';
import { crossSite, wrongHost } from './guards.js';
import type { IssuerSignIn } from './issuer-session.js';
import type { News } from './news.js';
import { swaggerOptions } from './openapi.js';
import { addOperationRoutes } from './operation-routes.js';
import { addPageFiles } from './page-files.js';
import type { Problem, ProblemKind } from './problem.js';
import { addPublicRoutes, PUBLIC_URLS } from './public-routes.js';
import { sendProblem } from './respond.js';
import { ROUTES } from './routes.js';

export interface HttpFace {
  readonly deps: AdminDependencies;
  readonly identify: IdentifyCaller;
  readonly logger: Logger;
  readonly settings: HttpSettings;
  readonly news: News;
  /** Absent where the configuration names no issuer to sign in with. */
  readonly signIn?: IssuerSignIn | undefined;
  /** Each dependency by name; false once the server drains. */
  readonly readiness: () => Promise<Readiness>;
}

export interface HttpSettings {
  readonly version: string;
  /** Host names that are served; `undefined` for any. */
  readonly hosts: readonly string[] | undefined;
  readonly readsPerMinute: number;
  readonly actionsPerMinute: number;
  /** Whether anybody may see the status page and the badges. */
  readonly publicStatus: boolean;
  /** Where the built page lies. */
  readonly pageDirectory: string;
  /** Addresses and networks whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Between two signs of life of a stream. */
  readonly heartbeatMs: number;
}

export interface Readiness {
  readonly ready: boolean;
  readonly dependencies: readonly {
    readonly name: string;
    readonly ready: boolean;
    readonly problem: string | undefined;
  }[];
}

/** Longer than any id that an input takes, so that ids are refused by their own words. */
const PARAMETER_LENGTH_MAX = 1_000;
const BODY_BYTES_MAX = 64 * 1024;
const REQUEST_MS_MAX = 30_000;
const MINUTE_MS = 60_000;

/** Everything but the listening; the caller closes it. */
export async function createHttpServer(face: HttpFace): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    forceCloseConnections: true,
    trustProxy: face.settings.trustedProxies.length > 0 && [...face.settings.trustedProxies],
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    // What the router itself turns away is told as everything else is.
    frameworkErrors: (error, request, reply) => {
      sendProblem(request, reply, problemOfError(error));
    },
    requestIdHeader: false,
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
  });
  // The operation checks the whole input at once, so that every face refuses it alike.
  app.setValidatorCompiler(() => (value) => ({ value }));
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  addGuards(app, face);
  answerProblems(app, face);
  await app.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives: CSP } });
  await app.register(cookie);
  await app.register(etag, { weak: true });
  await app.register(rateLimit, {
    max: face.settings.readsPerMinute,
    timeWindow: MINUTE_MS,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { ttl }) => new TooManyRequests(ttl),
  });
  await app.register(swagger, swaggerOptions(face.settings.version));
  await app.register(async (api) => addOperationRoutes(api, face));
  await app.register(async (rest) => addFaceRoutes(rest, face));
  if (face.settings.publicStatus) await app.register(async (all) => addPublicRoutes(all, face));
  await app.register(async (mcp) => addMcp(mcp, face));
  await app.register(async (page) => addPageFiles(page, face.settings.pageDirectory));
  refuseOtherMethods(app);
  return app;
}

/** Nothing from elsewhere, nothing inline, in nobody's frame. */
const CSP = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

class TooManyRequests extends Error {
  override readonly name = 'TooManyRequests';
  readonly statusCode = 429;

  constructor(ttlMs: number) {
    super(`ask again in ${Math.ceil(ttlMs / 1_000)} s`);
  }
}

/** What others name a request by is kept, where it can stand in a log and a header. */
function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[\w.-]{1,100}$/.test(header) ? header : randomUUID();
}

function addGuards(app: FastifyInstance, { settings }: HttpFace): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    const { headers, method } = request;
    const problem = wrongHost(headers, settings.hosts) ?? crossSite(method, headers);
    if (problem !== undefined) return sendProblem(request, reply, problem);
  });
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'] as const;

/** An address that takes some methods says so to the others. */
function refuseOtherMethods(app: FastifyInstance): void {
  const urls = [...ROUTES.map((route) => route.url), ...FACE_URLS, ...PUBLIC_URLS, MCP_URL];
  for (const url of new Set(urls)) {
    const taken = METHODS.filter((method) => app.hasRoute({ method, url }));
    // What the configuration leaves out is not there at all.
    if (taken.length === 0) continue;
    const method = METHODS.filter((one) => !taken.includes(one));
    const refuse = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const detail = `${request.method} is not taken here, only ${taken.join(', ')}`;
      reply.header('allow', taken.join(', '));
      return sendProblem(request, reply, { kind: 'method-not-allowed', detail });
    };
    // Before the body is looked at, which some methods may not be without.
    app.route({ method, url, schema: { hide: true }, onRequest: refuse, handler: refuse });
  }
}

function answerProblems(app: FastifyInstance, { logger }: HttpFace): void {
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, { kind: 'not-found', detail: `nothing is at ${request.url}` }),
  );
  app.setErrorHandler((error: FastifyError, request, reply: FastifyReply) => {
    const problem = problemOfError(error);
    if (problem.kind === 'defect') {
      logger.error({ err: error, requestId: request.id, url: request.url }, 'a request failed');
    }
    return sendProblem(request, reply, problem);
  });
}

const BY_STATUS: Readonly<Record<number, ProblemKind>> = {
  400: 'malformed',
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'too-large',
  414: 'uri-too-long',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
};

/** What the server itself turned away; the words of any other error stay in the log. */
function problemOfError({ message, statusCode = 500 }: FastifyError): Problem {
  const kind = BY_STATUS[statusCode];
  if (kind !== undefined) return { kind, detail: message };
  return { kind: 'defect', detail: `${STATUS_CODES[500]}; the log names the request` };
}
