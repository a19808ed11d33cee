// The bodies of A2A tokens as zod schemas.
import { z } from 'zod';
import { formatAmount } from '../money.js';
import { A2A_STATES } from '../names.js';
import type { A2aToken } from './a2a-rows.js';
import { accountId, amount, amountText } from './wire.js';

const LONGEST_LIFE_MS = 30 * 24 * 60 * 60 * 1000;

export const offerBody = z.strictObject({
  token_id: z.uuid().describe("The issuer's choice: asking twice offers once"),
  issuer: accountId,
  holder: accountId,
  amount: amountText,
  lifetime_ms: z.int().min(1).max(LONGEST_LIFE_MS),
});

export const tokenParams = z.object({ token_id: z.uuid() });

export const tokenAnswer = z.object({
  token_id: z.string(),
  issuer: z.string(),
  holder: z.string(),
  amount,
  state: z.enum(A2A_STATES),
  offered_at: z.string(),
  updated_at: z.string(),
  expires_at: z.string(),
});

export const tokensQuery = z.strictObject({
  state: z.enum([...A2A_STATES, '*']).default('*'),
  agent: accountId.optional().describe('Only where it is issuer or holder'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

export const tokensAnswer = z.object({ tokens: z.array(tokenAnswer) });

const stateCount = z.object({ state: z.enum(A2A_STATES), tokens: z.int(), amount });

export const a2aSummaryAnswer = z.object({
  frame: z.string(),
  states: z.array(stateCount).describe('Every state, the empty ones too'),
  escrowed: amount.describe('What the live ones hold in escrow'),
  at: z.string(),
});

/** A token as the contract's answer spells it. */
export function tokenAnswerOf(token: A2aToken): z.output<typeof tokenAnswer> {
  return {
    token_id: token.tokenId,
    issuer: token.issuer,
    holder: token.holder,
    amount: formatAmount(token.amount),
    state: token.state,
    offered_at: token.offeredAt.toISOString(),
    updated_at: token.updatedAt.toISOString(),
    expires_at: token.expiresAt.toISOString(),
  };
}
