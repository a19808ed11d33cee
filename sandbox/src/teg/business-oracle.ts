// The oracle's account of business numbers, from postings and rows alone: neither counters nor
// events have a say in it.
import type pg from 'pg';
import { z } from 'zod';
import { formatAmount } from '../money.js';
import { A2A_STATES, BACKENDS, CANARY_MEMO_PREFIX, TRAFFICS } from '../names.js';
import { countTokens } from './a2a-rows.js';
import { treasuryAccount } from './account-ids.js';
import { TRANSFER_STATUSES } from './transfer.js';

const amount = z.string().describe('AVT, exactly six places');
const traffic = z.enum(TRAFFICS);

export const businessAnswer = z.object({
  frame: z.string(),
  transfers: z
    .array(
      z.object({
        backend: z.enum(BACKENDS),
        status: z.enum(TRANSFER_STATUSES),
        traffic,
        transfers: z.int(),
        amount,
      }),
    )
    .describe('Outgoing transfers that are decided, by backend, result and traffic'),
  fees_collected: z
    .array(z.object({ traffic, amount }))
    .describe('What postings of transfers brought to the treasury'),
  total_value_locked: amount.describe('The sum of the accounts of the class stake'),
  escrowed: amount.describe('The sum of the accounts of the class escrow'),
  a2a: z.array(z.object({ state: z.enum(A2A_STATES), tokens: z.int(), amount })),
});

export type BusinessAnswer = z.output<typeof businessAnswer>;

/** Reads the whole tables: for tests and campaigns, not for a scrape. */
export async function readBusiness(pool: pg.Pool, frame: string): Promise<BusinessAnswer> {
  const transfers = await pool.query<TransferCount>(TRANSFERS_SQL, [`${CANARY_MEMO_PREFIX}%`]);
  const fees = await pool.query<{ is_canary: boolean; amount: string }>(FEES_SQL, [
    `${CANARY_MEMO_PREFIX}%`,
    treasuryAccount(frame),
  ]);
  const classes = await pool.query<{ class: string; balance: string }>(
    'SELECT class, sum(balance) AS balance FROM accounts GROUP BY class',
  );
  const sumOf = (name: string) =>
    text(classes.rows.find((row) => row.class === name)?.balance ?? '0');
  return {
    frame,
    transfers: transfers.rows.map(({ is_canary: isCanary, ...row }) => ({
      ...{ backend: row.backend, status: row.status, traffic: trafficName(isCanary) },
      ...{ transfers: Number(row.transfers), amount: text(row.amount) },
    })),
    fees_collected: TRAFFICS.map((name) => {
      const row = fees.rows.find((one) => trafficName(one.is_canary) === name);
      return { traffic: name, amount: text(row?.amount ?? '0') };
    }),
    total_value_locked: sumOf('stake'),
    escrowed: sumOf('escrow'),
    a2a: (await countTokens(pool)).map((one) => ({ ...one, amount: formatAmount(one.amount) })),
  };
}

const TRANSFERS_SQL = `
  SELECT backend, status, memo LIKE $1 AS is_canary, count(*) AS transfers, sum(amount) AS amount
  FROM transfers WHERE status <> 'preparing' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

const FEES_SQL = `
  SELECT t.memo LIKE $1 AS is_canary, sum(p.amount) AS amount
  FROM postings AS p JOIN entries AS e USING (entry_id) JOIN transfers AS t USING (transfer_id)
  WHERE p.account = $2 GROUP BY 1`;

type TransferCount = Pick<BusinessAnswer['transfers'][number], 'backend' | 'status'> & {
  readonly is_canary: boolean;
  readonly transfers: string;
  readonly amount: string;
};

function trafficName(isCanary: boolean) {
  return isCanary ? 'canary' : 'user';
}

function text(baseUnits: string): string {
  return formatAmount(BigInt(baseUnits));
}
