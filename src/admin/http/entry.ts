// The process of the faces that listen: HTTP, the web page and MCP, on one port. Ends cleanly on
// SIGTERM and SIGINT: it says that it is not ready first.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { createOidcIssuer } from '../../adapters/oidc-issuer.js';
import { createOidcLogin } from '../../adapters/oidc-login.js';
import { runProcess } from '../../adapters/run-process.js';
import { systemClock } from '../../adapters/system-clock.js';
import type { Config } from '../../config.js';
import { splitListen } from '../../listen.js';
import { readinessOf } from '../../workers/readiness.js';
import { type OpenedDependencies, openDependencies } from '../compose.js';
import { ownVersion } from '../own-version.js';
import { createCallers, type VerifyIssued } from './callers.js';
import { LOOPBACK_HOSTS } from './guards.js';
import { createIssuedCallers } from './issued-callers.js';
import { CALLBACK_URL, type IssuerSignIn } from './issuer-session.js';
import { createNews } from './news.js';
import { createHttpServer, type Readiness } from './server.js';
import { HEARTBEAT_MS } from './stream.js';

const ISSUER_TIMEOUT_MS = 3_000;
const NEWS_EVERY_MS = 1_000;

/** Serves until the answer is called. Throws when the address cannot be listened on. */
async function start(config: Config, logger: Logger): Promise<() => Promise<void>> {
  const deps = openDependencies(config);
  let draining = false;
  const news = createNews({
    deps,
    everyMs: NEWS_EVERY_MS,
    onTrouble: (error) => logger.warn({ err: error }, 'the news cannot be read'),
  });
  const server = await createHttpServer({
    deps,
    logger,
    news,
    identify: createCallers({
      authentication: config.web.authentication,
      tokens: deps.tokens,
      clock: deps.clock,
      verifyIssued: issuedCallers(config),
    }),
    signIn: issuerSignIn(config),
    settings: {
      version: ownVersion(),
      hosts: servedHosts(config),
      readsPerMinute: config.web.readsPerMinute,
      actionsPerMinute: config.web.actionsPerMinute,
      publicStatus: config.web.publicStatus,
      trustedProxies: config.web.trustedProxies,
      heartbeatMs: HEARTBEAT_MS,
      pageDirectory: fileURLToPath(new URL('../../../ui/dist', import.meta.url)),
    },
    readiness: () => readinessOfFace(deps, draining, config.web.authentication),
  });
  const close = async () => {
    draining = true;
    news.close();
    await server.close();
    await deps.close();
  };
  try {
    const url = await server.listen(splitListen(config.listen.web));
    logger.info({ url }, 'web runs');
  } catch (cause) {
    await close();
    const message = `cannot listen on ${config.listen.web}; set CANARY_WEB_LISTEN`;
    throw new Error(`${message}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  return close;
}

function issuedCallers({ web: { oidc } }: Config): VerifyIssued {
  if (oidc === undefined) return undefined;
  const { audience, issuer, login, roleClaim, roles } = oidc;
  const verify = createOidcIssuer({
    issuer,
    audiences: [audience, ...(login === undefined ? [] : [login.clientId])],
    clock: systemClock,
    timeoutMs: ISSUER_TIMEOUT_MS,
  });
  return createIssuedCallers({ verify, roleClaim, roles });
}

/** Throws where the client's secret cannot be read. */
function issuerSignIn({ web: { oidc } }: Config): IssuerSignIn | undefined {
  if (oidc?.login === undefined) return undefined;
  const { clientId, clientSecretFile, name, origin, scopes } = oidc.login;
  const clientSecret =
    clientSecretFile === undefined ? undefined : readFileSync(clientSecretFile, 'utf8').trim();
  return {
    name: name ?? new URL(oidc.issuer).host,
    origin,
    login: createOidcLogin({
      issuer: oidc.issuer,
      clientId,
      clientSecret,
      redirectUri: `${origin}${CALLBACK_URL}`,
      scopes,
      clock: systemClock,
      timeoutMs: ISSUER_TIMEOUT_MS,
    }),
  };
}

/** Where the face is open to others, no address of a store is told to whoever asks. */
async function readinessOfFace(
  deps: OpenedDependencies,
  draining: boolean,
  authentication: Config['web']['authentication'],
): Promise<Readiness> {
  const dependencies = await readinessOf([
    { name: 'postgres', ask: () => deps.results.ping() },
    { name: 'redis', ask: () => deps.stamps.ping() },
    { name: 'temporal', ask: () => deps.cycles.schedule() },
  ]);
  const shown = dependencies.map(({ name, problem, ready }) => ({
    name,
    ready,
    problem: problem && authentication === 'required' ? 'does not answer' : problem,
  }));
  return { ready: !draining && shown.every(({ ready }) => ready), dependencies: shown };
}

/** By another name than its own, a face that is open to all could be reached from any web page. */
function servedHosts({ web }: Config): readonly string[] | undefined {
  if (web.authentication === 'required' && web.hosts.length === 0) return undefined;
  return [...LOOPBACK_HOSTS, ...web.hosts];
}

await runProcess('web', start);
