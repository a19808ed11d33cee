// The rules of staking, pure: how a lock grows, when it ends, and the voting power of a stake.

/** An agent's stake; amounts are base units. */
export interface Stake {
  readonly staked: bigint;
  /** Nothing is given back before, epoch milliseconds. */
  readonly unlockAtMs: number;
}

/** The lock after staking more: never shorter than it was. */
export function lockedUntil(before: Stake | undefined, atMs: number, lockMs: number): number {
  return Math.max(before?.unlockAtMs ?? 0, atMs + lockMs);
}

export function isLocked(stake: Stake, atMs: number): boolean {
  return atMs < stake.unlockAtMs;
}

/**
 * The veToken that a stake is worth, in base units, rounded down: the stake times the share of
 * the longest lock that is still to come. It falls to zero as the lock runs out.
 */
export function votingPowerOf(stake: Stake, atMs: number, maxLockMs: number): bigint {
  const remainingMs = Math.min(Math.max(0, stake.unlockAtMs - atMs), maxLockMs);
  return (stake.staked * BigInt(Math.floor(remainingMs))) / BigInt(maxLockMs);
}
