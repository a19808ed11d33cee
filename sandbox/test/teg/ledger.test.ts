// The ledger itself, without a TEG around it: entries are balanced, agents never overdrawn,
// and transactions that touch the same accounts wait for each other instead of deadlocking.
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inTransaction } from '../../src/service/postgres.js';
import { openAccount } from '../../src/teg/accounts.js';
import { changeHold, lockAccounts, type Posting, post } from '../../src/teg/ledger.js';
import { openTegDatabase } from './teg-database.js';

let database: Awaited<ReturnType<typeof openTegDatabase>>;
let pool: pg.Pool;
const AT = new Date('2026-11-23T18:30:00.000Z');
const AGENTS = ['a', 'b', 'c', 'd'];

beforeAll(async () => {
  database = await openTegDatabase();
  pool = database.pool;
  await openAccount(pool, { account: 'issuance', class: 'issuance' });
  for (const account of AGENTS) {
    await openAccount(pool, { account, class: 'agent' });
    await move('issuance', account, 1_000n);
  }
});
afterAll(() => database.remove());

function postAll(postings: readonly Posting[], locks = postings.map(({ account }) => account)) {
  return inTransaction(pool, async (client) => {
    const locked = await lockAccounts(client, locks);
    await post(client, locked, { kind: 'transfer', transferId: null, postings }, AT);
  });
}

function move(from: string, to: string, amount: bigint) {
  return postAll([
    { account: from, amount: -amount },
    { account: to, amount },
  ]);
}

const balances = async () => {
  const { rows } = await pool.query('SELECT account, balance FROM accounts ORDER BY account');
  return Object.fromEntries(rows.map((row) => [row.account, BigInt(row.balance)]));
};

describe('post', () => {
  const refused: readonly (readonly [string, readonly Posting[], string])[] = [
    [
      'an unbalanced entry',
      [
        { account: 'a', amount: 5n },
        { account: 'b', amount: -4n },
      ],
      'off by 1',
    ],
    [
      'an entry that moves nothing',
      [
        { account: 'a', amount: 5n },
        { account: 'a', amount: -5n },
      ],
      'moves nothing',
    ],
    [
      'an account that does not exist',
      [
        { account: 'x', amount: 5n },
        { account: 'a', amount: -5n },
      ],
      'not locked',
    ],
    [
      'more than an agent has',
      [
        { account: 'a', amount: -1_001n },
        { account: 'b', amount: 1_001n },
      ],
      'circulating_account_is_covered',
    ],
  ];
  test.each(refused)('refuses %s', async (_, postings, message) => {
    const before = await balances();
    await expect(postAll(postings)).rejects.toThrow(message);
    expect(await balances()).toEqual(before);
  });

  test('asks for the locks first', async () => {
    const postings = [
      { account: 'a', amount: -1n },
      { account: 'b', amount: 1n },
    ];
    await expect(postAll(postings, ['a'])).rejects.toThrow('account b is posted to but not locked');
  });

  test('adds up several postings to one account', async () => {
    const before = await balances();
    await postAll([
      { account: 'a', amount: -3n },
      { account: 'b', amount: 1n },
      { account: 'b', amount: 2n },
    ]);
    expect((await balances()).b).toBe((before.b ?? 0n) + 3n);
  });
});

describe('PostgreSQL itself', () => {
  test('refuses an unbalanced entry that goes round post()', async () => {
    const insert = `WITH e AS (INSERT INTO entries (kind, at) VALUES ('x', now()) RETURNING *)
      INSERT INTO postings SELECT entry_id, 'a', 1 FROM e`;
    await expect(pool.query(insert)).rejects.toThrow('is not balanced');
  });

  test('refuses to hold more than there is', async () => {
    const hold = inTransaction(pool, async (client) => {
      await changeHold(client, await lockAccounts(client, ['a']), 'a', 10_000n);
    });
    await expect(hold).rejects.toThrow('circulating_account_is_covered');
  });

  test('keeps amounts of 38 digits exact', async () => {
    const huge = 10n ** 37n + 1n;
    await move('issuance', 'd', huge);
    expect((await balances()).d).toBe(1_000n + huge);
    await move('d', 'issuance', huge);
  });
});

test('opposite moves at the same time never deadlock and lose nothing', async () => {
  const pair = fc.uniqueArray(fc.constantFrom(...AGENTS), { minLength: 2, maxLength: 2 });
  const moves = fc.array(fc.tuple(pair, fc.bigInt({ min: 1n, max: 50n })), {
    minLength: 30,
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(moves, async (script) => {
      const before = await balances();
      const expected = { ...before };
      const results = await Promise.all(
        script.map(async ([[from = '', to = ''], amount]) => {
          const isDone = await move(from, to, amount).then(
            () => true,
            (error: Error) => {
              // The only excuse: the agent did not have it at that moment.
              expect(error.message).toContain('circulating_account_is_covered');
              return false;
            },
          );
          return { from, to, amount: isDone ? amount : 0n };
        }),
      );
      for (const { from, to, amount } of results) {
        expected[from] = (expected[from] ?? 0n) - amount;
        expected[to] = (expected[to] ?? 0n) + amount;
      }
      expect(await balances()).toEqual(expected);
    }),
    { numRuns: 5, endOnFailure: true },
  );
});
