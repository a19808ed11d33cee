// The OpenAPI document of the HTTP face, as the running server gives it, without any server.
import { pino } from 'pino';
import type { Config } from '../../config.js';
import { openDependencies } from '../compose.js';
import { createNews } from './news.js';
import { createHttpServer } from './server.js';

/** Nothing is connected to: only requests would. */
export async function describeHttp(config: Config, version: string): Promise<unknown> {
  const deps = openDependencies(config);
  const logger = pino({ level: 'silent' });
  const app = await createHttpServer({
    deps,
    logger,
    news: createNews({ deps, everyMs: 1_000, onTrouble: () => undefined }),
    identify: async () => ({ kind: 'unknown', why: 'nobody asks' }),
    settings: {
      version,
      hosts: [],
      readsPerMinute: 1,
      actionsPerMinute: 1,
      publicStatus: true,
      pageDirectory: '',
      trustedProxies: [],
      heartbeatMs: 1_000,
    },
    readiness: async () => ({ ready: false, dependencies: [] }),
  });
  try {
    await app.ready();
    return app.swagger();
  } finally {
    await app.close();
    await deps.close();
  }
}
