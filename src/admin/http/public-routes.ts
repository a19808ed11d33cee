// What anybody may see where the configuration says so: the status page, its figures, and badges.
// One reading serves a minute's visitors, so that no crowd reaches the database.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Answer } from '../answer.js';
import { invoke } from '../operation.js';
import {
  type PublicStatus,
  type PublicWindow,
  publicStatusSchema,
} from '../operations/public-status.js';
import { OPERATIONS } from '../operations.js';
import { BADGES, badgeSvg } from './badge.js';
import { problemResponses } from './openapi.js';
import { problemOf } from './problem.js';
import { sendProblem } from './respond.js';
import type { HttpFace } from './server.js';
import { STATUS_STYLE, STATUS_STYLE_URL, statusPage } from './status-page.js';

const KEPT_MS = 30_000;
const CACHE_CONTROL = `public, max-age=${KEPT_MS / 1_000}`;
const PUBLIC = { name: 'public', face: 'http', role: 'read' } as const;

export const PUBLIC_URLS = ['/status.json', '/badge/:route/:badge'] as const;

const windowInput = z.strictObject({ window: z.enum(['24h', '7d', '30d']).default('24h') });

export function addPublicRoutes(app: FastifyInstance, face: HttpFace): void {
  const read = createReading(face);
  const problems = problemResponses(['not-found', 'refused', 'unreachable']);
  app.get('/status', { schema: { hide: true } }, async (request, reply) =>
    answer(read, request, reply, (status) =>
      reply.type('text/html; charset=utf-8').send(statusPage(status)),
    ),
  );
  app.get(STATUS_STYLE_URL, { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', CACHE_CONTROL).send(STATUS_STYLE),
  );
  app.get(
    '/status.json',
    {
      schema: {
        operationId: 'getPublicStatus',
        summary: 'how each route goes, for anybody; 404 where that is not public',
        tags: ['public'],
        querystring: windowInput,
        response: { 200: publicStatusSchema, ...problems },
      },
    },
    async (request, reply) => answer(read, request, reply, (status) => reply.send(status)),
  );
  app.get(
    '/badge/:route/:badge',
    {
      schema: {
        operationId: 'getBadge',
        summary: 'a badge: health.svg, uptime.svg or latency.svg of one route, or of `all`',
        tags: ['public'],
        params: z.strictObject({
          route: z.string(),
          badge: z.enum(BADGES.map((badge) => `${badge}.svg`)),
        }),
        querystring: windowInput,
        response: {
          200: { description: 'SVG', content: { 'image/svg+xml': { schema: z.string() } } },
          ...problems,
        },
      },
    },
    async (request, reply) =>
      answer(read, request, reply, (status) => sendBadge(request, reply, status)),
  );
}

type Read = (window: PublicWindow) => Promise<Answer<PublicStatus>>;

/** The answer of one window, kept for a while; a failed reading is kept as shortly as it takes. */
function createReading({ deps }: HttpFace): Read {
  const kept = new Map<
    PublicWindow,
    { readonly atMs: number; readonly reading: ReturnType<Read> }
  >();
  return async (window) => {
    const nowMs = deps.clock.nowMs();
    const last = kept.get(window);
    if (last !== undefined && nowMs - last.atMs < KEPT_MS) return last.reading;
    const reading = invoke(
      OPERATIONS.publicStatus,
      deps,
      { window },
      {
        actor: PUBLIC,
        signal: new AbortController().signal,
        onProgress: () => undefined,
      },
    );
    kept.set(window, { atMs: nowMs, reading });
    const forget = (): void => void kept.delete(window);
    reading.then(({ kind }) => (kind === 'done' ? undefined : forget()), forget);
    return reading;
  };
}

async function answer(
  read: Read,
  request: FastifyRequest,
  reply: FastifyReply,
  send: (status: PublicStatus) => FastifyReply,
): Promise<FastifyReply> {
  const asked = windowInput.safeParse(request.query);
  if (!asked.success) {
    const detail = 'window: must be 24h, 7d or 30d';
    return sendProblem(request, reply, { kind: 'refused', detail });
  }
  const status = await read(asked.data.window);
  if (status.kind !== 'done') return sendProblem(request, reply, problemOf(status, []));
  reply.header('cache-control', CACHE_CONTROL);
  return send(status.value);
}

function sendBadge(
  request: FastifyRequest,
  reply: FastifyReply,
  status: PublicStatus,
): FastifyReply {
  const { badge, route } = z.object({ badge: z.string(), route: z.string() }).parse(request.params);
  const wanted = BADGES.find((one) => `${one}.svg` === badge);
  const figures = route === 'all' ? status : status.routes.find((one) => one.route === route);
  if (wanted === undefined || figures === undefined) {
    reply.header('cache-control', 'no-store');
    const detail = `no badge ${badge} of ${JSON.stringify(route)}`;
    return sendProblem(request, reply, { kind: 'not-found', detail });
  }
  return reply.type('image/svg+xml').send(badgeSvg(wanted, status.window, figures));
}
