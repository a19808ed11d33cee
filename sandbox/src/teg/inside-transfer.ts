// Transfers that one transaction settles: intra, and 2pc between two registries of one frame.
import { eventsOf } from './events.js';
import { feeAccounts, placePayment, postPayment, requireReceiver } from './payer.js';
import type { TegCore } from './teg-core.js';
import type { PlacedTransfer, TransferOrder } from './transfer.js';

/** Moves amount and fee at once. Throws refusals; then nothing has moved. */
export async function sendInside(core: TegCore, order: TransferOrder): Promise<PlacedTransfer> {
  const step = order.backend === '2pc' ? 'two_phase_inside' : 'intra';
  const { result } = await core.ledger.transact(async (transaction) => {
    const others = [order.receiver, ...feeAccounts(order)];
    const placement = { status: 'settled' } as const;
    const { placed, lockPayer } = await placePayment(transaction, order, placement, others);
    if (placed.replayed) return placed;
    const locked = await lockPayer();
    requireReceiver(locked, order);
    postPayment(transaction, locked, 'transfer', order, order.receiver);
    transaction.emit(eventsOf(step, core.frame, order));
    return placed;
  });
  if (!result.replayed) {
    core.metrics.feeCollected(order);
    core.metrics.reached(order, 'settled');
  }
  return result;
}
