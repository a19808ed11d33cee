// `/api/v1/stream`: the news as server-sent events, whose reader connects again by itself and says
// which event it heard last (HTML standard, section 9.2).
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerBy, callerOf, credentialOf } from './known-caller.js';
import type { NewsItem } from './news.js';
import { problemResponses } from './openapi.js';
import { sendProblem } from './respond.js';
import type { HttpFace } from './server.js';

const RETRY_MS = 3_000;
/**
 * A comment at least this often, so that proxies and readers know that the line holds. Who may no
 * longer read by then is let go.
 */
export const HEARTBEAT_MS = 15_000;
/** Each costs memory for what it has not read yet. */
const STREAMS_MAX = 1_000;
/** Who reads slower than this many bytes of news is let go, and comes back by the last id. */
const UNREAD_BYTES_MAX = 1_000_000;

export function addStream(app: FastifyInstance, face: HttpFace): void {
  app.get(
    '/api/v1/stream',
    {
      schema: {
        operationId: 'getStream',
        summary: 'results, cycles, certificates and actions as they come, as server-sent events',
        tags: ['canaries'],
        headers: z.object({ 'last-event-id': z.string().optional() }),
        response: {
          200: {
            description:
              'events `result`, `cycle`, `certificate`, `action`, `reset`, `away` and `back`',
            content: { 'text/event-stream': { schema: z.string() } },
          },
          ...problemResponses(['malformed', 'unauthenticated', 'unreachable']),
        },
      },
    },
    async (request, reply) => {
      const caller = await callerOf(face, request);
      if (caller.kind !== 'known') return sendProblem(request, reply, caller);
      if (face.news.viewers() >= STREAMS_MAX) {
        const detail = `${STREAMS_MAX} follow the news already`;
        return sendProblem(request, reply, { kind: 'too-many-requests', detail });
      }
      await follow(face, request, reply);
      return reply;
    },
  );
}

async function follow(face: HttpFace, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  const { heartbeatMs } = face.settings;
  // Who left while we asked who he is has been told to us already, and would be told never again.
  if (raw.destroyed) return;
  const headers = Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined);
  raw.writeHead(200, {
    ...(Object.fromEntries(headers) as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.write(`retry: ${RETRY_MS}\n\n`);
  const beat = async (): Promise<void> => {
    raw.write(': the line holds\n\n');
    const caller = await callerBy(face, credentialOf(request));
    if (caller.kind === 'unauthenticated') raw.end();
  };
  const heartbeat = setInterval(() => void beat().catch(() => raw.destroy()), heartbeatMs);
  const leaving = face.news.subscribe(lastEventIdOf(request), (item) => {
    raw.write(eventText(item));
    if (raw.writableLength > UNREAD_BYTES_MAX) raw.destroy();
  });
  raw.once('close', () => {
    clearInterval(heartbeat);
    void leaving.then((leave) => leave());
  });
  await leaving;
}

function lastEventIdOf({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' ? id : undefined;
}

/** JSON holds no line break, so that one `data` line is enough. */
function eventText({ data, event, id }: NewsItem): string {
  const lines = [...(id === undefined ? [] : [`id: ${id}`]), `event: ${event}`];
  return `${[...lines, `data: ${JSON.stringify(data)}`].join('\n')}\n\n`;
}
