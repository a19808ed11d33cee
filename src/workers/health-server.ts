// The worker's own door: alive, and ready with each dependency by name.
import { fastify } from 'fastify';
import { splitListen } from '../listen.js';
import { type Dependency, readinessOf } from './readiness.js';

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `/healthz` (200 while the process lives) and `/readyz` (503 until every dependency is).
 */
export async function startHealthServer(
  listen: string,
  dependencies: readonly Dependency[],
): Promise<HealthServer> {
  const app = fastify({ logger: false });
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const states = await readinessOf(dependencies);
    const ready = states.every((one) => one.ready);
    return reply.code(ready ? 200 : 503).send({ ready, dependencies: states });
  });
  const { host, port } = splitListen(listen);
  const url = await app.listen({ host, port });
  return { url, close: () => app.close() };
}
