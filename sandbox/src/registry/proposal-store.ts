// Proposals in the database: each change locks the proposal, asks the state machine and writes
// what it decided.
import type pg from 'pg';
import { inTransaction } from '../service/postgres.js';
import {
  castVote,
  closeProposal,
  type Elector,
  type Proposal,
  type ProposalStatus,
  type ProposalStep,
  settle,
  type Tally,
  tallyOf,
  type VoteChoice,
  type VotingRules,
  type WeighedBy,
} from './proposal.js';
import type { Page, RegistryDatabase } from './registry-database.js';
import type { VotingWeights } from './voting-power.js';

export interface NewProposal {
  readonly proposalId: string;
  readonly title: string;
  readonly proposer: string;
  readonly rules: VotingRules;
  readonly openedAt: Date;
  readonly closesAt: Date;
  readonly weighedBy: WeighedBy;
}

export interface ProposalRecord extends NewProposal {
  readonly status: ProposalStatus;
  readonly closedAt: Date | null;
  readonly tally: Tally;
  readonly votes: readonly CastVote[];
  readonly electorate: readonly string[];
}

export interface CastVote {
  readonly voter: string;
  readonly choice: VoteChoice;
  readonly weight: number;
}

/**
 * Opens a proposal; its electorate is who is enrolled with a weight at this moment: that of
 * `weights`, or without any the enrolment's.
 */
export async function openProposal(
  { pool, registryId }: RegistryDatabase,
  proposal: Omit<NewProposal, 'weighedBy'>,
  weights: VotingWeights,
): Promise<void> {
  await pool.query(OPEN_SQL, [
    proposal.proposalId,
    registryId,
    proposal.title,
    proposal.proposer,
    proposal.rules.quorumBasisPoints,
    proposal.rules.majorityBasisPoints,
    proposal.openedAt,
    proposal.closesAt,
    (weights.size > 0 ? 've' : 'enrolment') satisfies WeighedBy,
    [...weights.keys()],
    [...weights.values()],
  ]);
}

/** Casts a vote; undefined when there is no such proposal. */
export async function voteOnProposal(
  database: RegistryDatabase,
  proposalId: string,
  vote: { readonly voter: string; readonly choice: VoteChoice; readonly at: Date },
): Promise<ProposalStep | undefined> {
  const ballot = { voter: vote.voter, choice: vote.choice, atMs: vote.at.getTime() };
  return await changeProposal(database, proposalId, vote.at, async (client, proposal) => {
    const step = castVote(proposal, ballot);
    if (!step.ok) return step;
    const values = [proposalId, vote.voter, vote.choice, vote.at];
    await client.query(
      'UPDATE electors SET choice = $3, voted_at = $4 WHERE proposal_id = $1 AND agent_id = $2',
      values,
    );
    return step;
  });
}

/** Closes a decided proposal; undefined when there is no such proposal. */
export async function closeDecidedProposal(
  database: RegistryDatabase,
  proposalId: string,
  at: Date,
): Promise<ProposalStep | undefined> {
  return await changeProposal(database, proposalId, at, async (_client, proposal) =>
    closeProposal(proposal, at.getTime()),
  );
}

/** Closes every open proposal whose end has come. */
export async function closeEndedProposals(database: RegistryDatabase, at: Date): Promise<void> {
  const { rows } = await database.pool.query<{ proposal_id: string }>(
    `SELECT proposal_id FROM proposals
     WHERE registry_id = $1 AND status = 'open' AND closes_at <= $2 LIMIT 1000`,
    [database.registryId, at],
  );
  for (const row of rows) {
    await changeProposal(database, row.proposal_id, at, async (_client, proposal) => ({
      ok: true,
      proposal: settle(proposal, at.getTime()),
    }));
  }
}

/** Newest first, of one status or of all. */
export async function listProposals(
  { pool, registryId }: RegistryDatabase,
  filter: Page & { readonly status: ProposalStatus | '*' },
): Promise<readonly ProposalRecord[]> {
  const { rows } = await pool.query<ProposalRow>(
    `${PROPOSAL_SQL} WHERE registry_id = $1 AND ($2 = '*' OR status = $2)
     ORDER BY opened_at DESC, proposal_id LIMIT $3`,
    [registryId, filter.status, filter.limit],
  );
  return rows.map(recordOf);
}

export async function findProposal(
  { pool, registryId }: RegistryDatabase,
  proposalId: string,
): Promise<ProposalRecord | undefined> {
  const { rows } = await pool.query<ProposalRow>(
    `${PROPOSAL_SQL} WHERE registry_id = $1 AND proposal_id = $2`,
    [registryId, proposalId],
  );
  return rows[0] && recordOf(rows[0]);
}

