// The table of incoming transfers: the receiver's durable decision on each transfer id.
import assert from 'node:assert/strict';
import type pg from 'pg';
import { refusal } from './refusals.js';
import type { TransferFacts } from './transfer.js';

/**
 * async: `stranded` (a fault keeps it from being credited), `credited`, `refused`.
 * 2pc: `prepared`, `committed`, `aborted`.
 */
export type IncomingState =
  | 'stranded'
  | 'credited'
  | 'refused'
  | 'prepared'
  | 'committed'
  | 'aborted';

export interface Incoming {
  readonly state: IncomingState;
  readonly reason: string | null;
  /** The fault that keeps a prepared transfer from being committed. */
  readonly strandedBy: string | null;
}

/**
 * Takes note of a transfer id in the given state, or answers what stands there already, locked.
 * Two requests for one id wait for each other here, so only one of them can be the first.
 */
export async function claimIncoming(
  client: pg.ClientBase,
  transfer: TransferFacts,
  state: IncomingState,
  at: Date,
): Promise<{ readonly claimed: boolean; readonly incoming: Incoming }> {
  const values = [
    ...[transfer.transferId, transfer.backend, transfer.sender, transfer.receiver],
    ...[transfer.senderFrame, transfer.amount.toString(), transfer.memo, state, at],
  ];
  const { rowCount } = await client.query({ ...CLAIM, values });
  if (rowCount === 1) return { claimed: true, incoming: { state, reason: null, strandedBy: null } };
  const incoming = await lockIncoming(client, transfer);
  assert(incoming, `incoming transfer ${transfer.transferId} vanished`);
  return { claimed: false, incoming };
}

/** What stands under a transfer's id, locked. Throws when it is another transfer. */
export async function lockIncoming(
  client: pg.ClientBase,
  transfer: TransferFacts,
): Promise<Incoming | undefined> {
  const { rows } = await client.query<IncomingRow>({ ...LOCK, values: [transfer.transferId] });
  const [row] = rows;
  if (row === undefined) return undefined;
  const isSame =
    row.sender === transfer.sender &&
    row.receiver === transfer.receiver &&
    BigInt(row.amount) === transfer.amount;
  if (isSame) return { state: row.state, reason: row.reason, strandedBy: row.stranded_by };
  const message = `transfer ${transfer.transferId} is known with another content`;
  throw refusal('idempotency_conflict', message);
}

export async function setIncomingState(
  client: pg.ClientBase,
  transferId: string,
  state: IncomingState,
  at: Date,
  reason: string | null = null,
): Promise<void> {
  const { rowCount } = await client.query({
    ...SET_STATE,
    values: [transferId, state, at, reason],
  });
  assert(rowCount === 1, `incoming transfer ${transferId} does not exist`);
}

/** Notes that a fault keeps this prepared transfer from ever being committed. */
export async function strandIncoming(
  client: pg.ClientBase,
  transferId: string,
  faultId: string,
): Promise<void> {
  await client.query('UPDATE incoming_transfers SET stranded_by = $2 WHERE transfer_id = $1', [
    transferId,
    faultId,
  ]);
}

/** Lets go of every 2pc that a fault has stranded; answers how many there were. */
export async function releaseStranded(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query(
    `UPDATE incoming_transfers SET stranded_by = NULL
     WHERE state = 'prepared' AND stranded_by IS NOT NULL`,
  );
  return rowCount ?? 0;
}

const CLAIM = {
  name: 'claim incoming transfer',
  text: `INSERT INTO incoming_transfers
      (transfer_id, backend, sender, receiver, sender_frame, amount, memo, state,
       created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
    ON CONFLICT (transfer_id) DO NOTHING`,
};

const LOCK = {
  name: 'lock incoming transfer',
  text: `SELECT sender, receiver, amount, state, reason, stranded_by FROM incoming_transfers
    WHERE transfer_id = $1 FOR NO KEY UPDATE`,
};

const SET_STATE = {
  name: 'set incoming state',
  text: `UPDATE incoming_transfers SET state = $2, updated_at = $3, reason = $4
    WHERE transfer_id = $1`,
};

interface IncomingRow {
  readonly sender: string;
  readonly receiver: string;
  readonly amount: string;
  readonly state: IncomingState;
  readonly reason: string | null;
  readonly stranded_by: string | null;
}
