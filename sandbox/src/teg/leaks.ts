// One-shot leaks for auditors to find: balances change and no event says so. The ledger itself
// stays balanced (against issuance), and the oracle knows.

import { formatAmount } from '../money.js';
import type { LeakKind } from '../names.js';
import { issuanceAccount } from './account-ids.js';
import { openAccount } from './accounts.js';
import { lockAccounts, post } from './ledger.js';
import { refusal } from './refusals.js';
import type { TegCore } from './teg-core.js';

export type Leak =
  | { readonly kind: Exclude<LeakKind, 'move'>; readonly account: string; readonly amount: bigint }
  | {
      readonly kind: 'move';
      readonly account: string;
      readonly to: string;
      readonly amount: bigint;
    };

/**
 * Creates, destroys or moves tokens without an event. Tokens that appear in an account that does
 * not exist open it without a class. Throws unknown_account, insufficient_funds.
 */
export async function leak(core: TegCore, wanted: Leak): Promise<void> {
  const { from, to } = partiesOf(core, wanted);
  await core.ledger.transact(async (transaction) => {
    const { client, at } = transaction;
    await openAccount(client, { account: to, class: null });
    const locked = await lockAccounts(client, [from, to]);
    const source = locked.get(from);
    if (source === undefined) throw refusal('unknown_account', `no account "${from}"`);
    const mayOverdraw = source.class === 'in_transit' || source.class === 'issuance';
    if (!mayOverdraw && source.balance - source.held < wanted.amount) {
      throw refusal('insufficient_funds', `"${from}" has less than is to leak`);
    }
    const postings = [
      { account: from, amount: -wanted.amount },
      { account: to, amount: wanted.amount },
    ];
    await post(client, locked, { kind: 'leak', transferId: null, postings }, at);
    const detail = { leak: wanted.kind, from, to, amount: formatAmount(wanted.amount) };
    transaction.strike({ kind: 'leak', faultId: null, transferId: null, detail });
  });
}

function partiesOf(core: TegCore, wanted: Leak): { readonly from: string; readonly to: string } {
  const issuance = issuanceAccount(core.frame);
  switch (wanted.kind) {
    case 'create':
      return { from: issuance, to: wanted.account };
    case 'destroy':
      return { from: wanted.account, to: issuance };
    case 'move':
      return { from: wanted.account, to: wanted.to };
  }
}
