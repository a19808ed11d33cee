// What a TEG does without being asked: deliver and refund async transfers, carry two-phase
// transfers on from the log, ask about those it prepared and heard no more of, and expire A2A
// tokens.
import type { Backend } from '../names.js';
import { expireTokens } from './a2a-tokens.js';
import type { Coordinator } from './coordinator.js';
import { type Loop, startLoop } from './loop.js';
import { resolveIncoming } from './participant.js';
import type { Peers } from './peer-calls.js';
import type { Saga } from './saga.js';
import type { TegCore } from './teg-core.js';
import type { TransferFacts } from './transfer.js';
import { createWorkSet } from './work-set.js';

export interface Background {
  /** Delivers an async transfer right now instead of at the next poll. */
  deliver(transferId: string): void;
  close(): Promise<void>;
}

/** Transfers worked on at the same time, per kind of work. */
const WORK_LIMIT = 32;
/** Rows taken per poll. */
const BATCH = 100;
/** Retries only: what was just debited is delivered at once. */
const DELIVERY_POLL_MS = 1_000;

/** Makes everything that is unfinished due now; for the start, before the background work. */
export async function recover(core: TegCore): Promise<void> {
  const now = new Date(core.clock.nowMs());
  await core.pool.query(
    "UPDATE transfers SET next_attempt_at = $1 WHERE status IN ('in_transit', 'in_doubt')",
    [now],
  );
}

export function startBackground(deps: {
  readonly core: TegCore;
  readonly peers: Peers;
  readonly saga: Saga;
  readonly coordinator: Coordinator;
}): Background {
  const { core, peers, saga, coordinator } = deps;
  const { logger } = core;
  const workSet = (work: (id: string) => Promise<void>, loop: () => Loop) =>
    createWorkSet({ limit: WORK_LIMIT, logger, work, onRoom: () => loop().kick() });
  const deliveries = workSet(saga.deliver, () => delivery);
  const refunds = workSet(saga.sweep, () => sweeper);
  const completions = workSet(coordinator.resume, () => delivery);
  const sweepIntervalMs = core.topology.sweepIntervalMs;
  const delivery = startLoop({
    name: 'delivery',
    intervalMs: Math.min(DELIVERY_POLL_MS, sweepIntervalMs),
    logger,
    work: async () => {
      for (const id of await dueTransfers(core, DUE_ASYNC)) deliveries.offer(id);
      for (const id of await dueTransfers(core, DUE_TWO_PHASE)) completions.offer(id);
    },
  });
  const sweeper = startLoop({
    name: 'sweeper',
    intervalMs: sweepIntervalMs,
    logger,
    work: async () => {
      for (const id of await dueTransfers(core, DUE_REFUND)) refunds.offer(id);
      await resolvePrepared(core, peers);
      await expireTokens(core, BATCH);
    },
  });
  return {
    deliver: deliveries.offer,
    close: async () => {
      await Promise.all([delivery.close(), sweeper.close()]);
      await Promise.all([deliveries, refunds, completions].map((set) => set.close()));
    },
  };
}

const DUE_ASYNC = {
  name: 'due async',
  text: `SELECT transfer_id FROM transfers
    WHERE status = 'in_transit' AND next_attempt_at <= $1 AND refund_at > $1
    ORDER BY next_attempt_at LIMIT $2`,
};

const DUE_REFUND = {
  name: 'due refund',
  text: `SELECT transfer_id FROM transfers
    WHERE status = 'in_transit' AND refund_at <= $1 ORDER BY refund_at LIMIT $2`,
};

// Whatever is still preparing belongs to a request of this process, which the coordinator
// knows, or to a process that is gone.
const DUE_TWO_PHASE = {
  name: 'due two-phase',
  text: `SELECT transfer_id FROM transfers
    WHERE status = 'preparing' OR (status = 'in_doubt' AND next_attempt_at <= $1)
    ORDER BY next_attempt_at NULLS FIRST LIMIT $2`,
};

async function dueTransfers(
  core: TegCore,
  due: { readonly name: string; readonly text: string },
): Promise<readonly string[]> {
  const values = [new Date(core.clock.nowMs()), BATCH];
  const { rows } = await core.pool.query<{ transfer_id: string }>({ ...due, values });
  return rows.map((row) => row.transfer_id);
}

/** Asks the coordinators about prepared transfers older than a sweep. */
async function resolvePrepared(core: TegCore, peers: Peers): Promise<void> {
  for (const transfer of await preparedTransfers(core)) {
    await resolveIncoming(core, peers, transfer).catch((error: unknown) => {
      const fields = { err: error, transfer_id: transfer.transferId };
      core.logger.warn(fields, 'a prepared transfer cannot be resolved');
    });
  }
}

/** Takes them oldest first and moves them to the end, so that all get their turn. */
async function preparedTransfers(core: TegCore): Promise<readonly TransferFacts[]> {
  const nowMs = core.clock.nowMs();
  const { rows } = await core.pool.query<PreparedRow>(
    `UPDATE incoming_transfers SET updated_at = $1 WHERE transfer_id IN (
       SELECT transfer_id FROM incoming_transfers
       WHERE state = 'prepared' AND stranded_by IS NULL AND updated_at <= $2
       ORDER BY updated_at LIMIT $3)
     RETURNING transfer_id, backend, sender, receiver, sender_frame, amount, memo`,
    [new Date(nowMs), new Date(nowMs - core.topology.sweepIntervalMs), BATCH],
  );
  return rows.map((row) => ({
    transferId: row.transfer_id,
    backend: row.backend,
    sender: row.sender,
    receiver: row.receiver,
    senderFrame: row.sender_frame,
    receiverFrame: core.frame,
    amount: BigInt(row.amount),
    memo: row.memo,
  }));
}

interface PreparedRow {
  readonly transfer_id: string;
  readonly backend: Backend;
  readonly sender: string;
  readonly receiver: string;
  readonly sender_frame: string;
  readonly amount: string;
  readonly memo: string;
}
