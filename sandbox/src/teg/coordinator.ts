// The coordinator of 2pc across frames, at the sender's TEG. Presumed abort: only a commit that
// is durable here counts, and it is durable before the participant hears of it.
import { unavailable } from '../service/http-error.js';
import { inTransitAccount } from './account-ids.js';
import { eventsOf } from './events.js';
import { changeHold, lockAccounts } from './ledger.js';
import type { LedgerTransaction } from './ledger-transaction.js';
import { feeAccounts, placePayment, postPayment } from './payer.js';
import type { PeerAnswer, Peers } from './peer-calls.js';
import { PEER_TIMEOUT_MS } from './peers.js';
import { refusal } from './refusals.js';
import { nextAttemptAt, type TegCore } from './teg-core.js';
import type { PlacedTransfer, Transfer, TransferFacts, TransferOrder } from './transfer.js';
import { lockTransfer, putOff, readTransfer, releaseKey, setStatus } from './transfer-rows.js';
import { type LogStep, logBegin, logStateOrAbort, logStep } from './two-phase-log.js';

export interface Coordinator {
  /** Runs the whole protocol; answers `settled` or `in_doubt`. Throws refusals. */
  send(order: TransferOrder): Promise<PlacedTransfer>;
  /** Carries on from the log: aborts what was only begun, completes what was committed. */
  resume(transferId: string): Promise<void>;
  /** What a participant in doubt is told. */
  outcomeOf(transfer: TransferFacts): Promise<PeerAnswer<'outcome'>>;
}

export function createCoordinator(core: TegCore, peers: Peers): Coordinator {
  /** Transfers that a request of this process is driving; bounded by the requests in flight. */
  const driven = new Set<string>();
  return {
    send: async (order) => {
      driven.add(order.transferId);
      try {
        await core.crashPoint('2pc_before_begin', order);
        const placed = await begin(core, order);
        if (placed.replayed) return placed;
        return { transfer: await drive(core, peers, placed.transfer), replayed: false };
      } finally {
        driven.delete(order.transferId);
      }
    },
    resume: async (transferId) => {
      if (driven.has(transferId)) return;
      const transfer = await readTransfer(core.pool, transferId);
      if (transfer?.status === 'preparing') await abortAndTell(core, peers, transfer, 'free');
      if (transfer?.status === 'in_doubt') await complete(core, peers, transfer);
    },
    outcomeOf: async (transfer) => {
      if (driven.has(transfer.transferId)) return { outcome: 'undecided' };
      await abort(core, transfer.transferId, 'free');
      const { result: state } = await core.ledger.transact(({ client, at }) =>
        logStateOrAbort(client, transfer.transferId, at),
      );
      return { outcome: OUTCOME_OF_STATE[state] };
    },
  };
}

const OUTCOME_OF_STATE = {
  begun: 'undecided',
  committed: 'committed',
  completed: 'committed',
  aborted: 'aborted',
} as const;

async function drive(core: TegCore, peers: Peers, transfer: Transfer): Promise<Transfer> {
  await core.crashPoint('2pc_after_begin', transfer);
  const vote = await peers(transfer.receiverFrame).prepare(transfer);
  await core.crashPoint('2pc_after_prepare', transfer);
  if (vote.outcome !== 'prepared') {
    await abortAndTell(core, peers, transfer, vote.outcome === 'refused' ? 'keep' : 'free');
    const reason = `frame ${transfer.receiverFrame} did not prepare: ${vote.reason ?? 'no reason'}`;
    throw vote.outcome === 'refused' ? refusal('peer_refused', reason) : unavailable(reason);
  }
  const committed = await commit(core, transfer.transferId);
  if (committed === undefined) throw unavailable(`${transfer.transferId} was aborted meanwhile`);
  await core.crashPoint('2pc_after_commit', transfer);
  return complete(core, peers, committed);
}

/** Durable before the first message: the log says begun, and the sender's money is held. */
async function begin(core: TegCore, order: TransferOrder): Promise<PlacedTransfer> {
  const { result } = await core.ledger.transact(async (transaction) => {
    const { client, at, send } = transaction;
    const placement = { status: 'preparing' } as const;
    const { placed, lockPayer } = await placePayment(transaction, order, placement, []);
    if (placed.replayed) return placed;
    const locked = await lockPayer();
    send(logBegin(client, order.transferId, at));
    send(changeHold(client, locked, order.sender, order.amount + order.fee));
    return placed;
  });
  return result;
}

