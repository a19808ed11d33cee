// Tokens of an OpenID Connect issuer (OpenID Connect Discovery 1.0; RFC 7519): its keys are found
// by discovery and asked again when a token names one that is not known yet.
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Clock } from '../ports.js';

export interface OidcIssuerOptions {
  /** As tokens and the discovery document name it. */
  readonly issuer: string;
  /** Whom tokens may be made for: one of these. */
  readonly audiences: readonly string[];
  readonly clock: Clock;
  /** For the discovery, and for the keys. */
  readonly timeoutMs: number;
}

export type IssuedToken =
  | { readonly kind: 'valid'; readonly claims: Readonly<Record<string, unknown>> }
  | { readonly kind: 'invalid'; readonly why: string };

/** Thrown where the issuer does not answer, or not as an issuer does. */
export class IssuerUnavailableError extends Error {
  constructor(issuer: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`the OIDC issuer ${issuer} is unavailable: ${why}`, { cause });
    this.name = 'IssuerUnavailableError';
  }
}

/** Signatures by keys that the issuer alone holds; neither `none` nor a shared secret. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'];
/** How far the issuer's clock may be from ours. */
const CLOCK_TOLERANCE_SECONDS = 5;
/** A token with an unknown key makes us ask for the keys again, but not more often than this. */
const KEYS_ASKED_EVERY_MS = 10_000;

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** Checks signature, issuer, audience and times. Nothing is retried here. */
export function createOidcIssuer(options: OidcIssuerOptions) {
  const { audiences, clock, issuer } = options;
  let keys: JWTVerifyGetKey | undefined;
  return async (jwt: string): Promise<IssuedToken> => {
    try {
      keys ??= await discover(options);
      const { payload } = await jwtVerify<JWTPayload>(jwt, keys, {
        issuer,
        audience: [...audiences],
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(clock.nowMs()),
        requiredClaims: ['exp', 'sub'],
      });
      return { kind: 'valid', claims: payload };
    } catch (error) {
      if (isOfToken(error)) return { kind: 'invalid', why: error.message };
      throw new IssuerUnavailableError(issuer, error);
    }
  };
}

async function discover({ issuer, timeoutMs }: OidcIssuerOptions): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  const found = discoverySchema.parse(await answer.json());
  if (found.issuer !== issuer) throw new Error(`${url} is of another issuer, ${found.issuer}`);
  return createRemoteJWKSet(new URL(found.jwks_uri), {
    timeoutDuration: timeoutMs,
    cooldownDuration: KEYS_ASKED_EVERY_MS,
  });
}

/** What is wrong with the token itself; anything else is wrong with the way to the issuer. */
function isOfToken(error: unknown): error is errors.JOSEError {
  const ofToken = [
    errors.JWTExpired,
    errors.JWTClaimValidationFailed,
    errors.JWTInvalid,
    errors.JWSInvalid,
    errors.JWSSignatureVerificationFailed,
    errors.JWKSNoMatchingKey,
    errors.JOSEAlgNotAllowed,
    errors.JOSENotSupported,
  ];
  return ofToken.some((kind) => error instanceof kind);
}
