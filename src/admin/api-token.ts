// Tokens of the HTTP and MCP faces: `cnry_<id>_<secret>`. Only a digest is kept, so that whoever
// reads the store can use none; the secret has 256 random bits, so that a plain digest suffices.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiToken } from '../ports.js';

const PREFIX = 'cnry';
const ID_BYTES = 6;
const SECRET_BYTES = 32;

export interface MintedToken {
  readonly id: string;
  readonly digest: string;
  /** Shown once, to whoever asked for it. */
  readonly text: string;
}

export function mintToken(): MintedToken {
  const id = randomBytes(ID_BYTES).toString('hex');
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { id, digest: digestOf(secret), text: `${PREFIX}_${id}_${secret}` };
}

/** The id and the secret of a token's text; `undefined` where it has not a token's form. */
export function splitToken(
  text: string,
): { readonly id: string; readonly secret: string } | undefined {
  const match = /^cnry_([0-9a-f]{12})_([\w-]{43})$/.exec(text);
  const [, id, secret] = match ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Whether a secret is the token's and the token may be used now; takes the same time for all. */
export function admits(token: ApiToken, secret: string, nowMs: number): boolean {
  const same = timingSafeEqual(Buffer.from(digestOf(secret)), Buffer.from(token.digest));
  return same && token.revokedAtMs === undefined && nowMs < token.expiresAtMs;
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
