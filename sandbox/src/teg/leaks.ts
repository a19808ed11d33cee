// One-shot leaks for auditors to find: balances change and no event says so. The ledger itself
// stays balanced (against issuance), and the oracle knows.

import { formatAmount } from '../money.js';
import { issuanceAccount } from './account-ids.js';
import { openAccount } from './accounts.js';
import { availableOf, type LockedAccounts, lockAccounts, post } from './ledger.js';
import { refusal } from './refusals.js';
import type { TegCore } from './teg-core.js';

export type Leak =
  | { readonly kind: 'create' | 'destroy'; readonly account: string; readonly amount: bigint }
  | {
      readonly kind: 'move' | 'offset';
      readonly account: string;
      readonly to: string;
      readonly amount: bigint;
    };

/**
 * Creates, destroys or moves tokens without an event; `offset` creates them in one account and
 * destroys as many in another. Tokens that appear in an account that does not exist open it
 * without a class. Throws unknown_account, insufficient_funds.
 */
export async function leak(core: TegCore, wanted: Leak): Promise<void> {
  const moves = movesOf(core, wanted);
  await core.ledger.transact(async (transaction) => {
    const { client, at } = transaction;
    for (const { to } of moves) await openAccount(client, { account: to, class: null });
    const locked = await lockAccounts(
      client,
      moves.flatMap(({ from, to }) => [from, to]),
    );
    for (const { from, to } of moves) {
      requireCovered(locked, from, wanted.amount);
      const postings = [
        { account: from, amount: -wanted.amount },
        { account: to, amount: wanted.amount },
      ];
      await post(client, locked, { kind: 'leak', transferId: null, postings }, at);
    }
    const detail = {
      leak: wanted.kind,
      accounts: 'to' in wanted ? [wanted.account, wanted.to] : [wanted.account],
      amount: formatAmount(wanted.amount),
    };
    transaction.strike({ kind: 'leak', faultId: null, transferId: null, detail });
  });
}

function requireCovered(locked: LockedAccounts, account: string, amount: bigint): void {
  const source = locked.get(account);
  if (source === undefined) throw refusal('unknown_account', `no account "${account}"`);
  const mayOverdraw = source.class === 'in_transit' || source.class === 'issuance';
  if (mayOverdraw || availableOf(source) >= amount) return;
  throw refusal('insufficient_funds', `"${account}" has less than is to leak`);
}

interface LeakMove {
  readonly from: string;
  readonly to: string;
}

function movesOf(core: TegCore, wanted: Leak): readonly LeakMove[] {
  const issuance = issuanceAccount(core.frame);
  switch (wanted.kind) {
    case 'create':
      return [{ from: issuance, to: wanted.account }];
    case 'destroy':
      return [{ from: wanted.account, to: issuance }];
    case 'move':
      return [{ from: wanted.account, to: wanted.to }];
    case 'offset':
      return [
        { from: issuance, to: wanted.account },
        { from: wanted.to, to: issuance },
      ];
  }
}
