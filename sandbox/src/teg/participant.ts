// The participant of 2pc across frames, at the receiver's TEG: prepare is a durable promise
// without a posting; the coordinator's commit turns it into the credit.
import assert from 'node:assert/strict';
import { unavailable } from '../service/http-error.js';
import { creditReceiver, hasReceiver } from './credit.js';
import { claimIncoming, lockIncoming, setIncomingState, strandIncoming } from './incoming-rows.js';
import type { LedgerTransaction } from './ledger-transaction.js';
import type { PeerAnswer, Peers } from './peer-calls.js';
import { refusal } from './refusals.js';
import { strikeOn } from './strikes.js';
import type { TegCore } from './teg-core.js';
import { faultScopeOf, type TransferFacts } from './transfer.js';

/** Promises to do what the coordinator decides, or refuses for ever. */
export async function prepareIncoming(
  core: TegCore,
  transfer: TransferFacts,
): Promise<PeerAnswer<'prepare'>> {
  const isReceived = await hasReceiver(core, transfer);
  const { result } = await core.ledger.transact(async ({ client, at }) => {
    const { claimed, incoming } = await claimIncoming(client, transfer, 'prepared', at);
    if (!claimed || isReceived) return incoming;
    const reason = `no agent "${transfer.receiver}"`;
    await setIncomingState(client, transfer.transferId, 'aborted', at, reason);
    return { state: 'aborted', reason } as const;
  });
  await core.crashPoint('participant_after_prepare', transfer);
  return result.state === 'prepared' || result.state === 'committed'
    ? { outcome: 'prepared' }
    : { outcome: 'refused', reason: result.reason ?? 'aborted before' };
}

/** Posts the credit of a prepared transfer, once. Throws 503 where a fault stranded it. */
export async function commitIncoming(
  core: TegCore,
  transfer: TransferFacts,
): Promise<PeerAnswer<'commit'>> {
  const { result } = await core.ledger.transact((transaction) =>
    commitPrepared(core, transaction, transfer),
  );
  if (result === 'stranded') throw unavailable(`transfer ${transfer.transferId} is stranded`);
  await core.crashPoint('participant_after_commit', transfer);
  return { outcome: 'committed' };
}

/** Forgets the promise; an id that was never prepared can no longer be. */
export async function abortIncoming(
  core: TegCore,
  transfer: TransferFacts,
): Promise<PeerAnswer<'abort'>> {
  await core.ledger.transact(async ({ client, at }) => {
    const { incoming } = await claimIncoming(client, transfer, 'aborted', at);
    assert(incoming.state !== 'committed', `${transfer.transferId} is committed already`);
    if (incoming.state === 'prepared') {
      await setIncomingState(client, transfer.transferId, 'aborted', at);
    }
  });
  return { outcome: 'aborted' };
}

/** Asks the coordinator about a prepared transfer and does as it says. */
export async function resolveIncoming(
  core: TegCore,
  peers: Peers,
  transfer: TransferFacts,
): Promise<void> {
  const answer = await peers(transfer.senderFrame).outcome(transfer);
  if (answer.outcome === 'committed') await commitIncoming(core, transfer);
  if (answer.outcome === 'aborted') await abortIncoming(core, transfer);
}

async function commitPrepared(
  core: TegCore,
  transaction: LedgerTransaction,
  transfer: TransferFacts,
): Promise<'committed' | 'stranded'> {
  const { client, at } = transaction;
  const { transferId } = transfer;
  const incoming = await lockIncoming(client, transfer);
  if (incoming?.state === 'committed') return 'committed';
  if (incoming?.state !== 'prepared') {
    const state = incoming?.state ?? 'unknown';
    throw refusal('idempotency_conflict', `transfer ${transferId} is ${state}, not prepared`);
  }
  if (incoming.strandedBy !== null) return 'stranded';
  const fault = core.faults.hit('never_credit', faultScopeOf(core.frame, transfer));
  if (fault !== undefined) {
    transaction.strike(strikeOn(fault, transferId));
    await strandIncoming(client, transferId, fault.id);
    return 'stranded';
  }
  await creditReceiver(core, transaction, transfer);
  transaction.send(setIncomingState(client, transferId, 'committed', at));
  return 'committed';
}
