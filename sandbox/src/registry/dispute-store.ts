// Disputes in the database, with every transition they have made.
import { inTransaction } from '../service/postgres.js';
import {
  type DisputePhase,
  type DisputeStep,
  type DisputeTransition,
  stepDispute,
} from './dispute.js';
import type { Page, RegistryDatabase } from './registry-database.js';

export interface NewDispute {
  readonly disputeId: string;
  readonly claimant: string;
  readonly respondent: string;
  readonly transferId: string | null;
  readonly reason: string;
  readonly openedAt: Date;
}

export interface DisputeRecord extends NewDispute {
  readonly phase: DisputePhase;
  readonly updatedAt: Date;
  readonly steps: readonly DisputeStepRecord[];
}

export interface DisputeStepRecord {
  readonly transition: DisputeTransition;
  readonly from: DisputePhase;
  readonly to: DisputePhase;
  /** An agent, or `admin`. */
  readonly by: string;
  readonly note: string;
  readonly at: Date;
}

export interface DisputeMove {
  readonly transition: DisputeTransition;
  readonly by: string;
  readonly note: string;
  readonly at: Date;
}

export async function openDispute(
  { pool, registryId }: RegistryDatabase,
  dispute: NewDispute,
): Promise<void> {
  await pool.query(
    `INSERT INTO disputes (dispute_id, registry_id, claimant, respondent, transfer_id, reason,
                           phase, opened_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, 'opened', $7, $7)`,
    [
      dispute.disputeId,
      registryId,
      dispute.claimant,
      dispute.respondent,
      dispute.transferId,
      dispute.reason,
      dispute.openedAt,
    ],
  );
}

/** Makes a drawn transition, or refuses; undefined when there is no such dispute. */
export async function moveDispute(
  { pool, registryId }: RegistryDatabase,
  disputeId: string,
  move: DisputeMove,
): Promise<DisputeStep | undefined> {
  return await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ phase: DisputePhase }>(
      'SELECT phase FROM disputes WHERE registry_id = $1 AND dispute_id = $2 FOR UPDATE',
      [registryId, disputeId],
    );
    const [dispute] = rows;
    if (dispute === undefined) return undefined;
    const step = stepDispute(dispute.phase, move.transition);
    if (!step.ok) return step;
    await client.query('UPDATE disputes SET phase = $2, updated_at = $3 WHERE dispute_id = $1', [
      disputeId,
      step.phase,
      move.at,
    ]);
    await client.query(STEP_SQL, [
      disputeId,
      move.transition,
      dispute.phase,
      step.phase,
      move.by,
      move.note,
      move.at,
    ]);
    return step;
  });
}

/** Newest first, of one phase or of all. */
export async function listDisputes(
  { pool, registryId }: RegistryDatabase,
  filter: Page & { readonly phase: DisputePhase | '*' },
): Promise<readonly DisputeRecord[]> {
  const { rows } = await pool.query<DisputeRow>(
    `${DISPUTE_SQL} WHERE registry_id = $1 AND ($2 = '*' OR phase = $2)
     ORDER BY opened_at DESC, dispute_id LIMIT $3`,
    [registryId, filter.phase, filter.limit],
  );
  return rows.map(recordOf);
}

export async function findDispute(
  { pool, registryId }: RegistryDatabase,
  disputeId: string,
): Promise<DisputeRecord | undefined> {
  const { rows } = await pool.query<DisputeRow>(
    `${DISPUTE_SQL} WHERE registry_id = $1 AND dispute_id = $2`,
    [registryId, disputeId],
  );
  return rows[0] && recordOf(rows[0]);
}

// The dispute's row is locked, so that the next number is free.
const STEP_SQL = `
  INSERT INTO dispute_steps (dispute_id, step, transition, from_phase, to_phase, by, note, at)
  SELECT $1, count(*) + 1, $2, $3, $4, $5, $6, $7 FROM dispute_steps WHERE dispute_id = $1`;

const DISPUTE_SQL = `
  SELECT dispute_id, claimant, respondent, transfer_id, reason, phase, opened_at, updated_at,
         (SELECT coalesce(json_agg(json_build_object(
            'transition', transition, 'from', from_phase, 'to', to_phase, 'by', by,
            'note', note, 'at', at) ORDER BY step), '[]')
          FROM dispute_steps WHERE dispute_steps.dispute_id = disputes.dispute_id) AS steps
  FROM disputes`;

interface DisputeRow {
  readonly dispute_id: string;
  readonly claimant: string;
  readonly respondent: string;
  readonly transfer_id: string | null;
  readonly reason: string;
  readonly phase: DisputePhase;
  readonly opened_at: Date;
  readonly updated_at: Date;
  readonly steps: readonly (Omit<DisputeStepRecord, 'at'> & { readonly at: string })[];
}

function recordOf(row: DisputeRow): DisputeRecord {
  return {
    disputeId: row.dispute_id,
    claimant: row.claimant,
    respondent: row.respondent,
    transferId: row.transfer_id,
    reason: row.reason,
    phase: row.phase,
    openedAt: row.opened_at,
    updatedAt: row.updated_at,
    steps: row.steps.map((step) => ({ ...step, at: new Date(step.at) })),
  };
}
