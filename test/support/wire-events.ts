// Events as a platform writes them, by the words of the platform contract.

export interface WireEnvelope {
  readonly producer: string;
  readonly position: number;
  readonly event_type: string;
  readonly source_frame: string;
  readonly committed_at: string;
  readonly transfer_id: string | null;
  readonly backend: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface WireStoredEvent extends WireEnvelope {
  readonly sequence: number;
  readonly stored_at: string;
  readonly foreign_from: string | null;
  readonly prev_hash: string;
  readonly hash: string;
}

export const COMMITTED_AT = '2026-11-23T18:30:36.123Z';
export const COMMITTED_AT_MS = Date.parse(COMMITTED_AT);

let position = 0;

/** A transfer event between canary agents of two frames; every call has a position of its own. */
export function transferEnvelope(changes: Partial<WireEnvelope> = {}): WireEnvelope {
  position += 1;
  return {
    producer: 'teg-a',
    position,
    event_type: 'CrossFrameTransferInitiated',
    source_frame: 'A',
    committed_at: COMMITTED_AT,
    transfer_id: `transfer-${position}`,
    backend: 'async',
    data: {
      memo: `canary-test-${position}`,
      sender: 'A1:canary-1',
      receiver: 'B1:canary-1',
      sender_frame: 'A',
      receiver_frame: 'B',
      amount: '0.010000',
    },
    ...changes,
  };
}

export function refundEnvelope(): WireEnvelope {
  const { data } = transferEnvelope();
  return transferEnvelope({
    event_type: 'CrossFrameTransferRefunded',
    data: { ...data, reason: 'not settled in time' },
  });
}

export function feeEnvelope(changes: Partial<WireEnvelope> = {}): WireEnvelope {
  const data = { payer: 'A1:canary-1', treasury: 'A:treasury', amount: '0.000010' };
  return transferEnvelope({ event_type: 'TransactionFeeCollected', data, ...changes });
}

export function markerEnvelope(): WireEnvelope {
  return transferEnvelope({
    event_type: 'SupplyMarker',
    transfer_id: null,
    backend: null,
    data: { snapshot_position: 7 },
  });
}

/** The event as an EventStore keeps it; nobody here checks the chain, so its hashes are made up. */
export function storedEvent(
  envelope: WireEnvelope,
  sequence: number,
  storedAtMs: number,
  foreignFrom: string | null = null,
): WireStoredEvent {
  return {
    ...envelope,
    sequence,
    stored_at: new Date(storedAtMs).toISOString(),
    foreign_from: foreignFrom,
    prev_hash: '0'.repeat(64),
    hash: 'f'.repeat(64),
  };
}
