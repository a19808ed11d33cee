// Who sends a request, or the problem that says why nobody knows.
import type { FastifyRequest } from 'fastify';
import { awayDependency, messageOf } from '../operation.js';
import { bearerOf, type Caller, type IdentifyCaller } from './callers.js';
import type { Problem } from './problem.js';

export const SESSION_COOKIE = 'canary_session';

export type KnownCaller = Extract<Caller, { readonly kind: 'known' }>;

interface Identifying {
  readonly identify: IdentifyCaller;
}

/** By the header, or else by the cookie of the browser's session. */
export function callerOf(
  face: Identifying,
  request: FastifyRequest,
): Promise<KnownCaller | Problem> {
  return callerBy(face, credentialOf(request));
}

export async function callerBy(
  { identify }: Identifying,
  credential: string | undefined,
): Promise<KnownCaller | Problem> {
  try {
    const caller = await identify(credential);
    if (caller.kind === 'known') return caller;
    return { kind: 'unauthenticated', detail: caller.why };
  } catch (error) {
    if (awayDependency(error) === undefined) throw error;
    return { kind: 'unreachable', detail: messageOf(error) };
  }
}

export function credentialOf({ cookies, headers }: FastifyRequest): string | undefined {
  return bearerOf(headers.authorization) ?? cookies[SESSION_COOKIE];
}

/** Whether the caller is told by the browser's cookie, and not by a header. */
export function isOfSession({ cookies, headers }: FastifyRequest): boolean {
  return bearerOf(headers.authorization) === undefined && cookies[SESSION_COOKIE] !== undefined;
}
