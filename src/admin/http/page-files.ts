// The web page: its built files, as they are. Their names hold a digest of their content, but for
// the first one, which is asked for anew each time.
import { existsSync } from 'node:fs';
import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './respond.js';

const YEAR_MS = 365 * 86_400_000;

export async function addPageFiles(app: FastifyInstance, directory: string): Promise<void> {
  const hidden = { schema: { hide: true } };
  app.get('/', hidden, async (_request, reply) => reply.redirect('/ui/'));
  app.get('/ui', hidden, async (_request, reply) => reply.redirect('/ui/'));
  if (!existsSync(directory)) {
    app.get('/ui/', hidden, async (request, reply) => {
      const detail = 'the page is not built: npm run build, then start again';
      return sendProblem(request, reply, { kind: 'not-found', detail });
    });
    return;
  }
  await app.register(staticFiles, {
    root: directory,
    prefix: '/ui/',
    cacheControl: false,
    preCompressed: true,
    setHeaders(response, path) {
      const isNamedByContent = /-[\w-]{8,}\.\w+(\.(br|gz))?$/.test(path);
      const kept = `public, max-age=${YEAR_MS / 1_000}, immutable`;
      response.setHeader('cache-control', isNamedByContent ? kept : 'no-cache');
    },
  });
}
