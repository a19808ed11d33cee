// The sender's side of every posting: may this agent pay, and can it?

import { formatAmount } from '../money.js';
import type { HttpError } from '../service/http-error.js';
import { treasuryAccount } from './account-ids.js';
import type { EntryKind, LockedAccounts, Posting } from './ledger.js';
import { availableOf, lockAccounts, post } from './ledger.js';
import type { LedgerTransaction } from './ledger-transaction.js';
import { refusal } from './refusals.js';
import type { PlacedTransfer, TransferFacts, TransferOrder } from './transfer.js';
import { type Placement, placeTransfer } from './transfer-rows.js';

type Payment = TransferFacts & { readonly fee: bigint };

/** An order that was placed now; `lockPayer` locks the accounts, and refuses who cannot pay. */
interface NewPayment {
  readonly placed: PlacedTransfer;
  readonly lockPayer: () => Promise<LockedAccounts>;
}

/**
 * Places the order and locks the sender and `others` in one round trip: first the transfer, then
 * the accounts. Throws as placeTransfer does; what lockPayer throws comes when it is asked, for a
 * replayed order answers as it did whether the sender can pay now or not.
 */
export async function placePayment(
  transaction: LedgerTransaction,
  order: TransferOrder,
  placement: Placement,
  others: readonly string[],
): Promise<NewPayment> {
  const { client, at } = transaction;
  const placing = placeTransfer(client, order, placement, at);
  const locking = lockPayer(transaction, order, others);
  locking.catch(() => undefined);
  return { placed: await placing, lockPayer: () => locking };
}

/**
 * Locks the sender and `others`, and checks that the sender can pay amount and fee.
 * Throws unknown_agent, agent_revoked or insufficient_funds.
 */
async function lockPayer(
  transaction: LedgerTransaction,
  payment: Payment,
  others: readonly string[],
): Promise<LockedAccounts> {
  const locked = await lockAccounts(transaction.client, [payment.sender, ...others]);
  const sender = locked.get(payment.sender);
  if (sender?.class !== 'agent') throw unknownAgent(payment.sender);
  if (sender.status === 'revoked') {
    throw refusal('agent_revoked', `agent "${payment.sender}" is revoked and cannot pay`);
  }
  const needed = payment.amount + payment.fee;
  if (availableOf(sender) < needed) {
    const has = `${formatAmount(availableOf(sender))} available`;
    const message = `"${payment.sender}" needs ${formatAmount(needed)} and has ${has}`;
    throw refusal('insufficient_funds', message);
  }
  return locked;
}

/** The treasury, where there is a fee to collect: without one its row stays unlocked. */
export function feeAccounts(payment: Payment): readonly string[] {
  return payment.fee === 0n ? [] : [treasuryAccount(payment.senderFrame)];
}

/** Checks that the receiver is an agent of this TEG. Throws unknown_agent. */
export function requireReceiver(locked: LockedAccounts, payment: Payment): void {
  if (locked.get(payment.receiver)?.class !== 'agent') throw unknownAgent(payment.receiver);
}

/** Sends along the move of the amount from the sender to `target`, and the fee to the treasury. */
export function postPayment(
  transaction: LedgerTransaction,
  locked: LockedAccounts,
  kind: EntryKind,
  payment: Payment,
  target: string,
): void {
  const postings: readonly Posting[] = [
    { account: payment.sender, amount: -(payment.amount + payment.fee) },
    { account: target, amount: payment.amount },
    { account: treasuryAccount(payment.senderFrame), amount: payment.fee },
  ];
  const entry = { kind, transferId: payment.transferId, postings };
  transaction.send(post(transaction.client, locked, entry, transaction.at));
}

/** 404: this TEG has no such agent. */
export function unknownAgent(agent: string): HttpError {
  return refusal('unknown_agent', `no agent "${agent}"`);
}
