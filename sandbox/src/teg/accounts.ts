// Opening accounts, who may pay from them, and whether an agent is active.
import type pg from 'pg';
import type { AccountClass } from '../names.js';
import { accountWeight } from './account-ids.js';
import { type Account, availableOf } from './ledger.js';

export interface NewAccount {
  readonly account: string;
  /** Null opens an account that no class covers, as only a leak does. */
  readonly class: AccountClass | null;
  readonly registry?: string;
  /** Lower-case hex sha256 of the agent's bearer token. */
  readonly tokenSha256?: string;
}

export interface AgentState {
  readonly agentId: string;
  readonly status: Account['status'];
  readonly available: bigint;
  readonly held: bigint;
}

/** Opens an account; answers false when it was there already, and leaves it as it is. */
export async function openAccount(
  client: pg.ClientBase | pg.Pool,
  account: NewAccount,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO accounts (account, class, registry, token_sha256, weight)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account) DO NOTHING`,
    [
      account.account,
      account.class,
      account.registry ?? null,
      account.tokenSha256 ?? null,
      accountWeight(account.account).toString(),
    ],
  );
  return rowCount === 1;
}

/** Gives an enrolled agent another token. */
export async function setToken(
  client: pg.ClientBase | pg.Pool,
  agentId: string,
  tokenSha256: string,
): Promise<void> {
  // A registry that starts enrols all its agents again: the same token must not wait for payments.
  await client.query(
    'UPDATE accounts SET token_sha256 = $2 WHERE account = $1 AND token_sha256 <> $2',
    [agentId, tokenSha256],
  );
}

/** How a token relates to an agent: its own, another agent's, or nobody's. */
export type TokenOwner = 'own' | 'other' | 'nobody' | 'unknown_agent';

/** Whose token it is, seen from the agent that is to pay. */
export async function tokenOwner(
  pool: pg.Pool,
  agentId: string,
  tokenSha256: string,
): Promise<TokenOwner> {
  const { rows } = await pool.query<{ account: string; token_sha256: string | null }>({
    ...TOKEN_OWNERS,
    values: [agentId, tokenSha256],
  });
  if (rows.every((row) => row.account !== agentId)) return 'unknown_agent';
  const owner = rows.find((row) => row.token_sha256 === tokenSha256);
  if (owner === undefined) return 'nobody';
  return owner.account === agentId ? 'own' : 'other';
}

const TOKEN_OWNERS = {
  name: 'token owners',
  text: `SELECT account, token_sha256 FROM accounts
    WHERE class = 'agent' AND (account = $1 OR token_sha256 = $2)`,
};

/** An agent's balance, or undefined when there is no such agent. */
export async function readAgent(pool: pg.Pool, agentId: string): Promise<AgentState | undefined> {
  return firstAgent(await pool.query<AgentRow>({ ...READ_AGENT, values: [agentId] }));
}

const READ_AGENT = {
  name: 'read agent',
  text: `SELECT account, status, balance, held FROM accounts
    WHERE account = $1 AND class = 'agent'`,
};

/** Revokes or restores an agent; undefined when there is no such agent. */
export async function setAgentStatus(
  pool: pg.Pool,
  agentId: string,
  status: Account['status'],
): Promise<AgentState | undefined> {
  return firstAgent(
    await pool.query<AgentRow>(
      `UPDATE accounts SET status = $2 WHERE account = $1 AND class = 'agent'
       RETURNING account, status, balance, held`,
      [agentId, status],
    ),
  );
}

interface AgentRow {
  readonly account: string;
  readonly status: Account['status'];
  readonly balance: string;
  readonly held: string;
}

function firstAgent(result: { readonly rows: readonly AgentRow[] }): AgentState | undefined {
  const [row] = result.rows;
  if (row === undefined) return undefined;
  const balance = BigInt(row.balance);
  const held = BigInt(row.held);
  const available = availableOf({ balance, held });
  return { agentId: row.account, status: row.status, available, held };
}