type Change = (client: pg.ClientBase, proposal: Proposal) => Promise<ProposalStep>;

async function changeProposal(
  { pool, registryId }: RegistryDatabase,
  proposalId: string,
  at: Date,
  change: Change,
): Promise<ProposalStep | undefined> {
  return await inTransaction(pool, async (client) => {
    const locked = await client.query(
      'SELECT FROM proposals WHERE registry_id = $1 AND proposal_id = $2 FOR UPDATE',
      [registryId, proposalId],
    );
    if (locked.rowCount === 0) return undefined;
    const { rows } = await client.query<ProposalRow>(`${PROPOSAL_SQL} WHERE proposal_id = $1`, [
      proposalId,
    ]);
    const [row] = rows;
    if (row === undefined) return undefined;
    const before = machineOf(row);
    const step = await change(client, before);
    // Also a refused vote may have come too late: then the proposal closes all the same.
    const after = step.ok ? step.proposal : settle(before, at.getTime());
    if (after.status !== before.status) {
      const values = [proposalId, after.status, at];
      await client.query(
        'UPDATE proposals SET status = $2, closed_at = $3 WHERE proposal_id = $1',
        values,
      );
    }
    return step;
  });
}

const OPEN_SQL = `
  WITH opened AS (
    INSERT INTO proposals (proposal_id, registry_id, title, proposer, status,
                           quorum_basis_points, majority_basis_points, opened_at, closes_at,
                           weighed_by)
    VALUES ($1, $2, $3, $4, 'open', $5, $6, $7, $8, $9)
    RETURNING proposal_id
  )
  INSERT INTO electors (proposal_id, agent_id, weight)
  SELECT opened.proposal_id, agents.agent_id,
    CASE WHEN $9 = 've' THEN ve.weight ELSE agents.voting_weight END
  FROM opened, agents LEFT JOIN unnest($10::text[], $11::bigint[]) AS ve (agent_id, weight)
    ON ve.agent_id = agents.agent_id
  WHERE agents.registry_id = $2 AND agents.status = 'enrolled'
    AND CASE WHEN $9 = 've' THEN ve.weight ELSE agents.voting_weight END > 0`;

const PROPOSAL_SQL = `
  SELECT proposal_id, title, proposer, status, quorum_basis_points, majority_basis_points,
         opened_at, closes_at, closed_at, weighed_by,
         (SELECT coalesce(json_agg(json_build_object('agent_id', agent_id, 'weight', weight,
                                                     'choice', choice) ORDER BY agent_id), '[]')
          FROM electors WHERE electors.proposal_id = proposals.proposal_id) AS electors
  FROM proposals`;

interface ProposalRow {
  readonly proposal_id: string;
  readonly title: string;
  readonly proposer: string;
  readonly status: ProposalStatus;
  readonly quorum_basis_points: number;
  readonly majority_basis_points: number;
  readonly opened_at: Date;
  readonly closes_at: Date;
  readonly closed_at: Date | null;
  readonly weighed_by: WeighedBy;
  readonly electors: readonly {
    readonly agent_id: string;
    readonly weight: number;
    readonly choice: VoteChoice | null;
  }[];
}

function machineOf(row: ProposalRow): Proposal {
  return {
    status: row.status,
    rules: rulesOf(row),
    closesAtMs: row.closes_at.getTime(),
    electorate: electorateOf(row),
  };
}

function recordOf(row: ProposalRow): ProposalRecord {
  return {
    proposalId: row.proposal_id,
    title: row.title,
    proposer: row.proposer,
    status: row.status,
    rules: rulesOf(row),
    openedAt: row.opened_at,
    closesAt: row.closes_at,
    weighedBy: row.weighed_by,
    closedAt: row.closed_at,
    tally: tallyOf(electorateOf(row)),
    electorate: row.electors.map(({ agent_id: agentId }) => agentId),
    votes: row.electors.flatMap(({ agent_id, weight, choice }) =>
      choice === null ? [] : [{ voter: agent_id, choice, weight }],
    ),
  };
}

function rulesOf(row: ProposalRow): VotingRules {
  return {
    quorumBasisPoints: row.quorum_basis_points,
    majorityBasisPoints: row.majority_basis_points,
  };
}

function electorateOf(row: ProposalRow): ReadonlyMap<string, Elector> {
  return new Map(row.electors.map(({ agent_id, ...elector }) => [agent_id, elector]));
}
