// The coordinator's log: what it has begun and decided. It is written in the transaction of the
// step it records, so after a crash it says exactly how far a transfer got.
import type pg from 'pg';

export type TwoPhaseState = 'begun' | 'committed' | 'aborted' | 'completed';

export interface LogStep {
  readonly from: TwoPhaseState;
  readonly to: TwoPhaseState;
}

/** Fails when the id is logged already: then someone was promised that it never commits. */
export async function logBegin(client: pg.ClientBase, transferId: string, at: Date): Promise<void> {
  await client.query({ ...BEGIN, values: [transferId, at] });
}

const BEGIN = {
  name: 'log begin',
  text: "INSERT INTO two_phase_log (transfer_id, state, begun_at) VALUES ($1, 'begun', $2)",
};

/** Moves the log from one state to the next; answers whether it was in that state. */
export async function logStep(
  client: pg.ClientBase,
  transferId: string,
  step: LogStep,
  at: Date,
): Promise<boolean> {
  const values = [transferId, step.from, step.to, at];
  const { rowCount } = await client.query({ ...STEP, values });
  return rowCount === 1;
}

const STEP = {
  name: 'log step',
  text: `UPDATE two_phase_log SET state = $3, decided_at = coalesce(decided_at, $4)
    WHERE transfer_id = $1 AND state = $2`,
};

/** The state of an id; one that nobody here has begun becomes `aborted`, for ever. */
export async function logStateOrAbort(
  client: pg.ClientBase,
  transferId: string,
  at: Date,
): Promise<TwoPhaseState> {
  const { rows } = await client.query<{ state: TwoPhaseState }>(
    `INSERT INTO two_phase_log (transfer_id, state, begun_at, decided_at)
     VALUES ($1, 'aborted', $2, $2)
     ON CONFLICT (transfer_id) DO UPDATE SET state = two_phase_log.state RETURNING state`,
    [transferId, at],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`two-phase log of ${transferId} cannot be read`);
  return row.state;
}
