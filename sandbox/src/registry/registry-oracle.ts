// The oracle's account of a registry: disputes by the last step of their history, proposals by
// counting their votes again. What the rows say of status and phase has no part in it.
import { DISPUTE_PHASES, type DisputePhase } from './dispute.js';
import { outcomeOf, PROPOSAL_STATUSES } from './proposal.js';
import { listProposals, type ProposalRecord } from './proposal-store.js';
import type { RegistryDatabase } from './registry-database.js';
import {
  type DisputeCount,
  type GovernanceSummary,
  TURNOUT_PROPOSALS,
} from './registry-summary.js';

export interface RegistryAccount extends GovernanceSummary {
  readonly disputes: readonly DisputeCount[];
}

/** More proposals than that are not recounted. */
const MAX_PROPOSALS = 100_000;

/** Recounts everything: for tests and campaigns, not for a scrape. */
export async function recountRegistry(
  database: RegistryDatabase,
  atMs: number,
): Promise<RegistryAccount> {
  const proposals = await listProposals(database, { status: '*', limit: MAX_PROPOSALS });
  const isDecided = (proposal: ProposalRecord) => recount(proposal, atMs) !== 'open';
  const decided = proposals.filter(isDecided).sort(lastDecidedFirst).slice(0, TURNOUT_PROPOSALS);
  return {
    proposals: PROPOSAL_STATUSES.map((status) => ({
      status,
      proposals: proposals.filter((one) => recount(one, atMs) === status).length,
    })),
    turnout: {
      cast: decided.flatMap(({ votes }) => votes).reduce((sum, { weight }) => sum + weight, 0),
      total: decided.reduce((sum, { tally }) => sum + tally.total, 0),
    },
    disputes: await recountDisputes(database),
  };
}

function recount({ tally, rules, closesAt }: ProposalRecord, atMs: number) {
  return outcomeOf(tally, rules, atMs >= closesAt.getTime());
}

function lastDecidedFirst(one: ProposalRecord, other: ProposalRecord): number {
  return (other.closedAt?.getTime() ?? 0) - (one.closedAt?.getTime() ?? 0);
}

async function recountDisputes({
  pool,
  registryId,
}: RegistryDatabase): Promise<readonly DisputeCount[]> {
  const { rows } = await pool.query<{ phase: DisputePhase; count: string }>(RECOUNT_SQL, [
    registryId,
  ]);
  return DISPUTE_PHASES.map((phase) => ({
    phase,
    disputes: Number(rows.find((row) => row.phase === phase)?.count ?? 0),
  }));
}

const RECOUNT_SQL = `
  SELECT phase, count(*) FROM (
    SELECT coalesce((SELECT to_phase FROM dispute_steps
      WHERE dispute_steps.dispute_id = disputes.dispute_id ORDER BY step DESC LIMIT 1),
      'opened') AS phase
    FROM disputes WHERE registry_id = $1) AS last GROUP BY phase`;
