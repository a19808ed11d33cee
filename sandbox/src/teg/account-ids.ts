// The names of a frame's own accounts, and the weight that supply snapshots give an account.
import { createHash } from 'node:crypto';

/** The account that collects the frame's fees. */
export function treasuryAccount(frame: string): string {
  return `treasury/${frame}`;
}

/** Where an agent's staked tokens lie; still circulating. */
export function stakeAccount(frame: string, agentId: string): string {
  return `stake/${frame}/${agentId}`;
}

/** Where an agent's tokens lie while it offers them as A2A tokens; still circulating. */
export function escrowAccount(frame: string, agentId: string): string {
  return `escrow/${frame}/${agentId}`;
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
