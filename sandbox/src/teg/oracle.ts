// The oracle: the true account of every transfer, for tests and benchmarks only. It reads what
// the ledger wrote anyway (entries, postings, outbox) and the list of faults that struck.
import type pg from 'pg';
import { formatAmount } from '../money.js';
import type { StruckFault } from '../service/oracle-wire.js';
import type { OracleEntry, OracleTransfer, Side } from './oracle-wire.js';
import { firstTransferIdAt } from './transfer-id.js';

/** The true account of one transfer, or undefined when this TEG never heard of it. */
export async function readOracleTransfer(
  pool: pg.Pool,
  transferId: string,
): Promise<OracleTransfer | undefined> {
  const [transfer] = await readOracleTransfers(pool, [transferId]);
  return transfer;
}

/**
 * The ids of transfers, either side, made at `sinceMs` or later, in the order they were made,
 * and after the id `after`.
 */
export async function listOracleTransferIds(
  pool: pg.Pool,
  range: { readonly sinceMs: number; readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const { rows } = await pool.query<{ transfer_id: string }>(
    `SELECT transfer_id FROM transfers WHERE transfer_id >= $1 AND transfer_id > $2
     UNION SELECT transfer_id FROM incoming_transfers WHERE transfer_id >= $1 AND transfer_id > $2
     ORDER BY transfer_id LIMIT $3`,
    [firstTransferIdAt(range.sinceMs), range.after, range.limit],
  );
  return rows.map((row) => row.transfer_id);
}

/** The true account of several transfers, in the order of their ids. */
export async function readOracleTransfers(
  pool: pg.Pool,
  transferIds: readonly string[],
): Promise<readonly OracleTransfer[]> {
  const { rows } = await pool.query<OracleRow>(ORACLE_SQL, [transferIds]);
  return rows.map((row) => ({
    transfer_id: row.transfer_id,
    outgoing: row.outgoing && { ...sideOf(row.outgoing), ...outgoingFields(row.outgoing) },
    incoming: row.incoming && {
      ...sideOf(row.incoming),
      state: row.incoming.state,
      sender_frame: row.incoming.sender_frame,
    },
    entries: row.entries.map(entryOf),
    events: row.events,
    faults: row.faults.map(faultOf),
  }));
}

/** Every fault that struck after `after`, in order. */
export async function readStruckFaults(
  pool: pg.Pool,
  range: { readonly after: number; readonly limit: number },
): Promise<readonly StruckFault[]> {
  const { rows } = await pool.query<FaultRow>(
    'SELECT * FROM oracle_faults WHERE strike_id > $1 ORDER BY strike_id LIMIT $2',
    [range.after, range.limit],
  );
  return rows.map(faultOf);
}

// Amounts as text: a JSON number would lose digits.
const ORACLE_SQL = `
  SELECT id AS transfer_id,
    (SELECT to_jsonb(t) || jsonb_build_object('amount', t.amount::text, 'fee', t.fee::text)
     FROM transfers AS t WHERE t.transfer_id = id) AS outgoing,
    (SELECT to_jsonb(i) || jsonb_build_object('amount', i.amount::text)
     FROM incoming_transfers AS i WHERE i.transfer_id = id) AS incoming,
    coalesce((SELECT jsonb_agg(jsonb_build_object(
        'entry_id', e.entry_id, 'kind', e.kind, 'at', e.at, 'postings',
        (SELECT jsonb_agg(jsonb_build_object('account', p.account, 'amount', p.amount::text)
           ORDER BY p.account) FROM postings AS p WHERE p.entry_id = e.entry_id))
      ORDER BY e.entry_id) FROM entries AS e WHERE e.transfer_id = id), '[]') AS entries,
    coalesce((SELECT jsonb_agg(jsonb_build_object(
        'position', o.position, 'event_type', o.event_type) ORDER BY o.position)
      FROM outbox AS o WHERE o.transfer_id = id), '[]') AS events,
    coalesce((SELECT jsonb_agg(to_jsonb(f) ORDER BY f.strike_id)
      FROM oracle_faults AS f WHERE f.transfer_id = id), '[]') AS faults
  FROM unnest($1::text[]) AS id
  WHERE EXISTS (SELECT FROM transfers AS t WHERE t.transfer_id = id)
    OR EXISTS (SELECT FROM incoming_transfers AS i WHERE i.transfer_id = id)
    OR EXISTS (SELECT FROM oracle_faults AS f WHERE f.transfer_id = id)
  ORDER BY id`;

interface SideRow extends Side {
  readonly status: string;
  readonly fee: string;
  readonly receiver_frame: string;
  readonly idempotency_key: string | null;
  readonly state: string;
  readonly sender_frame: string;
}

interface FaultRow {
  readonly strike_id: number | string;
  readonly at: string | Date;
  readonly kind: string;
  readonly fault_id: string | null;
  readonly transfer_id: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

interface OracleRow {
  readonly transfer_id: string;
  readonly outgoing: SideRow | null;
  readonly incoming: SideRow | null;
  readonly entries: readonly OracleEntry[];
  readonly events: OracleTransfer['events'];
  readonly faults: readonly FaultRow[];
}

function sideOf(row: SideRow): Side {
  return {
    backend: row.backend,
    sender: row.sender,
    receiver: row.receiver,
    amount: formatAmount(BigInt(row.amount)),
    memo: row.memo,
    created_at: iso(row.created_at),
    updated_at: iso(row.updated_at),
  };
}

function outgoingFields(row: SideRow) {
  return {
    status: row.status,
    fee: formatAmount(BigInt(row.fee)),
    receiver_frame: row.receiver_frame,
    idempotency_key: row.idempotency_key,
  };
}

function entryOf(entry: OracleEntry): OracleEntry {
  const postings = entry.postings.map(({ account, amount }) => ({
    account,
    amount: formatAmount(BigInt(amount)),
  }));
  return { ...entry, at: iso(entry.at), postings };
}

function faultOf(row: FaultRow): StruckFault {
  return { ...row, strike_id: Number(row.strike_id), at: iso(row.at) };
}

function iso(time: string | Date): string {
  return new Date(time).toISOString();
}
