// A small OpenID Connect issuer on loopback: real keys, a discovery document, tokens on demand.
import { createServer } from 'node:http';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export interface TestIssuer {
  readonly url: string;
  /** Requests for the keys so far. */
  keysAsked(): number;
  token(claims: JWTPayload, over?: TokenOver): Promise<string>;
  /** What the token endpoint answers from now on, to whatever code it is asked for. */
  answer(claims: JWTPayload, over?: TokenOver): Promise<void>;
  /** New keys take the place of the old ones. */
  rotate(): Promise<void>;
  close(): Promise<void>;
}

export interface TokenOver {
  readonly issuer?: string;
  readonly audience?: string;
  readonly expiresAt?: number;
  readonly signedBy?: CryptoKey;
}

const AUDIENCE = 'canary-reactor';

export async function startIssuer(nowMs: number): Promise<TestIssuer> {
  let generation = 0;
  let pair = await generateKeyPair('ES256');
  let asked = 0;
  let idToken = '';
  const server = createServer(async (request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/.well-known/openid-configuration') {
      const endpoints = { authorization_endpoint: `${url}/auth`, token_endpoint: `${url}/token` };
      const algorithms = { id_token_signing_alg_values_supported: ['ES256'] };
      const keys = { jwks_uri: `${url}/keys` };
      response.end(JSON.stringify({ issuer: url, ...keys, ...endpoints, ...algorithms }));
    } else if (request.url === '/token') {
      const tokens = { access_token: 'opaque', token_type: 'bearer', id_token: idToken };
      response.end(JSON.stringify(tokens));
    } else if (request.url === '/keys') {
      asked += 1;
      const key = { ...(await exportJWK(pair.publicKey)), kid: String(generation), alg: 'ES256' };
      response.end(JSON.stringify({ keys: [key] }));
    } else {
      response.statusCode = 404;
      response.end('{}');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  const url = `http://127.0.0.1:${address.port}`;
  const token: TestIssuer['token'] = (claims, over = {}) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: String(generation) })
      .setIssuer(over.issuer ?? url)
      .setAudience(over.audience ?? AUDIENCE)
      .setIssuedAt(Math.floor(nowMs / 1_000))
      .setExpirationTime(over.expiresAt ?? Math.floor(nowMs / 1_000) + 600)
      .sign(over.signedBy ?? pair.privateKey);
  return {
    url,
    keysAsked: () => asked,
    token,
    async answer(claims, over) {
      idToken = await token(claims, over);
    },
    async rotate() {
      generation += 1;
      pair = await generateKeyPair('ES256');
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
