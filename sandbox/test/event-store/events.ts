// Events as a TEG would emit them, for cases of the EventStore.
import type { PipeRecord } from '../../src/pipe/event-pipe.js';

export interface EventFields {
  readonly producer?: string;
  readonly position: number;
  readonly event_type?: string;
  readonly source_frame?: string;
  readonly committed_at?: string;
  readonly transfer_id?: string | null;
  readonly backend?: string | null;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A TokensTransferred of the async backend unless told otherwise. */
export function envelope(fields: EventFields) {
  return {
    producer: 'teg-t',
    event_type: 'TokensTransferred',
    source_frame: 'T',
    committed_at: '2026-11-23T18:30:36.123Z',
    transfer_id: `transfer-${fields.position}`,
    backend: 'async',
    ...fields,
    data: { ...transferData(fields.position), ...fields.data },
  };
}

/** The event as a record of the frame's own, or a foreign copy. */
export function record(fields: EventFields, foreignFrom?: string): PipeRecord {
  const event = envelope(fields);
  return {
    key: event.transfer_id ?? '',
    value: JSON.stringify(event),
    ...(foreignFrom !== undefined && { foreignFrom }),
  };
}

export function records(from: number, to: number, fields: Partial<EventFields> = {}) {
  return Array.from({ length: to - from + 1 }, (_, index) =>
    record({ ...fields, position: from + index }),
  );
}

function transferData(position: number) {
  return {
    sender: 'A1:canary-1',
    receiver: 'B1:canary-1',
    sender_frame: 'A',
    receiver_frame: 'B',
    amount: '0.010000',
    memo: `canary-${position}`,
    // What the types without a transfer need, so that one shape serves them all.
    payer: 'A1:canary-1',
    treasury: 'treasury-a',
    account: 'A1:canary-1',
    reason: 'test',
    snapshot_position: position,
    stake_account: 'stake-a',
    unlock_at: '2026-11-24T18:30:36.123Z',
    token_id: `token-${position}`,
    escrow_account: 'escrow-a',
    holder: 'A1:canary-2',
    expires_at: '2026-11-24T18:30:36.123Z',
    from_state: 'offered',
    to_state: 'redeemed',
  };
}
