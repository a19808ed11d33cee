// The table of transfers: what the sender's TEG remembers of each, and the idempotency key.
import type pg from 'pg';
import type { Backend } from '../names.js';
import type { LedgerTransaction } from './ledger-transaction.js';
import { refusal } from './refusals.js';
import type { PlacedTransfer, Transfer, TransferOrder } from './transfer.js';

/** How a transfer starts its life, and what background work it needs. */
export interface Placement {
  readonly status: Transfer['status'];
  readonly nextAttemptAt?: Date;
  readonly refundAt?: Date;
}

/**
 * Writes the order as a transfer. Under a key that was used before it answers the transfer
 * that stands there: a second, identical request waits until the first has committed.
 * Throws idempotency_conflict and idempotency_in_progress.
 */
export async function placeTransfer(
  client: pg.ClientBase,
  order: TransferOrder,
  placement: Placement,
  at: Date,
): Promise<PlacedTransfer> {
  const values = [
    ...[order.transferId, order.backend, order.sender, order.receiver],
    ...[order.senderFrame, order.receiverFrame, order.amount.toString(), order.fee.toString()],
    ...[order.memo, placement.status, order.idempotencyKey, order.requestHash, at],
    ...[placement.nextAttemptAt ?? null, placement.refundAt ?? null],
  ];
  const transfer = await first(client, PLACE, values);
  if (transfer !== undefined) return { transfer, replayed: false };
  return { transfer: await earlierTransfer(client, order), replayed: true };
}

/** The transfer of that id, decided or not. */
export async function readTransfer(
  client: pg.ClientBase | pg.Pool,
  transferId: string,
): Promise<Transfer | undefined> {
  return first(client, READ, [transferId]);
}

/** The same, locked until the transaction ends: always the first lock that is taken. */
export async function lockTransfer(
  client: pg.ClientBase,
  transferId: string,
): Promise<Transfer | undefined> {
  return first(client, LOCK, [transferId]);
}

/** The transfers under a sender's key: one or none. */
export async function readTransferByKey(
  client: pg.ClientBase | pg.Pool,
  sender: string,
  idempotencyKey: string,
): Promise<Transfer | undefined> {
  return first(client, READ_BY_KEY, [sender, idempotencyKey]);
}

/**
 * Sends a locked transfer's new status along and answers the transfer as it will stand; one that
 * is finished needs no further attempt.
 */
export function setStatus(
  { client, send, at }: LedgerTransaction,
  transfer: Transfer,
  status: Transfer['status'],
  nextAttemptAt: Date | null = null,
): Transfer {
  const values = [transfer.transferId, status, at, nextAttemptAt];
  send(client.query({ ...SET_STATUS, values }));
  return { ...transfer, status, updatedAt: at, attempts: 0 };
}

/** Lets the key try again: the transfer was aborted, and not because the receiver refused. */
export async function releaseKey(client: pg.ClientBase, transferId: string): Promise<void> {
  await client.query('UPDATE transfers SET idempotency_key = NULL WHERE transfer_id = $1', [
    transferId,
  ]);
}

/** Puts off the next background attempt on an unfinished transfer. */
export async function putOff(pool: pg.Pool, transferId: string, until: Date): Promise<void> {
  await pool.query(
    `UPDATE transfers SET attempts = attempts + 1, next_attempt_at = $2
     WHERE transfer_id = $1 AND status IN ('in_transit', 'in_doubt')`,
    [transferId, until],
  );
}

const PLACE = {
  name: 'place transfer',
  text: `INSERT INTO transfers (transfer_id, backend, sender, receiver, sender_frame,
      receiver_frame, amount, fee, memo, status, idempotency_key, request_hash, created_at,
      updated_at, next_attempt_at, refund_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15)
    ON CONFLICT (sender, idempotency_key) DO NOTHING RETURNING *`,
};

const READ = {
  name: 'read transfer',
  text: 'SELECT * FROM transfers WHERE transfer_id = $1',
};

const LOCK = {
  name: 'lock transfer',
  text: 'SELECT * FROM transfers WHERE transfer_id = $1 FOR NO KEY UPDATE',
};

const READ_BY_KEY = {
  name: 'read transfer by key',
  text: 'SELECT * FROM transfers WHERE sender = $1 AND idempotency_key = $2',
};

const SET_STATUS = {
  name: 'set transfer status',
  text: `UPDATE transfers SET status = $2, updated_at = $3, next_attempt_at = $4, attempts = 0
    WHERE transfer_id = $1`,
};

async function earlierTransfer(client: pg.ClientBase, order: TransferOrder): Promise<Transfer> {
  const { sender, idempotencyKey } = order;
  const earlier = await readTransferByKey(client, sender, idempotencyKey);
  if (earlier !== undefined && earlier.requestHash !== order.requestHash) {
    const message = `key "${idempotencyKey}" belongs to another request of ${sender}`;
    throw refusal('idempotency_conflict', message);
  }
  // Undefined: the key was released in between.
  if (earlier !== undefined && earlier.status !== 'preparing') return earlier;
  const message = `the first transfer under key "${idempotencyKey}" is not decided yet`;
  throw refusal('idempotency_in_progress', message);
}

async function first(
  client: pg.ClientBase | pg.Pool,
  statement: { readonly name: string; readonly text: string },
  values: readonly unknown[],
): Promise<Transfer | undefined> {
  const { rows } = await client.query<TransferRow>({ ...statement, values: [...values] });
  const [row] = rows;
  return row && transferOf(row);
}

interface TransferRow {
  readonly transfer_id: string;
  readonly backend: Backend;
  readonly sender: string;
  readonly receiver: string;
  readonly sender_frame: string;
  readonly receiver_frame: string;
  readonly amount: string;
  readonly fee: string;
  readonly memo: string;
  readonly status: Transfer['status'];
  readonly request_hash: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly attempts: number;
}

function transferOf(row: TransferRow): Transfer {
  return {
    transferId: row.transfer_id,
    backend: row.backend,
    sender: row.sender,
    receiver: row.receiver,
    senderFrame: row.sender_frame,
    receiverFrame: row.receiver_frame,
    amount: BigInt(row.amount),
    fee: BigInt(row.fee),
    memo: row.memo,
    status: row.status,
    requestHash: row.request_hash,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    attempts: row.attempts,
  };
}
