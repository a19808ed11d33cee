// The oracle's list of faults that really struck, written with the change they spoiled.
import type pg from 'pg';
import type { FaultKind } from '../names.js';
import type { ActiveFault } from '../service/faults.js';

export interface Strike {
  /** A fault's kind, or `leak`, which is no fault of the engine but struck all the same. */
  readonly kind: FaultKind | 'leak';
  readonly faultId: string | null;
  readonly transferId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The strike of a fault on a transfer; `detail` says what it did. */
export function strikeOn(
  fault: ActiveFault,
  transferId: string | null,
  detail: Readonly<Record<string, unknown>> = {},
): Strike {
  return { kind: fault.kind, faultId: fault.id, transferId, detail };
}

/**
 * Writes strikes; call it in the transaction of what they spoiled. It locks the outbox head, so
 * that the position kept with them is exact: it comes after the accounts, as all locks of it do.
 */
export async function recordStrikes(
  client: pg.ClientBase | pg.Pool,
  strikes: readonly Strike[],
  at: Date,
): Promise<void> {
  if (strikes.length === 0) return;
  await client.query(
    `INSERT INTO oracle_faults (at, kind, fault_id, transfer_id, detail, outbox_position)
     SELECT $1, strike.kind, strike.fault_id, strike.transfer_id, strike.detail, head.position
     FROM unnest($2::text[], $3::text[], $4::text[], $5::json[])
       AS strike (kind, fault_id, transfer_id, detail),
       (SELECT position FROM outbox_head FOR UPDATE) AS head`,
    [
      at,
      strikes.map((strike) => strike.kind),
      strikes.map((strike) => strike.faultId),
      strikes.map((strike) => strike.transferId),
      strikes.map((strike) => JSON.stringify(strike.detail)),
    ],
  );
}
