// A small OpenID Connect issuer on loopback: real keys, a discovery document, tokens on demand.
import { createServer } from 'node:http';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export interface TestIssuer {
  readonly url: string;
  /** Requests for the keys so far. */
  keysAsked(): number;
  token(claims: JWTPayload, over?: TokenOver): Promise<string>;
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
  const server = createServer(async (request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/keys` }));
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
  return {
    url,
    keysAsked: () => asked,
    async token(claims, over = {}) {
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: String(generation) })
        .setIssuer(over.issuer ?? url)
        .setAudience(over.audience ?? AUDIENCE)
        .setIssuedAt(nowMs / 1_000)
        .setExpirationTime(over.expiresAt ?? nowMs / 1_000 + 600)
        .sign(over.signedBy ?? pair.privateKey);
    },
    async rotate() {
      generation += 1;
      pair = await generateKeyPair('ES256');
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
