// The receiver's side of a transfer that comes from elsewhere: the credit, its event, and the
// faults that spoil the two. async and 2pc end here alike.
import type { ActiveFault } from '../service/faults.js';
import { inTransitAccount } from './account-ids.js';
import { eventsOf } from './events.js';
import { lockAccounts, post } from './ledger.js';
import type { LedgerTransaction } from './ledger-transaction.js';
import { strikeOn } from './strikes.js';
import type { TegCore } from './teg-core.js';
import { faultScopeOf, type TransferFacts } from './transfer.js';

/** Posts in_transit -> receiver and emits Settled; once each, unless a fault says otherwise. */
export async function creditReceiver(
  core: TegCore,
  transaction: LedgerTransaction,
  transfer: TransferFacts,
): Promise<void> {
  const hit = (kind: 'settled_without_posting' | 'credit_twice') =>
    strikeIfHit(transaction, core.faults.hit(kind, faultScopeOf(core.frame, transfer)), transfer);
  const events = eventsOf('credit', core.frame, transfer);
  if (hit('settled_without_posting')) return transaction.emit(events);
  const times = hit('credit_twice') ? 2 : 1;
  const transit = inTransitAccount(core.frame, transfer.senderFrame);
  const locked = await lockAccounts(transaction.client, [transit, transfer.receiver]);
  const postings = [
    { account: transit, amount: -transfer.amount },
    { account: transfer.receiver, amount: transfer.amount },
  ];
  const entry = { kind: 'credit', transferId: transfer.transferId, postings } as const;
  for (let time = 0; time < times; time += 1) {
    transaction.send(post(transaction.client, locked, entry, transaction.at));
    transaction.emit(events);
  }
}

/** Whether this frame has the receiver; a credit to nobody must be refused, not lost. */
export function hasReceiver(core: TegCore, transfer: TransferFacts): Promise<boolean> {
  return core.agents.isKnown(transfer.receiver);
}

function strikeIfHit(
  transaction: LedgerTransaction,
  fault: ActiveFault | undefined,
  transfer: TransferFacts,
): boolean {
  if (fault === undefined) return false;
  transaction.strike(strikeOn(fault, transfer.transferId));
  return true;
}
