// Stored events on the wire as the supply audit reads them: all types, own and foreign, with the
// hash that their content must have. What cannot be read is a value that says why.
import { z } from 'zod';
import { parseAmount } from '../domain/amount.js';
import { BACKENDS } from '../domain/backend.js';
import type { FrameId } from '../domain/frame.js';
import { canonicalText } from '../domain/supply-certificate.js';
import type { SupplyEvent, SupplyEventHead, TransferKind } from '../domain/supply-event.js';
import type { LogEntry } from '../domain/supply-log.js';
import { parseJson } from './platform-http.js';
import { sha256Hex } from './sha256.js';

const name = z.string().min(1).max(200);
const instant = z.iso.datetime().transform((text) => Date.parse(text));
const amount = z.string().transform((text, context) => {
  const baseUnits = parseAmount(text);
  if (baseUnits !== undefined) return baseUnits;
  context.addIssue({ code: 'custom', message: `${shortened(text)} is no amount of AVT` });
  return z.NEVER;
});

const chainSchema = z.object({
  sequence: z.int().min(1),
  foreign_from: name.nullable(),
  prev_hash: z.string().max(128),
  hash: z.string().max(128),
});

const headSchema = z.object({
  producer: name,
  position: z.int().min(1),
  event_type: name,
  source_frame: name,
  committed_at: instant,
});

const transferSchema = z
  .object({
    transfer_id: name,
    backend: z.enum(BACKENDS),
    data: z.object({
      sender: name,
      receiver: name,
      sender_frame: name,
      receiver_frame: name,
      amount,
    }),
  })
  .transform(({ transfer_id, backend, data }) => ({
    transferId: transfer_id,
    backend,
    sender: data.sender,
    receiver: data.receiver,
    senderFrame: data.sender_frame,
    receiverFrame: data.receiver_frame,
    amountBaseUnits: data.amount,
  }));

const feeSchema = z
  .object({ transfer_id: name, data: z.object({ payer: name, treasury: name, amount }) })
  .transform(({ transfer_id, data }) => ({
    kind: 'fee' as const,
    transferId: transfer_id,
    payer: data.payer,
    treasury: data.treasury,
    amountBaseUnits: data.amount,
  }));

const accountSchema = z
  .object({ data: z.object({ account: name, amount }) })
  .transform(({ data }) => ({ account: data.account, amountBaseUnits: data.amount }));

type Content = SupplyEvent extends infer Event
  ? Event extends SupplyEvent
    ? Omit<Event, keyof SupplyEventHead>
    : never
  : never;

function transfer(kind: TransferKind): z.ZodType<Content> {
  return transferSchema.transform((facts) => ({ kind, ...facts }) as Content);
}

/** Tokens that change accounts inside the frame, by the fields that name both. */
function move(from: string, to: string): z.ZodType<Content> {
  const data = z.looseObject({ [from]: name, [to]: name, amount });
  return z.object({ data }).transform(({ data: facts }) => ({
    kind: 'moved' as const,
    from: String(facts[from]),
    to: String(facts[to]),
    amountBaseUnits: facts.amount as bigint,
  }));
}

/** Every event type of the contract, and how its content is read. */
const CONTENTS: Readonly<Record<string, z.ZodType<Content>>> = {
  TokensTransferred: transfer('transferred'),
  TransactionFeeCollected: feeSchema,
  CrossFrameTransferInitiated: transfer('initiated'),
  CrossFrameTransferSettled: transfer('settled'),
  CrossFrameTransferRefunded: transfer('refunded'),
  CrossRegistryTransferCompleted: transfer('completed'),
  TokensIssued: accountSchema.transform((one) => ({ kind: 'issued' as const, ...one })),
  TokensDestroyed: accountSchema.transform((one) => ({ kind: 'destroyed' as const, ...one })),
  TokensStaked: move('account', 'stake_account'),
  TokensUnstaked: move('stake_account', 'account'),
  A2ATokenEscrowed: move('account', 'escrow_account'),
  A2ATokenReleased: move('escrow_account', 'account'),
  SupplyMarker: z.unknown().transform(() => ({ kind: 'marker' as const })),
};

/** What the EventStore adds to a producer's envelope. */
const STORE_FIELDS = ['sequence', 'stored_at', 'foreign_from', 'prev_hash', 'hash'] as const;

/** One line of the log; a text that is not even a link of the chain is a problem as text. */
export function parseLogLine(text: string, frame: FrameId): LogEntry | string {
  const json = parseJson(text);
  const chain = chainSchema.safeParse(json);
  if (!chain.success) return `a stored event is not in the contract’s form: ${first(chain.error)}`;
  const { sequence, foreign_from, prev_hash, hash } = chain.data;
  const envelope: Record<string, unknown> = { ...(json as object) };
  for (const field of STORE_FIELDS) delete envelope[field];
  const canonical = canonicalText(envelope);
  return {
    sequence,
    previousHash: prev_hash,
    hash,
    expectedHash: sha256Hex(`${prev_hash}\n${sequence}\n${canonical}`),
    content:
      foreign_from === null ? contentOf(envelope, frame, sequence, canonical) : { kind: 'foreign' },
  };
}

function contentOf(
  envelope: unknown,
  frame: FrameId,
  sequence: number,
  canonical: string,
): LogEntry['content'] {
  const parsed = headSchema.safeParse(envelope);
  if (!parsed.success) return { kind: 'unplaceable', problem: first(parsed.error) };
  const { producer, position, event_type, source_frame, committed_at } = parsed.data;
  const head: SupplyEventHead = {
    id: { producer, position },
    sequence,
    eventType: event_type,
    frame,
    sourceFrame: source_frame,
    committedAtMs: committed_at,
    digest: sha256Hex(canonical).slice(0, 16),
  };
  const schema = Object.hasOwn(CONTENTS, event_type) ? CONTENTS[event_type] : undefined;
  if (schema === undefined) return unreadable(head, `unknown event type ${shortened(event_type)}`);
  const content = schema.safeParse(envelope);
  if (!content.success) return unreadable(head, `${event_type}: ${first(content.error)}`);
  return { kind: 'own', event: { ...head, ...content.data } };
}

function unreadable(head: SupplyEventHead, problem: string): LogEntry['content'] {
  return { kind: 'own', event: { ...head, kind: 'unreadable', problem } };
}

/** The first thing wrong, with its place. */
export function first(error: z.ZodError): string {
  const [issue] = error.issues;
  const place = issue?.path.join('.') ?? '';
  return `${place || 'the whole'}: ${issue?.message ?? error.message}`.slice(0, 200);
}

function shortened(text: string): string {
  return JSON.stringify(text.length <= 60 ? text : `${text.slice(0, 60)}…`);
}
