// The TEG's bodies as zod schemas: what requests must look like and what answers do.
import { z } from 'zod';
import { AMOUNT_PATTERN, formatAmount } from '../money.js';
import { BACKENDS, LEAK_KINDS } from '../names.js';
import { TRANSFER_STATUSES, type Transfer } from './transfer.js';

// PostgreSQL text cannot hold the character NUL.
const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => !value.includes('\0'), 'must not contain NUL');

export const accountId = text(200).min(3).describe('<registry>:<name>');

// The pattern is documented here and checked by parseAmount, which answers malformed_amount.
export const amountText = text(100).meta({
  description: `AVT as a decimal string, greater than zero, ${AMOUNT_PATTERN.source}`,
  example: '0.010000',
});

export const amount = z.string().describe('AVT, exactly six places');

export const transferBody = z.strictObject({
  sender: accountId,
  receiver: accountId,
  amount: amountText,
  memo: text(256),
});

export const transferHeaders = z.object({ 'idempotency-key': z.string().optional() });

export const transferAnswer = z.object({
  transfer_id: z.string(),
  status: z.enum(TRANSFER_STATUSES),
  backend: z.enum(BACKENDS),
  sender: z.string(),
  receiver: z.string(),
  sender_frame: z.string(),
  receiver_frame: z.string(),
  amount,
  fee: amount,
  memo: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

export const infoAnswer = z.object({
  frame: z.string(),
  token: z.literal('AVT'),
  fee: z.object({ basis_points: z.int() }),
  registries: z.array(z.string()),
  refund_after_ms: z.int(),
  sweep_interval_ms: z.int(),
  two_phase_limit_ms: z.int(),
});

export const balanceAnswer = z.object({
  agent_id: z.string(),
  available: amount,
  held: amount,
  currency: z.literal('AVT'),
  status: z.enum(['active', 'revoked']),
  at: z.string(),
});

export const enrolBody = z.strictObject({
  agent_id: accountId,
  class: z.literal('agent'),
  token_sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const supplyBody = z.strictObject({
  account: text(200),
  amount: amountText,
  reason: text(256),
});

export const positionAnswer = z.object({ position: z.int() });

export const snapshotQuery = z.object({
  buckets: z.coerce.number().int().min(1).max(4096).default(16),
});

export const snapshotAnswerSchema = z.object({
  frame: z.string(),
  producer: z.string(),
  position: z.int(),
  clock: z.string(),
  totals: z.object({ circulating: amount, in_transit: amount, issuance: amount }),
  buckets: z.array(z.object({ bucket: z.int(), sum: amount, weighted_sum: z.string() })),
  unclassed: z.array(z.string()),
  marker_position: z.int(),
});

export const leakBody = z.strictObject({
  kind: z.enum(LEAK_KINDS),
  account: text(200).min(1),
  to: text(200).min(1).optional(),
  amount: amountText,
});

/** A decided transfer as the contract's answer spells it. */
export function transferAnswerOf(transfer: Transfer): z.output<typeof transferAnswer> {
  if (transfer.status === 'preparing') {
    throw new Error(`transfer ${transfer.transferId} is not decided and must not be shown`);
  }
  return {
    transfer_id: transfer.transferId,
    status: transfer.status,
    backend: transfer.backend,
    sender: transfer.sender,
    receiver: transfer.receiver,
    sender_frame: transfer.senderFrame,
    receiver_frame: transfer.receiverFrame,
    amount: formatAmount(transfer.amount),
    fee: formatAmount(transfer.fee),
    memo: transfer.memo,
    created_at: transfer.createdAt.toISOString(),
    updated_at: transfer.updatedAt.toISOString(),
  };
}
