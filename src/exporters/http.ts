// The exporter's door: the page of metrics, alive, ready.
import { type FastifyInstance, fastify } from 'fastify';
import type { Exporter } from './exporter.js';
import { CONTENT_TYPE } from './write-text.js';

/**
 * `/metrics`, `/healthz` (200 while the process lives) and `/readyz` (503 until every store
 * answers, with every source by name; `/metrics` serves what there is all the same).
 */
export function createExporterServer(exporter: Exporter): FastifyInstance {
  const app = fastify({ logger: false });
  app.get('/metrics', async (_request, reply) => {
    const text = await exporter.metrics();
    return reply.header('content-type', CONTENT_TYPE).send(text);
  });
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const readiness = await exporter.readiness();
    return reply.code(readiness.ready ? 200 : 503).send(readiness);
  });
  return app;
}
