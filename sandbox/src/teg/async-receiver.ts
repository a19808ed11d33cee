// The receiver's side of the async saga: credit a transfer id or refuse it, once and for ever.
import { unavailable } from '../service/http-error.js';
import { creditReceiver, hasReceiver } from './credit.js';
import { claimIncoming, setIncomingState } from './incoming-rows.js';
import type { LedgerTransaction } from './ledger-transaction.js';
import type { PeerAnswer } from './peer-calls.js';
import { strikeOn } from './strikes.js';
import type { TegCore } from './teg-core.js';
import { faultScopeOf, type TransferFacts } from './transfer.js';

/** Credits the transfer id unless it is decided already. Throws 503 where a fault stranded it. */
export async function creditIncoming(
  core: TegCore,
  transfer: TransferFacts,
): Promise<PeerAnswer<'credit'>> {
  const isReceived = await hasReceiver(core, transfer);
  const { result } = await core.ledger.transact(async (transaction) => {
    const { client, at } = transaction;
    const { claimed, incoming } = await claimIncoming(client, transfer, 'credited', at);
    if (!claimed) return incoming;
    return decide(core, transaction, transfer, isReceived);
  });
  if (result.state === 'credited') return { outcome: 'credited' };
  if (result.state === 'refused') {
    return { outcome: 'refused', ...(result.reason !== null && { reason: result.reason }) };
  }
  throw unavailable(`transfer ${transfer.transferId} is ${result.state}`);
}

/** Promises never to credit the transfer id; too late if it is credited already. */
export async function refuseIncoming(
  core: TegCore,
  transfer: TransferFacts,
): Promise<PeerAnswer<'refuse'>> {
  const { result } = await core.ledger.transact(async ({ client, at }) => {
    const { incoming } = await claimIncoming(client, transfer, 'refused', at);
    if (incoming.state === 'stranded') {
      await setIncomingState(client, transfer.transferId, 'refused', at);
    }
    return incoming.state;
  });
  return { outcome: result === 'credited' ? 'already_credited' : 'refused' };
}

interface Decision {
  readonly state: 'credited' | 'refused' | 'stranded';
  readonly reason: string | null;
}

async function decide(
  core: TegCore,
  transaction: LedgerTransaction,
  transfer: TransferFacts,
  isReceived: boolean,
): Promise<Decision> {
  const { client, at } = transaction;
  const settle = async (state: Decision['state'], reason: string | null = null) => {
    await setIncomingState(client, transfer.transferId, state, at, reason);
    return { state, reason };
  };
  if (!isReceived) {
    return settle('refused', `no agent "${transfer.receiver}"`);
  }
  const fault = core.faults.hit('never_credit', faultScopeOf(core.frame, transfer));
  if (fault !== undefined) {
    transaction.strike(strikeOn(fault, transfer.transferId));
    return settle('stranded');
  }
  await creditReceiver(core, transaction, transfer);
  return { state: 'credited', reason: null };
}
