// The bodies of staking as zod schemas.
import { z } from 'zod';
import { accountId, amount, amountText } from './wire.js';

/** Thirty days: longer than any run of this platform. */
const LONGEST_LOCK_MS = 30 * 24 * 60 * 60 * 1000;

export const stakeBody = z.strictObject({
  account: accountId,
  amount: amountText,
  lock_ms: z.int().min(1).max(LONGEST_LOCK_MS),
});

export const unstakeBody = z.strictObject({ account: accountId, amount: amountText });

export const stakeAnswer = z.object({
  account: z.string(),
  stake_account: z.string(),
  staked: amount,
  unlock_at: z.string().nullable().describe('Null where nothing was ever staked'),
  voting_power: amount.describe('veToken: the stake times the share of the longest lock to come'),
  at: z.string(),
});

export const stakingAnswer = z.object({
  frame: z.string(),
  total_value_locked: amount,
  stakers: z.int(),
  voting_power: amount,
  max_lock_ms: z.int(),
  at: z.string(),
});

export const votingPowerQuery = z.strictObject({ registry: z.string() });

export const votingPowerAnswer = z.object({
  registry: z.string(),
  at: z.string(),
  voting_power: z.array(z.object({ agent_id: z.string(), voting_power: amount })),
});
