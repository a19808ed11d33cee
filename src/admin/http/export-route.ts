// Results as a file: streamed a page at a time, so that neither side holds them all.
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { EXPORT_MEDIA_TYPES, exportInput, exportResults } from '../export-results.js';
import { answerOrAway, refusalOf } from '../operation.js';
import { callerOf } from './known-caller.js';
import { problemResponses } from './openapi.js';
import { problemOf } from './problem.js';
import { abandonedWith, sendProblem } from './respond.js';
import type { HttpFace } from './server.js';

export const EXPORT_URL = '/api/v1/tests/export';

export function addExport(app: FastifyInstance, face: HttpFace): void {
  app.get(
    EXPORT_URL,
    {
      schema: {
        operationId: 'getTestsExport',
        summary: 'all results that match, as NDJSON or CSV, the newest first',
        tags: ['canaries'],
        querystring: exportInput,
        response: {
          200: {
            description: 'whole lines, a result each',
            content: Object.fromEntries(
              Object.values(EXPORT_MEDIA_TYPES).map((type) => [type, { schema: z.string() }]),
            ),
          },
          ...problemResponses(['unauthenticated', 'refused', 'unreachable']),
        },
      },
    },
    async (request, reply) => {
      const caller = await callerOf(face, request);
      if (caller.kind !== 'known') return sendProblem(request, reply, caller);
      const parsed = exportInput.safeParse(request.query);
      if (!parsed.success) {
        return sendProblem(request, reply, problemOf(refusalOf(parsed.error, request.query), []));
      }
      const signal = abandonedWith(reply);
      const opened = await answerOrAway(() => exportResults(face.deps, parsed.data, signal));
      if (opened.kind !== 'done') return sendProblem(request, reply, problemOf(opened, []));
      const { format } = parsed.data;
      return reply
        .header('content-type', EXPORT_MEDIA_TYPES[format])
        .header('content-disposition', `attachment; filename="canary-results.${format}"`)
        .header('cache-control', 'no-store')
        .send(Readable.from(opened.value));
    },
  );
}
