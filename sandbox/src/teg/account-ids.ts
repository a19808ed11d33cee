// The names of a frame's own accounts, and the weight that supply snapshots give an account.
import { createHash } from 'node:crypto';

/** The account that collects the frame's fees. */
export function treasuryAccount(frame: string): string {
  return `treasury/${frame}`;
}

/** The account whose balance is minus what the frame has issued. */
export function issuanceAccount(frame: string): string {
  return `issuance/${frame}`;
}

/** What travels between this frame and another (or inside it), as this frame's TEG sees it. */
export function inTransitAccount(frame: string, peer: string): string {
  return `in-transit/${frame}/${peer}`;
}

/** The first 8 bytes of sha256(account) as an unsigned big-endian integer (platform contract). */
export function accountWeight(account: string): bigint {
  return createHash('sha256').update(account, 'utf8').digest().readBigUInt64BE(0);
}
