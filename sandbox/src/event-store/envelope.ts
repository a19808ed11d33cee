// The envelope of an event as it comes off the pipe: what the contract demands of each type.
import { z } from 'zod';
import { AMOUNT_PATTERN } from '../money.js';
import { BACKENDS, type EventType } from '../names.js';

/** Enough for a memo of 256 characters with its 2pc prefix; an index entry must stay small. */
const MAX_TEXT = 300;

// PostgreSQL's text cannot hold a zero character.
const text = z
  .string()
  .max(MAX_TEXT)
  .refine((value) => !value.includes('\0'), 'zero character');
const name = text.min(1);
const time = z.iso.datetime().refine((value) => Date.parse(value) >= 0, 'no time since 1970');
const amount = z.string().regex(AMOUNT_PATTERN);

const transfer = {
  sender: name,
  receiver: name,
  sender_frame: name,
  receiver_frame: name,
  amount,
  memo: text,
};

const stake = { account: name, stake_account: name, amount, unlock_at: time };

const escrow = { token_id: name, account: name, escrow_account: name, amount };

const supply = { account: name, amount, reason: z.string() };

/** The data of each type that the contract names; a type that it does not name is kept as it is. */
const DATA_SCHEMAS = {
  TokensTransferred: z.looseObject(transfer),
  TransactionFeeCollected: z.looseObject({ payer: name, treasury: name, amount }),
  CrossFrameTransferInitiated: z.looseObject(transfer),
  CrossFrameTransferSettled: z.looseObject(transfer),
  CrossFrameTransferRefunded: z.looseObject({ ...transfer, reason: z.string() }),
  CrossRegistryTransferCompleted: z.looseObject(transfer),
  TokensIssued: z.looseObject(supply),
  TokensDestroyed: z.looseObject(supply),
  TokensStaked: z.looseObject(stake),
  TokensUnstaked: z.looseObject(stake),
  A2ATokenEscrowed: z.looseObject({ ...escrow, holder: name, expires_at: time }),
  A2ATokenReleased: z.looseObject({ ...escrow, from_state: name, to_state: name }),
  SupplyMarker: z.looseObject({ snapshot_position: z.int().min(0) }),
} as const satisfies Record<EventType, z.ZodType>;

const anyData = z.looseObject({
  memo: text.optional(),
  sender: text.optional(),
  receiver: text.optional(),
});

/** The producer's fields, exactly: the store's own may not come from outside. */
export const envelopeSchema = z
  .strictObject({
    producer: name,
    position: z.int().min(1),
    event_type: name,
    source_frame: name,
    committed_at: time,
    transfer_id: name.nullable(),
    backend: z.enum(BACKENDS).nullable(),
    data: anyData,
  })
  .superRefine((envelope, check) => {
    const parsed = dataSchema(envelope.event_type).safeParse(envelope.data);
    for (const issue of parsed.error?.issues ?? []) {
      const path = ['data', ...issue.path];
      check.addIssue({ code: 'custom', message: issue.message, path });
    }
  });

export type Envelope = z.output<typeof envelopeSchema>;

export function isKnownEventType(eventType: string): eventType is EventType {
  return Object.hasOwn(DATA_SCHEMAS, eventType);
}

function dataSchema(eventType: string): z.ZodType {
  return isKnownEventType(eventType) ? DATA_SCHEMAS[eventType] : anyData;
}
