// The table of A2A tokens.
import type pg from 'pg';
import { A2A_STATES, type A2aState } from '../names.js';

/** Amounts are base units. */
export interface A2aToken {
  readonly tokenId: string;
  readonly issuer: string;
  readonly holder: string;
  readonly amount: bigint;
  readonly state: A2aState;
  readonly offeredAt: Date;
  readonly updatedAt: Date;
  readonly expiresAt: Date;
}

type Client = pg.ClientBase | pg.Pool;

/** Writes a new offer; undefined when the id is taken. */
export async function insertToken(
  client: Client,
  token: Omit<A2aToken, 'state' | 'updatedAt'>,
): Promise<A2aToken | undefined> {
  const { tokenId, issuer, holder, amount, offeredAt, expiresAt } = token;
  return first(
    client,
    `INSERT INTO a2a_tokens (token_id, issuer, holder, amount, state, offered_at, updated_at,
       expires_at)
     VALUES ($1, $2, $3, $4, 'offered', $5, $5, $6)
     ON CONFLICT (token_id) DO NOTHING RETURNING *`,
    [tokenId, issuer, holder, amount.toString(), offeredAt, expiresAt],
  );
}

export function readToken(client: Client, tokenId: string): Promise<A2aToken | undefined> {
  return first(client, 'SELECT * FROM a2a_tokens WHERE token_id = $1', [tokenId]);
}

/** The same, locked until the transaction ends. */
export function lockToken(client: Client, tokenId: string): Promise<A2aToken | undefined> {
  const text = 'SELECT * FROM a2a_tokens WHERE token_id = $1 FOR NO KEY UPDATE';
  return first(client, text, [tokenId]);
}

export async function setTokenState(
  client: Client,
  tokenId: string,
  state: A2aState,
  at: Date,
): Promise<void> {
  const text = 'UPDATE a2a_tokens SET state = $2, updated_at = $3 WHERE token_id = $1';
  await client.query(text, [tokenId, state, at]);
}

/** Newest first, of one state or of all, of one party or of anybody. */
export async function listTokens(
  client: Client,
  filter: { readonly state: A2aState | '*'; readonly agent: string | null; readonly limit: number },
): Promise<readonly A2aToken[]> {
  const { rows } = await client.query<TokenRow>(
    `SELECT * FROM a2a_tokens
     WHERE ($1 = '*' OR state = $1) AND ($2::text IS NULL OR $2 IN (issuer, holder))
     ORDER BY offered_at DESC, token_id LIMIT $3`,
    [filter.state, filter.agent, filter.limit],
  );
  return rows.map(tokenOf);
}

/** Ids of live tokens whose end has come. */
export async function endedTokens(client: Client, at: Date, limit: number) {
  const { rows } = await client.query<{ token_id: string }>(
    `SELECT token_id FROM a2a_tokens
     WHERE state IN ('offered', 'accepted') AND expires_at <= $1 ORDER BY expires_at LIMIT $2`,
    [at, limit],
  );
  return rows.map((row) => row.token_id);
}

export interface A2aStateCount {
  readonly state: A2aState;
  readonly tokens: number;
  /** Base units. */
  readonly amount: bigint;
}

/** How many tokens are in each state, the empty ones too. */
export async function countTokens(client: Client): Promise<readonly A2aStateCount[]> {
  const { rows } = await client.query<{ state: A2aState; tokens: string; amount: string }>(
    'SELECT state, count(*) AS tokens, sum(amount) AS amount FROM a2a_tokens GROUP BY state',
  );
  return A2A_STATES.map((state) => {
    const row = rows.find((one) => one.state === state);
    return { state, tokens: Number(row?.tokens ?? 0), amount: BigInt(row?.amount ?? 0) };
  });
}

async function first(
  client: Client,
  text: string,
  values: readonly unknown[],
): Promise<A2aToken | undefined> {
  const { rows } = await client.query<TokenRow>(text, [...values]);
  return rows[0] && tokenOf(rows[0]);
}

interface TokenRow {
  readonly token_id: string;
  readonly issuer: string;
  readonly holder: string;
  readonly amount: string;
  readonly state: A2aState;
  readonly offered_at: Date;
  readonly updated_at: Date;
  readonly expires_at: Date;
}

function tokenOf(row: TokenRow): A2aToken {
  return {
    tokenId: row.token_id,
    issuer: row.issuer,
    holder: row.holder,
    amount: BigInt(row.amount),
    state: row.state,
    offeredAt: row.offered_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
  };
}
