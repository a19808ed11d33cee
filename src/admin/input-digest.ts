// A digest of an operation's whole input, secrets included, so that what comes under a used key can
// be told to be the same request or another one. A salt of its own keys each digest: equal inputs
// cannot be told from two of them, and no table of digests made beforehand tells an input.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { canonicalText } from '../domain/supply-certificate.js';

const SALT_BYTES = 16;

/** `<salt>.<sha-256 keyed by it>`, both in hex. */
export function digestOfInput(input: unknown): string {
  return digestWith(randomBytes(SALT_BYTES).toString('hex'), input);
}

/** Whether a digest was made of this input, in whatever order its fields stand. */
export function isDigestOf(digest: string, input: unknown): boolean {
  const [salt = ''] = digest.split('.');
  const [kept, made] = [Buffer.from(digest), Buffer.from(digestWith(salt, input))];
  return kept.length === made.length && timingSafeEqual(kept, made);
}

function digestWith(salt: string, input: unknown): string {
  const keyed = createHmac('sha256', salt).update(canonicalText(input), 'utf8').digest('hex');
  return `${salt}.${keyed}`;
}
