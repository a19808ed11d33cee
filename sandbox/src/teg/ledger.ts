// The double-entry ledger. Every change of a balance goes through post(), every reservation
// through changeHold(); both ask for rows locked by lockAccounts(), in one fixed order.
import assert from 'node:assert/strict';
import type pg from 'pg';
import type { AccountClass } from '../names.js';

/** Why an entry was posted; the oracle shows it. */
export type EntryKind =
  | 'transfer'
  | 'debit'
  | 'credit'
  | 'refund'
  | 'issue'
  | 'destroy'
  | 'stake'
  | 'unstake'
  | 'escrow'
  | 'release'
  | 'leak';

export interface Posting {
  readonly account: string;
  /** Base units; positive adds to the account's balance. */
  readonly amount: bigint;
}

export interface Entry {
  readonly kind: EntryKind;
  readonly transferId: string | null;
  readonly postings: readonly Posting[];
}

export interface Account {
  readonly account: string;
  readonly class: AccountClass | null;
  readonly status: 'active' | 'revoked';
  readonly balance: bigint;
  readonly held: bigint;
}

/** Accounts whose rows this transaction has locked; the missing ones do not exist. */
export type LockedAccounts = ReadonlyMap<string, Account>;

/** What an account may spend: its balance without what two-phase transfers have reserved. */
export function availableOf(account: Pick<Account, 'balance' | 'held'>): bigint {
  return account.balance - account.held;
}

/** Locks accounts in the order of their ids, so that transactions wait but never deadlock. */
export async function lockAccounts(
  client: pg.ClientBase,
  accounts: readonly string[],
): Promise<LockedAccounts> {
  const { rows } = await client.query<AccountRow>({ ...LOCK_ACCOUNTS, values: [accounts] });
  return new Map(rows.map((row) => [row.account, accountOf(row)]));
}

const LOCK_ACCOUNTS = {
  name: 'lock accounts',
  text: `SELECT account, class, status, balance, held FROM accounts
    WHERE account = ANY($1) ORDER BY account FOR NO KEY UPDATE`,
};

/** Posts a balanced entry: the one place where balances change. */
export async function post(
  client: pg.ClientBase,
  locked: LockedAccounts,
  entry: Entry,
  at: Date,
): Promise<void> {
  const changes = netChanges(entry.postings);
  assert(changes.length > 1, `entry ${entry.kind} of ${entry.transferId} moves nothing`);
  const total = changes.reduce((sum, change) => sum + change.amount, 0n);
  assert(total === 0n, `entry ${entry.kind} of ${entry.transferId} is off by ${total}`);
  for (const { account } of changes) {
    assert(locked.has(account), `account ${account} is posted to but not locked`);
  }
  const values = [
    ...[entry.kind, entry.transferId, at],
    changes.map((change) => change.account),
    changes.map((change) => change.amount.toString()),
  ];
  await client.query({ ...POST, values });
}

/** Reserves (positive) or frees (negative) a part of a balance. Nothing moves. */
export async function changeHold(
  client: pg.ClientBase,
  locked: LockedAccounts,
  account: string,
  amount: bigint,
): Promise<void> {
  assert(locked.has(account), `account ${account} is held on but not locked`);
  await client.query({ ...CHANGE_HOLD, values: [account, amount.toString()] });
}

const CHANGE_HOLD = {
  name: 'change hold',
  text: 'UPDATE accounts SET held = held + $2 WHERE account = $1',
};

const POST = {
  name: 'post entry',
  text: `WITH entry AS (
      INSERT INTO entries (kind, transfer_id, at) VALUES ($1, $2, $3) RETURNING entry_id
    ), change AS (
      SELECT * FROM unnest($4::text[], $5::numeric[]) AS change (account, amount)
    ), moved AS (
      UPDATE accounts SET balance = accounts.balance + change.amount
      FROM change WHERE accounts.account = change.account
    )
    INSERT INTO postings (entry_id, account, amount)
    SELECT entry.entry_id, change.account, change.amount FROM entry, change`,
};

/** One change per account, without those that cancel out. */
function netChanges(postings: readonly Posting[]): readonly Posting[] {
  const sums = new Map<string, bigint>();
  for (const { account, amount } of postings) {
    sums.set(account, (sums.get(account) ?? 0n) + amount);
  }
  return [...sums].map(([account, amount]) => ({ account, amount })).filter((c) => c.amount !== 0n);
}

interface AccountRow {
  readonly account: string;
  readonly class: AccountClass | null;
  readonly status: 'active' | 'revoked';
  readonly balance: string;
  readonly held: string;
}

function accountOf(row: AccountRow): Account {
  return { ...row, balance: BigInt(row.balance), held: BigInt(row.held) };
}
