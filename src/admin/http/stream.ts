// `/api/v1/stream`: the news as server-sent events, whose reader connects again by itself and says
// which event it heard last (HTML standard, section 9.2).
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { News, NewsItem } from './news.js';
import { problemResponses } from './openapi.js';
import { callerOf } from './operation-routes.js';
import { sendProblem } from './respond.js';
import type { HttpFace } from './server.js';

const RETRY_MS = 3_000;
/** A comment at least this often, so that proxies and readers know that the line holds. */
const HEARTBEAT_MS = 15_000;
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
          ...problemResponses([
            'malformed',
            'unauthenticated',
            'wrong-host',
            'too-many-requests',
            'unreachable',
          ]),
        },
      },
    },
    async (request, reply) => {
      const caller = await callerOf(face, request);
      if (caller.kind !== 'known') return sendProblem(request, reply, caller);
      const lastEventId = request.headers['last-event-id'];
      await follow(reply, face.news, typeof lastEventId === 'string' ? lastEventId : undefined);
      return reply;
    },
  );
}

async function follow(reply: FastifyReply, news: News, lastEventId?: string): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  const headers = Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined);
  raw.writeHead(200, {
    ...(Object.fromEntries(headers) as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.write(`retry: ${RETRY_MS}\n\n`);
  const heartbeat = setInterval(() => raw.write(': the line holds\n\n'), HEARTBEAT_MS);
  const leaving = news.subscribe(lastEventId, (item) => {
    raw.write(eventText(item));
    if (raw.writableLength > UNREAD_BYTES_MAX) raw.destroy();
  });
  raw.once('close', () => {
    clearInterval(heartbeat);
    void leaving.then((leave) => leave());
  });
  await leaving;
}

/** JSON holds no line break, so that one `data` line is enough. */
function eventText({ data, event, id }: NewsItem): string {
  const lines = [...(id === undefined ? [] : [`id: ${id}`]), `event: ${event}`];
  return `${[...lines, `data: ${JSON.stringify(data)}`].join('\n')}\n\n`;
}
