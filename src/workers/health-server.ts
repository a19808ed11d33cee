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
 * Throws when the address cannot be listened on.
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
  try {
    const url = await app.listen(splitListen(listen));
    return { url, close: () => app.close() };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : cause;
    throw new Error(`cannot listen on ${listen}; set CANARY_WORKER_LISTEN: ${why}`, { cause });
  }
}
