// The sender's side of the async saga: debit, delivery of the credit, settlement or refund.
// Each step is a transaction of its own; the row's status says which steps are durable.

import { inTransitAccount } from './account-ids.js';
import { hasReceiver } from './credit.js';
import { eventsOf } from './events.js';
import { lockAccounts, post } from './ledger.js';
import type { LedgerTransaction } from './ledger-transaction.js';

import { isForgotten } from './never-refund.js';

import { feeAccounts, placePayment, postPayment, unknownAgent } from './payer.js';

import type { Peers } from './peer-calls.js';
import { strikeOn } from './strikes.js';
import { nextAttemptAt, type TegCore } from './teg-core.js';
import {
  faultScopeOf,
  type PlacedTransfer,
  type Transfer,
  type TransferOrder,
} from './transfer.js';
import { lockTransfer, putOff, readTransfer, setStatus } from './transfer-rows.js';

export interface Saga {
  /** The first transaction: sender -> in_transit, fee -> treasury. Throws refusals. */
  debit(order: TransferOrder): Promise<PlacedTransfer>;
  /** Asks the receiver's TEG for the credit, once, and notes its answer. */
  deliver(transferId: string): Promise<void>;
  /** Refunds a transfer that waited too long, once the receiver has refused it for ever. */
  sweep(transferId: string): Promise<void>;
}

export function createSaga(core: TegCore, peers: Peers): Saga {
  return {
    debit: (order) => debit(core, order),
    deliver: async (transferId) => {
      const transfer = await readTransfer(core.pool, transferId);
      if (transfer?.status !== 'in_transit') return;
      const answer = await peers(transfer.receiverFrame).credit(transfer);
      if (answer.outcome === 'unreachable') return postpone(core, transfer, answer.reason);
      // A refusal without a reason is the one that the sweeper has asked for.
      const reason = answer.reason ?? tooLate(core);
      if (answer.outcome === 'refused') return refund(core, transferId, reason);
      await core.crashPoint('saga_after_credit', transfer);
      await settle(core, transferId);
    },
    sweep: async (transferId) => {
      const transfer = await readTransfer(core.pool, transferId);
      if (transfer?.status !== 'in_transit') return;
      if (await isForgotten(core, transfer)) return;
      const answer = await peers(transfer.receiverFrame).refuse(transfer);
      if (answer.outcome === 'unreachable') return postpone(core, transfer, answer.reason);
      if (answer.outcome === 'already_credited') return settle(core, transferId);
      await core.crashPoint('saga_after_refusal', transfer);
      await refund(core, transferId, tooLate(core));
    },
  };
}

function tooLate(core: TegCore): string {
  return `not credited within ${core.topology.refundAfterMs} ms`;
}

async function debit(core: TegCore, order: TransferOrder): Promise<PlacedTransfer> {
  const transit = inTransitAccount(core.frame, order.receiverFrame);
  const isInside = order.receiverFrame === core.frame;
  const isToNobody = isInside && !(await hasReceiver(core, order));
  const { result } = await core.ledger.transact(async (transaction) => {
    const placement = { status: 'in_transit', ...due(core, transaction.at) } as const;
    const others = [transit, ...feeAccounts(order)];
    const { placed, lockPayer } = await placePayment(transaction, order, placement, others);
    if (placed.replayed) return placed;
    if (isToNobody) throw unknownAgent(order.receiver);
    const locked = await lockPayer();
    postPayment(transaction, locked, 'debit', order, transit);
    transaction.emit(eventsOf('async_debit', core.frame, order));
    return placed;
  });
  if (result.replayed) return result;
  core.metrics.feeCollected(order);
  core.metrics.reached(order, 'in_transit');
  await core.crashPoint('saga_after_debit', order);
  return result;
}

function due(core: TegCore, at: Date) {
  return { nextAttemptAt: at, refundAt: new Date(at.getTime() + core.topology.refundAfterMs) };
}

/** The credit is known. The fault refund_and_settle refunds it all the same. */
async function settle(core: TegCore, transferId: string): Promise<void> {
  const { result } = await core.ledger.transact(async (transaction) => {
    const transfer = await lockTransfer(transaction.client, transferId);
    if (transfer?.status !== 'in_transit') return undefined;
    const fault = core.faults.hit('refund_and_settle', faultScopeOf(core.frame, transfer));
    if (fault === undefined) {
      return setStatus(transaction, transfer, 'settled');
    }
    transaction.strike(strikeOn(fault, transferId));
    return postRefund(core, transaction, transfer, 'refunded although credited');
  });
  countStatus(core, result);
}

async function refund(core: TegCore, transferId: string, reason: string): Promise<void> {
  const { result } = await core.ledger.transact(async (transaction) => {
    const transfer = await lockTransfer(transaction.client, transferId);
    if (transfer?.status !== 'in_transit') return undefined;
    return postRefund(core, transaction, transfer, reason);
  });
  countStatus(core, result);
}

async function postRefund(
  core: TegCore,
  transaction: LedgerTransaction,
  transfer: Transfer,
  reason: string,
): Promise<Transfer> {
  const { client, at, send } = transaction;
  const { transferId, sender, amount } = transfer;
  const transit = inTransitAccount(core.frame, transfer.receiverFrame);
  const locked = await lockAccounts(client, [transit, sender]);
  const postings = [
    { account: transit, amount: -amount },
    { account: sender, amount },
  ];
  send(post(client, locked, { kind: 'refund', transferId, postings }, at));
  transaction.emit(eventsOf('async_refund', core.frame, transfer, reason));
  return setStatus(transaction, transfer, 'refunded');
}

async function postpone(core: TegCore, transfer: Transfer, reason: string): Promise<void> {
  const until = nextAttemptAt(core.clock.nowMs(), transfer.attempts);
  core.logger.debug({ transfer_id: transfer.transferId, reason }, 'transfer waits for its peer');
  await putOff(core.pool, transfer.transferId, until);
}

function countStatus(core: TegCore, transfer: Transfer | undefined): void {
  if (transfer?.status === 'settled' || transfer?.status === 'refunded') {
    core.metrics.reached(transfer, transfer.status);
  }
}
