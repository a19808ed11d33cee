// Bearer tokens at the door: constant-time comparison, 401 without a token, 403 with a wrong one.
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { HttpError } from './http-error.js';
import { type Tokens, tokenDigest } from './tokens.js';

export type TokenKind = 'admin' | 'peer' | 'control' | 'oracle';

/**
 * A fastify hook that lets only the holder of that token pass. As `onRequest` it runs before the
 * body is looked at.
 */
export function requireToken(
  kind: TokenKind,
  tokens: Tokens,
): (request: FastifyRequest) => Promise<void> {
  const digest = tokenDigest(tokens[kind]);
  return async (request) => {
    if (digestsEqual(tokenDigest(bearerToken(request)), digest)) return;
    throw new HttpError(403, 'forbidden', `the token is not the ${kind} token`);
  };
}

/** The request's bearer token. Throws 401 when there is none. */
export function bearerToken(request: FastifyRequest): string {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() === 'bearer' && token) return token;
  throw new HttpError(401, 'unauthenticated', 'an "Authorization: Bearer <token>" is required');
}

/** Compares two hex digests in constant time. */
export function digestsEqual(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
