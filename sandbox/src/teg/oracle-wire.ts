// What the TEG's oracle answers: one shape for the reading and for OpenAPI.
import { z } from 'zod';
import { struckFault } from '../service/oracle-wire.js';

const amount = z.string().describe('AVT, exactly six places');

const side = z.object({
  backend: z.string(),
  sender: z.string(),
  receiver: z.string(),
  amount,
  memo: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

const outgoingSide = side.extend({
  status: z.string().describe("The row's own, preparing included"),
  fee: amount,
  receiver_frame: z.string(),
  idempotency_key: z.string().nullable(),
});

const incomingSide = side.extend({ state: z.string(), sender_frame: z.string() });

const entry = z.object({
  entry_id: z.int(),
  kind: z.string(),
  at: z.string(),
  postings: z.array(z.object({ account: z.string(), amount })),
});

/** What one TEG knows of a transfer id. */
export const oracleTransfer = z.object({
  transfer_id: z.string(),
  outgoing: outgoingSide.nullable().describe("The sender's side, at the sender's TEG"),
  incoming: incomingSide.nullable().describe("The receiver's side, where it was asked to credit"),
  entries: z.array(entry),
  events: z
    .array(z.object({ position: z.int(), event_type: z.string() }))
    .describe('What the outbox says of it'),
  faults: z.array(struckFault),
});

export type Side = z.output<typeof side>;
export type OracleEntry = z.output<typeof entry>;
export type OracleTransfer = z.output<typeof oracleTransfer>;
