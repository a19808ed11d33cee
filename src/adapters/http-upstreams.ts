// The configured upstreams over HTTP: an address is built below the upstream's own base and
// nowhere else, redirects are not followed, and what an upstream wants as a token stays with it.
import { readFile } from 'node:fs/promises';
import { onlyReads, upstreamPathProblem } from '../domain/upstream.js';
import type { UpstreamAnswer, UpstreamRequest, Upstreams } from '../upstream-ports.js';
import { ask } from './platform-http.js';
import { UpstreamUnavailableError } from './upstream-unavailable-error.js';

export interface HttpUpstream {
  readonly name: string;
  readonly url: string;
  /** Read for every request, so that a token can be exchanged. */
  readonly tokenFile?: string | undefined;
}

/** Prometheus gives a query two minutes; who asks through us waits no longer than for a page. */
const TIMEOUT_MS = 20_000;
/** What a program can still take apart; a face shows less of it. */
const ANSWER_BYTES_MAX = 1024 * 1024;
/** What a header holds (RFC 6750, 2.1). */
const TOKEN = /^[\w\-.~+/]{1,4096}=*$/;

/** Of two upstreams of one name the first one is meant. */
export function createHttpUpstreams(
  upstreams: readonly HttpUpstream[],
  timeoutMs: number = TIMEOUT_MS,
): Upstreams {
  return {
    targets: upstreams.map(({ name }) => name),
    async send(request, signal) {
      const upstream = upstreams.find(({ name }) => name === request.target);
      if (upstream === undefined) throw new TypeError(`${request.target} is no upstream`);
      return sendTo(upstream, request, { signal, timeoutMs });
    },
  };
}

/** The address of a path below a base. Throws `TypeError` for a path that would leave it. */
export function upstreamUrl(base: string, path: string): string {
  const problem = upstreamPathProblem(path);
  if (problem !== undefined) throw new TypeError(`${JSON.stringify(path)} ${problem}`);
  const { origin, pathname } = new URL(base);
  const below = pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
  const url = new URL(`${origin}${below}${path}`);
  if (url.origin !== origin || !url.pathname.startsWith(`${below}/`)) {
    throw new TypeError(`${JSON.stringify(path)} leaves ${origin}${below}`);
  }
  return url.href;
}

async function sendTo(
  upstream: HttpUpstream,
  { body, method, path }: UpstreamRequest,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<UpstreamAnswer> {
  const token = await tokenOf(upstream);
  const answer = await ask({
    method,
    url: upstreamUrl(upstream.url, path),
    headers: {
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined || onlyReads(method) ? {} : { body }),
    timeoutMs,
    cutBytes: ANSWER_BYTES_MAX,
    signal,
  });
  if (answer.kind === 'unanswered') {
    const { cause, message } = answer;
    throw new UpstreamUnavailableError(upstream.name, message, { cause });
  }
  const { contentType, isCut, status, text } = answer;
  return { status, contentType, isCut, text: withoutToken(text, isCut, token) };
}

/** Throws `UpstreamUnavailableError` where the file has no token. */
async function tokenOf({ name, tokenFile }: HttpUpstream): Promise<string | undefined> {
  if (tokenFile === undefined) return undefined;
  const why = `the token file ${tokenFile} cannot be read`;
  const text = await readFile(tokenFile, 'utf8').catch((cause: unknown) => {
    throw new UpstreamUnavailableError(name, why, { cause });
  });
  const token = text.trim();
  if (TOKEN.test(token)) return token;
  throw new UpstreamUnavailableError(name, `the token file ${tokenFile} holds no bearer token`);
}

/** An upstream may tell what it was sent; where it was cut, the beginning of it alone. */
function withoutToken(text: string, isCut: boolean, token: string | undefined): string {
  if (token === undefined) return text;
  const shown = text.replaceAll(token, '***');
  if (!isCut) return shown;
  const starts = Array.from(token, (_character, index) => token.slice(0, token.length - index));
  const start = starts.find((one) => shown.endsWith(one));
  return start === undefined ? shown : shown.slice(0, -start.length);
}
