// Reads a record of the pipe: an event that may enter the log, or the reason why not.
import type { PipeRecord } from '../pipe/event-pipe.js';
import type { FaultScope } from '../service/faults.js';
import { canonicalJson } from './canonical-json.js';
import { type Envelope, envelopeSchema } from './envelope.js';

export interface IncomingEvent {
  readonly envelope: Envelope;
  /** The envelope as canonical JSON. */
  readonly canonical: string;
  /** The frame that a foreign copy came from; null for the frame's own events. */
  readonly foreignFrom: string | null;
}

export type ReadRecord =
  | { readonly ok: true; readonly event: IncomingEvent }
  | { readonly ok: false; readonly reason: string };

/** Longer values are no events of this platform. */
const MAX_VALUE_BYTES = 64 * 1024;

/** Never throws: whatever came, it is an event or it is not. */
export function readRecord(record: PipeRecord, peerFrames: readonly string[]): ReadRecord {
  const { foreignFrom } = record;
  if (foreignFrom !== undefined && !peerFrames.includes(foreignFrom)) {
    return { ok: false, reason: `foreign_from names no other frame: ${foreignFrom.slice(0, 40)}` };
  }
  if (Buffer.byteLength(record.value) > MAX_VALUE_BYTES) {
    return { ok: false, reason: `longer than ${MAX_VALUE_BYTES} bytes` };
  }
  try {
    const json = JSON.parse(record.value);
    const parsed = envelopeSchema.safeParse(json);
    if (!parsed.success) return { ok: false, reason: issuesText(parsed.error.issues) };
    const canonical = canonicalJson(json);
    const event = { envelope: parsed.data, canonical, foreignFrom: foreignFrom ?? null };
    return { ok: true, event };
  } catch (error) {
    // Not JSON, or nested so deep that no stack holds it.
    return { ok: false, reason: String(error).slice(0, MAX_REASON) };
  }
}

/** What faults of the EventStore are matched with. */
export function faultScopeOf(frame: string, envelope: Envelope): FaultScope {
  return {
    frame,
    eventType: envelope.event_type,
    backend: envelope.backend ?? undefined,
    sender: envelope.data.sender,
    receiver: envelope.data.receiver,
    memoPrefix: envelope.data.memo,
    transferId: envelope.transfer_id ?? undefined,
    detail: () => ({ position: envelope.position, ...harmOf(envelope) }),
  };
}

/** The accounts that an event names, and its amount: what is wrong when it is lost or altered. */
export function harmOf({ data }: Envelope) {
  const accounts = ACCOUNT_FIELDS.map((field) => data[field]).filter(
    (account) => typeof account === 'string',
  );
  return { accounts, amount: typeof data.amount === 'string' ? data.amount : null };
}

const ACCOUNT_FIELDS = [
  ...['sender', 'receiver', 'payer', 'treasury'],
  ...['account', 'stake_account', 'escrow_account'],
] as const;

const MAX_REASON = 500;

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function issuesText(issues: readonly Issue[]): string {
  const places = issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`);
  return places.join('; ').slice(0, MAX_REASON);
}
