// Signing in with the OpenID Connect issuer (OpenID Connect Core 1.0, section 3.1; RFC 7636): the
// authorization code flow with PKCE, `state` and `nonce`. What a flow needs to end is sealed and
// kept by the browser; there is nothing to keep here.
import { randomBytes } from 'node:crypto';
import { EncryptJWT, errors as joseErrors, jwtDecrypt } from 'jose';
import * as oidc from 'openid-client';
import { z } from 'zod';
import type { Clock } from '../ports.js';
import { IssuerUnavailableError } from './oidc-issuer.js';

export interface OidcLoginOptions {
  readonly issuer: string;
  readonly clientId: string;
  /** Absent for a public client, which PKCE alone protects. */
  readonly clientSecret: string | undefined;
  /** Where the issuer sends the browser back to. */
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly clock: Clock;
  readonly timeoutMs: number;
}

export interface OidcLogin {
  /** Answers where to send the browser, and what it must bring back. */
  begin(back: string): Promise<LoginFlow>;
  /** The address that the issuer sent the browser to, and what the browser kept. */
  finish(address: URL, sealed: string | undefined): Promise<LoginEnd>;
}

export interface LoginFlow {
  readonly url: string;
  readonly sealed: string;
}

export type LoginEnd =
  | { readonly kind: 'signed_in'; readonly idToken: string; readonly back: string }
  /** Begun by another browser, too long ago, or not at all. */
  | { readonly kind: 'not_begun' }
  | { readonly kind: 'refused'; readonly why: string; readonly back: string };

/** A person signs in within this time or begins anew. */
export const FLOW_LIFE_SECONDS = 600;
const CLOCK_TOLERANCE_SECONDS = 5;
const SEAL_KEY_BYTES = 32;

const flowSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  back: z.string(),
});

type Flow = z.infer<typeof flowSchema>;

/** Every method throws `IssuerUnavailableError`. Flows end with the process that began them. */
export function createOidcLogin(options: OidcLoginOptions): OidcLogin {
  const { issuer, redirectUri, scopes } = options;
  const seal = createSeal(options.clock);
  let known: Promise<oidc.Configuration> | undefined;
  const configuration = (): Promise<oidc.Configuration> => {
    known ??= discover(options).catch((error: unknown) => {
      known = undefined;
      throw new IssuerUnavailableError(issuer, error);
    });
    return known;
  };
  return {
    async begin(back) {
      const flow: Flow = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        verifier: oidc.randomPKCECodeVerifier(),
        back,
      };
      const url = oidc.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: scopes.join(' '),
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, sealed: await seal.close(flow) };
    },
    async finish(address, sealed) {
      const flow = sealed === undefined ? undefined : await seal.open(sealed);
      if (flow === undefined) return { kind: 'not_begun' };
      const { back, nonce, state, verifier } = flow;
      try {
        const tokens = await oidc.authorizationCodeGrant(await configuration(), address, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        return { kind: 'signed_in', idToken: tokens.id_token ?? '', back };
      } catch (error) {
        if (isRefusal(error)) return { kind: 'refused', why: reasonOf(error), back };
        if (error instanceof IssuerUnavailableError) throw error;
        throw new IssuerUnavailableError(issuer, error);
      }
    },
  };
}

async function discover(options: OidcLoginOptions): Promise<oidc.Configuration> {
  const { clientId, clientSecret, issuer, timeoutMs } = options;
  const url = new URL(issuer);
  const metadata = {
    redirect_uris: [options.redirectUri],
    [oidc.clockTolerance]: CLOCK_TOLERANCE_SECONDS,
  };
  const authentication =
    clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(clientSecret);
  return oidc.discovery(url, clientId, metadata, authentication, {
    timeout: timeoutMs / 1_000,
    execute: [
      // The way from the issuer is one witness of the token, its signature is another.
      oidc.enableNonRepudiationChecks,
      // The configuration takes plain http on loopback only.
      ...(url.protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
    ],
  });
}

/** What the issuer, or the check of its answer, refused; all else is wrong with the way to it. */
function isRefusal(error: unknown): error is Error {
  if (error instanceof oidc.AuthorizationResponseError) return true;
  if (error instanceof oidc.ResponseBodyError) return error.status < 500;
  return error instanceof oidc.ClientError && OF_THE_ANSWER.includes(error.code ?? '');
}

const OF_THE_ANSWER: readonly string[] = [
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
];

function reasonOf(error: Error): string {
  const described = 'error_description' in error ? error.error_description : undefined;
  return typeof described === 'string' ? described : error.message;
}

/** Encrypts flows under a key of this process, and forgets them after their time. */
function createSeal(clock: Clock) {
  const key = randomBytes(SEAL_KEY_BYTES);
  return {
    async close(flow: Flow): Promise<string> {
      const nowSeconds = Math.floor(clock.nowMs() / 1_000);
      return new EncryptJWT(flow)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setExpirationTime(nowSeconds + FLOW_LIFE_SECONDS)
        .encrypt(key);
    },
    async open(sealed: string): Promise<Flow | undefined> {
      try {
        const { payload } = await jwtDecrypt(sealed, key, { currentDate: new Date(clock.nowMs()) });
        return flowSchema.parse(payload);
      } catch (error) {
        // Of another process, too old, or made up.
        if (error instanceof joseErrors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}
