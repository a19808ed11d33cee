// How many proposals and disputes there are in each status and phase, and how many took part.
import { DISPUTE_PHASES, type DisputePhase } from './dispute.js';
import { PROPOSAL_STATUSES, type ProposalStatus } from './proposal.js';
import type { RegistryDatabase } from './registry-database.js';

/** Weights cast and there, over the proposals decided last. */
export interface Turnout {
  readonly cast: number;
  readonly total: number;
}

export interface GovernanceSummary {
  /** Every status, the empty ones too. */
  readonly proposals: readonly { readonly status: ProposalStatus; readonly proposals: number }[];
  readonly turnout: Turnout;
}

/** Turnout is over this many decided proposals at most: it is to move. */
export const TURNOUT_PROPOSALS = 100;

export async function readGovernanceSummary({
  pool,
  registryId,
}: RegistryDatabase): Promise<GovernanceSummary> {
  const counts = await pool.query<{ status: ProposalStatus; count: string }>(
    'SELECT status, count(*) FROM proposals WHERE registry_id = $1 GROUP BY status',
    [registryId],
  );
  const { rows } = await pool.query<{ total: string; cast_weight: string }>(TURNOUT_SQL, [
    registryId,
    TURNOUT_PROPOSALS,
  ]);
  return {
    proposals: PROPOSAL_STATUSES.map((status) => ({
      status,
      proposals: Number(counts.rows.find((row) => row.status === status)?.count ?? 0),
    })),
    turnout: { cast: Number(rows[0]?.cast_weight ?? 0), total: Number(rows[0]?.total ?? 0) },
  };
}

const TURNOUT_SQL = `
  WITH decided AS (
    SELECT proposal_id FROM proposals WHERE registry_id = $1 AND status <> 'open'
    ORDER BY closed_at DESC, proposal_id LIMIT $2
  )
  SELECT coalesce(sum(weight), 0) AS total,
    coalesce(sum(weight) FILTER (WHERE choice IS NOT NULL), 0) AS cast_weight
  FROM decided JOIN electors USING (proposal_id)`;

export interface DisputeCount {
  readonly phase: DisputePhase;
  readonly disputes: number;
}

/** Every phase, the empty ones too. */
export async function countDisputes({
  pool,
  registryId,
}: RegistryDatabase): Promise<readonly DisputeCount[]> {
  const { rows } = await pool.query<{ phase: DisputePhase; count: string }>(
    'SELECT phase, count(*) FROM disputes WHERE registry_id = $1 GROUP BY phase',
    [registryId],
  );
  return DISPUTE_PHASES.map((phase) => ({
    phase,
    disputes: Number(rows.find((row) => row.phase === phase)?.count ?? 0),
  }));
}

/** Four places; null where nobody could have voted. */
export function turnoutRatio({ cast, total }: Turnout): number | null {
  return total === 0 ? null : Math.round((cast / total) * 10_000) / 10_000;
}
