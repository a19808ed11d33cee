// The MCP face over streamable HTTP, without sessions: every request is served by itself, under the
// guards, the tokens and the limits of the server that it stands in.
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf } from '../http/callers.js';
import { callerOf } from '../http/known-caller.js';
import { abandonedWith, sendProblem } from '../http/respond.js';
import type { HttpFace } from '../http/server.js';
import { createToolServer } from './tool-server.js';
import { TOOLS } from './tools.js';

export const MCP_URL = '/mcp';

export function addMcp(app: FastifyInstance, face: HttpFace): void {
  const { actionsPerMinute, readsPerMinute } = face.settings;
  app.post(
    MCP_URL,
    {
      schema: { hide: true },
      config: {
        rateLimit: {
          // Which tool is called stands in the body.
          hook: 'preHandler',
          keyGenerator: ({ body, ip }: FastifyRequest) => `${calls(body)} ${ip}`,
          max: ({ body }: FastifyRequest) =>
            calls(body) === 'acts' ? actionsPerMinute : readsPerMinute,
        },
      },
    },
    async (request, reply) => serve(face, request, reply),
  );
}

async function serve(
  face: HttpFace,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const caller = await callerOf(face, request);
  if (caller.kind !== 'known') return sendProblem(request, reply, caller);
  if (Array.isArray(request.body)) {
    return sendProblem(request, reply, { kind: 'malformed', detail: 'one message at a time' });
  }
  const { deps, logger, settings } = face;
  const handler = createMcpHandler(
    () =>
      createToolServer({
        deps,
        actor: actorOf(caller, 'mcp'),
        version: settings.version,
        onDefect: (error, tool) =>
          logger.error({ err: error, requestId: request.id, tool }, 'a tool failed'),
      }),
    // What there is to list never changes while the process lives.
    { maxSubscriptions: 0 },
  );
  const asked = webRequest(request, abandonedWith(reply));
  const answer = await handler.fetch(asked, { parsedBody: request.body });
  reply.header('cache-control', 'no-store');
  return reply.send(answer);
}

/** The request as the library takes it, without what only the server itself shall see. */
function webRequest({ headers, method, url }: FastifyRequest, signal: AbortSignal): Request {
  const shown = Object.entries(headers).filter(([name]) => !WITHHELD.includes(name));
  const list = shown.map(([name, value]): [string, string] => [name, String(value)]);
  return new Request(new URL(url, 'http://localhost'), { method, headers: list, signal });
}

const WITHHELD: readonly string[] = ['authorization', 'cookie', 'connection', 'content-length'];

const callSchema = z.object({
  method: z.literal('tools/call'),
  params: z.object({ name: z.string() }),
});

/** A tool that does not only read counts as an action, whoever may call it. */
function calls(body: unknown): 'acts' | 'reads' {
  const called = callSchema.safeParse(body).data?.params.name;
  const tool = TOOLS.find(({ name }) => name === called);
  return tool?.hints.readOnlyHint === false ? 'acts' : 'reads';
}