/** The decision. Undefined when the transfer was aborted before. */
async function commit(core: TegCore, transferId: string): Promise<Transfer | undefined> {
  const { result } = await core.ledger.transact(async (transaction) => {
    const { client, at, send } = transaction;
    const transfer = await lockAndLog(transaction, transferId, { from: 'begun', to: 'committed' });
    if (transfer === undefined) return undefined;
    const transit = inTransitAccount(core.frame, transfer.receiverFrame);
    const accounts = [transfer.sender, transit, ...feeAccounts(transfer)];
    const locked = await lockAccounts(client, accounts);
    send(changeHold(client, locked, transfer.sender, -(transfer.amount + transfer.fee)));
    postPayment(transaction, locked, 'debit', transfer, transit);
    transaction.emit(eventsOf('two_phase_commit', core.frame, transfer));
    const nextAttempt = new Date(at.getTime() + 2 * PEER_TIMEOUT_MS);
    return setStatus(transaction, transfer, 'in_doubt', nextAttempt);
  });
  if (result === undefined) return undefined;
  core.metrics.feeCollected(result);
  core.metrics.reached(result, 'in_doubt');
  return result;
}

/** Tells the participant to commit; once it has, writes Completed. In doubt until then. */
async function complete(core: TegCore, peers: Peers, transfer: Transfer): Promise<Transfer> {
  const { transferId } = transfer;
  const answer = await peers(transfer.receiverFrame).commit(transfer);
  if (answer.outcome === 'unreachable') {
    core.logger.debug({ transfer_id: transferId, reason: answer.reason }, 'transfer is in doubt');
    await putOff(core.pool, transferId, nextAttemptAt(core.clock.nowMs(), transfer.attempts));
    return transfer;
  }
  await core.crashPoint('2pc_after_peer_commit', transfer);
  const completed = await noteCompletion(core, transferId);
  await core.crashPoint('2pc_after_completion', transfer);
  return completed ?? transfer;
}

async function noteCompletion(core: TegCore, transferId: string): Promise<Transfer | undefined> {
  const { result } = await core.ledger.transact(async (transaction) => {
    const step = { from: 'committed', to: 'completed' } as const;
    const transfer = await lockAndLog(transaction, transferId, step);
    if (transfer === undefined) return undefined;
    transaction.emit(eventsOf('two_phase_completion', core.frame, transfer));
    return setStatus(transaction, transfer, 'settled');
  });
  if (result === undefined) return readTransfer(core.pool, transferId);
  core.metrics.reached(result, 'settled');
  return result;
}

/** Locks the transfer and moves its log in one round trip; undefined when it was elsewhere. */
async function lockAndLog(
  { client, at }: LedgerTransaction,
  transferId: string,
  step: LogStep,
): Promise<Transfer | undefined> {
  const [transfer, moved] = await Promise.all([
    lockTransfer(client, transferId),
    logStep(client, transferId, step, at),
  ]);
  return moved ? transfer : undefined;
}

/** `keep`: the key goes on answering "aborted"; `free`: the key may try again. */
type KeyFate = 'keep' | 'free';

async function abortAndTell(
  core: TegCore,
  peers: Peers,
  transfer: Transfer,
  key: KeyFate,
): Promise<void> {
  if (!(await abort(core, transfer.transferId, key))) return;
  await core.crashPoint('2pc_after_abort', transfer);
  // Best effort: a participant that does not hear of it asks for the outcome.
  await peers(transfer.receiverFrame).abort(transfer);
}

/** Aborts what is begun and not committed, and frees the hold. Answers whether it did. */
async function abort(core: TegCore, transferId: string, key: KeyFate): Promise<boolean> {
  const { result } = await core.ledger.transact(async (transaction) => {
    const { client, send } = transaction;
    const transfer = await lockAndLog(transaction, transferId, { from: 'begun', to: 'aborted' });
    if (transfer === undefined) return undefined;
    const locked = await lockAccounts(client, [transfer.sender]);
    send(changeHold(client, locked, transfer.sender, -(transfer.amount + transfer.fee)));
    setStatus(transaction, transfer, 'aborted');
    if (key === 'free') send(releaseKey(client, transferId));
    return transfer;
  });
  if (result !== undefined) core.metrics.reached(result, 'aborted');
  return result !== undefined;
}
