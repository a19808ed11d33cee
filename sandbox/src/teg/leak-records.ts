// The oracle's account of leaks: which accounts are wrong, by how much, since which position. It
// reads strikes beside the transfers and events that they struck.
import type pg from 'pg';
import { formatAmount } from '../money.js';
import { LEAKING_FAULTS, type LeakingFault } from '../names.js';
import type { LeakRecord } from '../service/leak-wire.js';

/** The leaks that struck this TEG after `after`, in order. */
export async function readLeaks(
  pool: pg.Pool,
  frame: string,
  range: { readonly after: number; readonly limit: number },
): Promise<readonly LeakRecord[]> {
  const kinds = [...LEAKING_FAULTS, 'leak'];
  const { rows } = await pool.query<LeakRow>(LEAKS_SQL, [kinds, range.after, range.limit]);
  return rows.map((row) => recordOf(row, frame));
}

// A strike at the relay names the one position that it took away.
const LEAKS_SQL = `
  SELECT f.strike_id, f.at, f.kind, f.transfer_id, f.detail, f.outbox_position,
    coalesce(t.sender, i.sender) AS sender, coalesce(t.receiver, i.receiver) AS receiver,
    coalesce(t.amount, i.amount) AS amount, o.position AS taken_position,
    o.envelope->'data' AS taken,
    (SELECT max(position) FROM outbox WHERE outbox.transfer_id = f.transfer_id) AS last_position
  FROM oracle_faults AS f
    LEFT JOIN transfers AS t ON t.transfer_id = f.transfer_id
    LEFT JOIN incoming_transfers AS i ON i.transfer_id = f.transfer_id
    LEFT JOIN outbox AS o ON o.position = (f.detail->>'position')::bigint
  WHERE f.kind = ANY($1) AND f.strike_id > $2 ORDER BY f.strike_id LIMIT $3`;

type EventData = Readonly<Record<string, string | number>>;

interface LeakRow {
  readonly strike_id: string;
  readonly at: Date;
  readonly kind: LeakingFault | 'leak';
  readonly transfer_id: string | null;
  readonly outbox_position: string | null;
  readonly last_position: string | null;
  readonly taken_position: string | null;
  readonly sender: string | null;
  readonly receiver: string | null;
  readonly amount: string | null;
  /** The data of the event that the relay took away. */
  readonly taken: EventData | null;
  readonly detail: {
    readonly leak?: LeakRecord['kind'];
    readonly accounts?: readonly string[];
    readonly amount?: string;
    readonly truth?: EventData;
    readonly told?: EventData | null;
  };
}

interface Harm {
  readonly accounts: readonly unknown[];
  readonly amount: unknown;
}

type HarmOf = (row: LeakRow) => Harm;

const transferAmount = ({ amount }: LeakRow) =>
  amount === null ? null : formatAmount(BigInt(amount));
const atReceiver: HarmOf = (row) => ({ accounts: [row.receiver], amount: transferAmount(row) });
const atSender: HarmOf = (row) => ({ accounts: [row.sender], amount: transferAmount(row) });

/** The faults of events are off by one base unit (event-faults.ts). */
const offByOne: HarmOf = ({ detail: { truth } }) => ({
  accounts: accountsOf(truth),
  amount: formatAmount(1n),
});

const HARMS: Readonly<Record<LeakRow['kind'], HarmOf>> = {
  leak: ({ detail: { accounts = [], amount } }) => ({ accounts, amount }),
  settled_without_posting: atReceiver,
  credit_twice: atReceiver,
  never_credit: atReceiver,
  refund_and_settle: atSender,
  never_refund: atSender,
  omit_event: ({ detail: { truth } }) => ({ accounts: accountsOf(truth), amount: truth?.amount }),
  wrong_amount: offByOne,
  wrong_fee: offByOne,
  wrong_receiver: ({ detail: { truth, told } }) => ({
    accounts: [truth?.receiver, told?.receiver],
    amount: truth?.amount,
  }),
  drop_event: ({ taken }) => ({ accounts: accountsOf(taken), amount: taken?.amount }),
  lose_event: () => ({ accounts: [], amount: null }),
};

const ACCOUNT_FIELDS = [
  ...['sender', 'receiver', 'payer', 'treasury'],
  ...['account', 'stake_account', 'escrow_account'],
] as const;

function accountsOf(data: EventData | null | undefined): readonly unknown[] {
  return ACCOUNT_FIELDS.map((field) => data?.[field]);
}

function recordOf(row: LeakRow, frame: string): LeakRecord {
  const { accounts, amount } = HARMS[row.kind](row);
  const struckAt = numberOf(row.taken_position) ?? numberOf(row.outbox_position);
  return {
    leak_id: Number(row.strike_id),
    kind: row.kind === 'leak' ? (row.detail.leak ?? 'move') : row.kind,
    frame,
    at: row.at.toISOString(),
    accounts: accounts.filter((account) => typeof account === 'string'),
    amount: typeof amount === 'string' ? amount : null,
    transfer_id: row.transfer_id,
    first_position: struckAt,
    last_position: lastOf(row, struckAt),
  };
}

/** What was taken away is its own last event; without a later event the strike's position is. */
function lastOf(row: LeakRow, struckAt: number | null): number | null {
  if (row.taken_position !== null || struckAt === null) return struckAt;
  return Math.max(struckAt, numberOf(row.last_position) ?? struckAt);
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}
