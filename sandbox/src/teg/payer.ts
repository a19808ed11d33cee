// The sender's side of every posting: may this agent pay, and can it?

import { formatAmount } from '../money.js';
import type { HttpError } from '../service/http-error.js';
import { treasuryAccount } from './account-ids.js';
import type { EntryKind, LockedAccounts, Posting } from './ledger.js';
import { availableOf, lockAccounts, post } from './ledger.js';
import type { LedgerTransaction } from './ledger-transaction.js';
import { refusal } from './refusals.js';
import type { TransferFacts } from './transfer.js';

type Payment = TransferFacts & { readonly fee: bigint };

/**
 * Locks the sender and `others`, and checks that the sender can pay amount and fee.
 * Throws unknown_agent, agent_revoked or insufficient_funds.
 */
export async function lockPayer(
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

/** Moves the amount from the sender to `target`, and the fee to the treasury. */
export async function postPayment(
  transaction: LedgerTransaction,
  locked: LockedAccounts,
  kind: EntryKind,
  payment: Payment,
  target: string,
): Promise<void> {
  const postings: readonly Posting[] = [
    { account: payment.sender, amount: -(payment.amount + payment.fee) },
    { account: target, amount: payment.amount },
    { account: treasuryAccount(payment.senderFrame), amount: payment.fee },
  ];
  const entry = { kind, transferId: payment.transferId, postings };
  await post(transaction.client, locked, entry, transaction.at);
}

/** 404: this TEG has no such agent. */
export function unknownAgent(agent: string): HttpError {
  return refusal('unknown_agent', `no agent "${agent}"`);
}
