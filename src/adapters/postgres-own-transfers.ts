// Which transfers are our own: by the stored results, and for tests without one by their
// registration. The event's memo is believed only where we registered the very test it names.
import { testIdOf } from '../domain/memo.js';
import type { OwnTransfer } from '../domain/recent-traffic.js';
import type { OwnCandidate, OwnTransfers, StampStore } from '../ports.js';
import type { Postgres } from './postgres-connection.js';

/** Our clock and a frame's may differ; a result is never decided long before its events. */
const CLOCK_ALLOWANCE_MS = 60_000;
/** Tests without a result are few: those of the open cycles. */
const OPEN_MAX = 1_000;

const READ = {
  name: 'canary-own-transfers',
  text: `select transfer_id, amount_base_units::text as amount from canary_test_results
    where decided_at >= to_timestamp($2::float8 / 1000) and transfer_id = any($1)`,
};

interface OwnRow {
  readonly transfer_id: string;
  readonly amount: string;
}

export function createOwnTransfers(
  postgres: Postgres,
  stamps: Pick<StampStore, 'test'>,
): OwnTransfers {
  return {
    async among(candidates, sinceMs) {
      const ids = candidates.map(({ transferId }) => transferId);
      const rows = await postgres.query<OwnRow>(READ, [ids, sinceMs - CLOCK_ALLOWANCE_MS]);
      const decided = rows.map((row) => ({
        transferId: row.transfer_id,
        amountBaseUnits: BigInt(row.amount),
      }));
      const known = new Set(decided.map(({ transferId }) => transferId));
      const open = candidates
        .filter(({ memo, transferId }) => !known.has(transferId) && testIdOf(memo) !== undefined)
        .slice(0, OPEN_MAX);
      const registered = await Promise.all(open.map((one) => registeredTransfer(stamps, one)));
      return [...decided, ...registered.flat()];
    },
  };
}

async function registeredTransfer(
  stamps: Pick<StampStore, 'test'>,
  { memo, transferId }: OwnCandidate,
): Promise<readonly OwnTransfer[]> {
  const test = await stamps.test(testIdOf(memo) ?? '');
  // A test fires one transfer: a second one under its memo is not ours.
  if (test === undefined || (test.transferId ?? transferId) !== transferId) return [];
  return [{ transferId, amountBaseUnits: BigInt(test.amount) }];
}
