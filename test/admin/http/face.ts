// An HTTP face over a world of memory stores, asked without a socket.
import { pino } from 'pino';
import { createCallers, type VerifyIssued } from '../../../src/admin/http/callers.js';
import type { IssuerSignIn } from '../../../src/admin/http/issuer-session.js';
import { createNews, type News } from '../../../src/admin/http/news.js';
import { createHttpServer, type HttpSettings } from '../../../src/admin/http/server.js';
import type { ApiTokenStore } from '../../../src/ports.js';
import { createWorld, type Twist, type World } from '../world.js';

export interface Face {
  readonly app: Awaited<ReturnType<typeof createHttpServer>>;
  readonly world: World;
  readonly news: News;
  close(): Promise<void>;
}

export interface FaceOptions {
  readonly twist?: Twist;
  readonly authentication?: 'open' | 'required';
  readonly settings?: Partial<HttpSettings>;
  readonly verifyIssued?: VerifyIssued;
  readonly signIn?: IssuerSignIn;
  readonly newsEveryMs?: number;
  /** In place of the world's tokens. */
  readonly identifyBy?: Pick<ApiTokenStore, 'find'>;
}

const SETTINGS: HttpSettings = {
  version: '1.2.3',
  hosts: ['localhost'],
  readsPerMinute: 10_000,
  actionsPerMinute: 10_000,
  publicStatus: true,
  pageDirectory: '/nowhere',
  trustedProxies: [],
  heartbeatMs: 15_000,
};

export async function createFace(options: FaceOptions = {}): Promise<Face> {
  const world = createWorld(options.twist);
  const news = createNews({
    deps: world,
    everyMs: options.newsEveryMs ?? 10,
    onTrouble: () => undefined,
  });
  const app = await createHttpServer({
    deps: world,
    news,
    logger: pino({ level: 'silent' }),
    identify: createCallers({
      authentication: options.authentication ?? 'open',
      tokens: options.identifyBy ?? world.tokens,
      clock: world.clock,
      verifyIssued: options.verifyIssued,
    }),
    signIn: options.signIn,
    settings: { ...SETTINGS, ...options.settings },
    readiness: async () => ({
      ready: !options.twist?.postgresAway,
      dependencies: [{ name: 'postgres', ready: !options.twist?.postgresAway, problem: undefined }],
    }),
  });
  return {
    app,
    world,
    news,
    async close() {
      news.close();
      await app.close();
    },
  };
}
