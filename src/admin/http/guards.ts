// What a request is turned away for before anybody looks at it: a host that is not served here
// (DNS rebinding), and a browser that another site has sent (CSRF).
import type { Problem } from './problem.js';

/** As the HTTP server hands them over: lower case names. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
export const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** `undefined` where any host will do: then nothing is told without a token. */
export function wrongHost(
  headers: Headers,
  hosts: readonly string[] | undefined,
): Problem | undefined {
  const name = hostName(one(headers.host) ?? '');
  if (hosts === undefined || hosts.includes(name)) return undefined;
  return { kind: 'wrong-host', detail: `${JSON.stringify(name)} is not served here` };
}

/**
 * A browser says with every request which site sent it (Fetch metadata); older ones send at least
 * the origin. Programs send neither.
 */
export function crossSite(method: string, headers: Headers): Problem | undefined {
  if (SAFE_METHODS.includes(method)) return undefined;
  const site = one(headers['sec-fetch-site']);
  const origin = one(headers.origin);
  const own = one(headers.host) ?? '';
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  const foreignOrigin = origin !== undefined && !isOriginOf(origin, own);
  if (!foreignSite && !foreignOrigin) return undefined;
  return { kind: 'cross-site', detail: 'actions are taken only from this site’s own pages' };
}

/** By scheme and port as a browser reads them: it leaves out the usual port. */
function isOriginOf(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { host: named, protocol } = new URL(origin);
  const own = `${protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === named;
}

function hostName(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}

function one(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header[0] : header;
}
