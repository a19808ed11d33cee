// The fault never_refund: an async transfer that was not credited in time is left in transit for
// good, as a sweeper that forgot it would leave it.
import type pg from 'pg';
import type { ActiveFault } from '../service/faults.js';
import { recordStrikes, strikeOn } from './strikes.js';
import type { TegCore } from './teg-core.js';
import { faultScopeOf, type TransferFacts } from './transfer.js';

/** Whether the fault strikes; then the transfer is due for a refund no more. */
export async function isForgotten(core: TegCore, transfer: TransferFacts): Promise<boolean> {
  const fault = core.faults.hit('never_refund', faultScopeOf(core.frame, transfer));
  if (fault === undefined) return false;
  await forget(core, transfer, fault);
  return true;
}

async function forget(core: TegCore, transfer: TransferFacts, fault: ActiveFault): Promise<void> {
  await core.ledger.transact(async ({ client, at }) => {
    await client.query("UPDATE transfers SET refund_at = 'infinity' WHERE transfer_id = $1", [
      transfer.transferId,
    ]);
    await recordStrikes(client, [strikeOn(fault, transfer.transferId)], at);
  });
}

/** Makes every forgotten refund due; answers how many there were. */
export async function releaseRefunds(pool: pg.Pool, at: Date): Promise<number> {
  const { rowCount } = await pool.query(
    `UPDATE transfers SET refund_at = $1
     WHERE status = 'in_transit' AND refund_at = 'infinity'`,
    [at],
  );
  return rowCount ?? 0;
}
