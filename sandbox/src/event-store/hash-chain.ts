// The hash chain of the log (platform contract, "EventStore").
import { createHash } from 'node:crypto';

/** What the first event's `prev_hash` is. */
export const FIRST_PREVIOUS_HASH = '0'.repeat(64);

/** The hash of an event: over its predecessor's, its sequence and its canonical envelope. */
export function chainedHash(previousHash: string, sequence: number, canonical: string): string {
  return createHash('sha256').update(`${previousHash}\n${sequence}\n${canonical}`).digest('hex');
}
