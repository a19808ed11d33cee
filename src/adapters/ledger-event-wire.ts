// Ledger events on the wire: the envelope and the stored event of the platform contract, parsed
// into the domain's words. A malformed text is a value that says what is wrong with it.
import { z } from 'zod';
import { parseAmount } from '../domain/amount.js';
import { BACKENDS } from '../domain/backend.js';
import {
  COMPLETED_EVENT_TYPE,
  type TransferEvent,
  type TransferEventType,
  VALIDATED_EVENT_TYPES,
} from '../domain/event.js';
import type { ParsedEvent, RawEvent } from '../ports.js';
import { parseJson } from './platform-http.js';

/** Bounds keep what a platform sends inside keys, index rows and pages. */
const name = z.string().min(1).max(200);
const frame = z.string().min(1).max(64);
const instant = z.iso.datetime().transform((text) => Date.parse(text));
const amount = z.string().transform((text, context) => {
  const baseUnits = parseAmount(text);
  if (baseUnits !== undefined) return baseUnits;
  context.addIssue({ code: 'custom', message: 'is no amount of AVT' });
  return z.NEVER;
});

const envelopeSchema = z.object({
  producer: name,
  position: z.int().min(0),
  event_type: name,
  source_frame: frame,
  committed_at: instant,
  transfer_id: name.nullable(),
  backend: name.nullable(),
  data: z.record(z.string(), z.unknown()),
});

const storedSchema = z.object({
  sequence: z.int().min(1),
  stored_at: instant,
  foreign_from: frame.nullable(),
});

const transferSchema = z.object({
  transfer_id: name,
  backend: z.enum(BACKENDS),
  data: z.object({
    memo: z.string().max(1_000),
    sender: name,
    receiver: name,
    amount,
  }),
});

const feeSchema = z.object({
  transfer_id: name,
  backend: z.enum(BACKENDS),
  data: z.object({ payer: name, amount }),
});

type Place = z.infer<typeof storedSchema>;

/** A stored event of an EventStore, as text. */
export function parseStoredEvent(text: string): ParsedEvent {
  return storedEventOf(parseJson(text));
}

/** A stored event of an EventStore, as JSON already parsed. */
export function storedEventOf(json: unknown): ParsedEvent {
  const place = storedSchema.safeParse(json);
  if (!place.success) return malformed(place.error);
  return eventAt(json, place.data);
}

/** An envelope as Kafka brings it: its place in the log is the record's. */
export function parseRecord(raw: RawEvent): ParsedEvent {
  const { offset, timestampMs, foreignFrom } = raw;
  if (offset === undefined || timestampMs === undefined) {
    return { kind: 'malformed', problem: 'the record has no offset or no timestamp' };
  }
  const place = { sequence: offset, stored_at: timestampMs, foreign_from: foreignFrom ?? null };
  return eventAt(parseJson(raw.text), place);
}

function eventAt(json: unknown, place: Place): ParsedEvent {
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) return malformed(envelope.error);
  const eventType = transferEventTypeOf(envelope.data.event_type);
  if (eventType === undefined) return { kind: 'other', eventType: envelope.data.event_type };
  const parties = partiesOf(eventType, json);
  if (!parties.success) return malformed(parties.error);
  return {
    kind: 'event',
    stored: {
      event: {
        id: { producer: envelope.data.producer, position: envelope.data.position },
        eventType,
        sourceFrame: envelope.data.source_frame,
        committedAtMs: envelope.data.committed_at,
        ...parties.data,
      },
      sequence: place.sequence,
      storedAtMs: place.stored_at,
      foreignFrom: place.foreign_from ?? undefined,
    },
  };
}

type Parties = Omit<TransferEvent, 'id' | 'eventType' | 'sourceFrame' | 'committedAtMs'>;

const asTransfer = transferSchema.transform(
  ({ transfer_id, backend, data }): Parties => ({
    transferId: transfer_id,
    backend,
    memo: data.memo,
    sender: data.sender,
    receiver: data.receiver,
    payer: undefined,
    amountBaseUnits: data.amount,
  }),
);

const asFee = feeSchema.transform(
  ({ transfer_id, backend, data }): Parties => ({
    transferId: transfer_id,
    backend,
    memo: undefined,
    sender: undefined,
    receiver: undefined,
    payer: data.payer,
    amountBaseUnits: data.amount,
  }),
);

function partiesOf(eventType: TransferEventType, json: unknown) {
  return (eventType === 'TransactionFeeCollected' ? asFee : asTransfer).safeParse(json);
}

function transferEventTypeOf(text: string): TransferEventType | undefined {
  if (text === COMPLETED_EVENT_TYPE) return COMPLETED_EVENT_TYPE;
  return VALIDATED_EVENT_TYPES.find((eventType) => eventType === text);
}

/** The first thing wrong, with its place; the events of an attacker do not fill our logs. */
function malformed(error: z.ZodError): ParsedEvent {
  const issue = error.issues[0];
  const place = issue?.path.join('.') ?? '';
  const message = issue?.message ?? error.message;
  return { kind: 'malformed', problem: `${place || 'the event'}: ${message}`.slice(0, 200) };
}
