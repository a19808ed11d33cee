// Enrolment in the database: agents and their changes, each written with its command to the TEG.
import { inTransaction } from '../service/postgres.js';
import {
  type AgentStatus,
  type EnrolmentAction,
  type EnrolmentCensus,
  type EnrolmentStep,
  stepEnrolment,
  takeCensus,
} from './enrolment.js';
import { refuse } from './refusal.js';
import type { RegistryDatabase } from './registry-database.js';

export interface NewAgent {
  readonly agentId: string;
  readonly tokenSha256: string;
  readonly votingWeight: number;
}

/** How far the agent's changes have been carried to the TEG. */
export type TegState = 'carried' | 'pending' | 'refused';

export interface AgentRecord extends NewAgent {
  readonly status: AgentStatus;
  readonly enrolledAt: Date;
  readonly spireEntry: string | null;
  readonly tegState: TegState;
  /** What the TEG said or that it was away, while not everything is carried. */
  readonly tegError: string | null;
}

export type EnrolmentChange =
  | { readonly action: 'enrol'; readonly agent: NewAgent }
  | { readonly action: Exclude<EnrolmentAction, 'enrol'>; readonly agent: { agentId: string } };

/** Enrols agents that are not known yet, each with its command; the others stay as they are. */
export async function seedAgents(
  { pool, registryId }: RegistryDatabase,
  agents: readonly NewAgent[],
  at: Date,
): Promise<void> {
  await pool.query(SEED_SQL, [
    registryId,
    at,
    agents.map((agent) => agent.agentId),
    agents.map((agent) => agent.tokenSha256),
    agents.map((agent) => agent.votingWeight),
  ]);
}

/** Enrols, revokes or restores an agent along the drawn transitions. */
export async function changeEnrolment(
  { pool, registryId }: RegistryDatabase,
  change: EnrolmentChange,
  at: Date,
): Promise<EnrolmentStep> {
  const { agentId } = change.agent;
  return await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ status: AgentStatus }>(
      'SELECT status FROM agents WHERE agent_id = $1 AND registry_id = $2 FOR UPDATE',
      [agentId, registryId],
    );
    const step = stepEnrolment(rows[0]?.status, change.action);
    if (!step.ok) return refuse(step.code, `agent "${agentId}": ${step.message}`);
    if (change.action === 'enrol') {
      const { tokenSha256, votingWeight } = change.agent;
      const values = [agentId, registryId, step.status, tokenSha256, votingWeight, at];
      const { rowCount } = await client.query(INSERT_SQL, values);
      // Another request was quicker between our look and our insert.
      if (rowCount === 0) return refuse('already_exists', `agent "${agentId}" is there already`);
    } else await client.query(UPDATE_SQL, [agentId, step.status, at]);
    await client.query(COMMAND_SQL, [registryId, agentId, change.action, at]);
    return step;
  });
}

export async function findAgent(
  { pool, registryId }: RegistryDatabase,
  agentId: string,
): Promise<AgentRecord | undefined> {
  const { rows } = await pool.query<AgentRow>(`${AGENT_SQL} AND agents.agent_id = $2`, [
    registryId,
    agentId,
  ]);
  return rows[0] && recordOf(rows[0]);
}

export async function listAgents({
  pool,
  registryId,
}: RegistryDatabase): Promise<readonly AgentRecord[]> {
  const { rows } = await pool.query<AgentRow>(`${AGENT_SQL} ORDER BY agents.agent_id`, [
    registryId,
  ]);
  return rows.map(recordOf);
}

/** Compares this registry's agents with its SPIRE entries, in one snapshot. */
export async function readCensus({ pool, registryId }: RegistryDatabase): Promise<EnrolmentCensus> {
  const { rows } = await pool.query<CensusRow>(CENSUS_SQL, [registryId]);
  const agents = rows.flatMap((row) =>
    row.status === null ? [] : [[row.id, row.status] as const],
  );
  const entries = rows.filter((row) => row.has_entry).map((row) => row.id);
  return takeCensus(new Map(agents), new Set(entries));
}

const SEED_SQL = `
  WITH seeded AS (
    INSERT INTO agents (agent_id, registry_id, status, token_sha256, voting_weight,
                        enrolled_at, changed_at)
    SELECT agent_id, $1, 'enrolled', token_sha256, voting_weight, $2, $2
    FROM unnest($3::text[], $4::text[], $5::integer[])
      AS agent (agent_id, token_sha256, voting_weight)
    ON CONFLICT (agent_id) DO NOTHING
    RETURNING agent_id
  )
  INSERT INTO teg_commands (registry_id, agent_id, action, created_at, next_attempt_at)
  SELECT $1, agent_id, 'enrol', $2, $2 FROM seeded`;

const INSERT_SQL = `
  INSERT INTO agents (agent_id, registry_id, status, token_sha256, voting_weight,
                      enrolled_at, changed_at)
  VALUES ($1, $2, $3, $4, $5, $6, $6)
  ON CONFLICT (agent_id) DO NOTHING`;

const UPDATE_SQL = 'UPDATE agents SET status = $2, changed_at = $3 WHERE agent_id = $1';

const COMMAND_SQL = `
  INSERT INTO teg_commands (registry_id, agent_id, action, created_at, next_attempt_at)
  VALUES ($1, $2, $3, $4, $4)`;

const AGENT_SQL = `
  SELECT agents.agent_id, agents.status, agents.token_sha256, agents.voting_weight,
         agents.enrolled_at, spire_entries.spiffe_id, command.command_id, command.refused_at,
         command.last_error
  FROM agents
  LEFT JOIN spire_entries USING (agent_id)
  LEFT JOIN LATERAL (
    SELECT command_id, refused_at, last_error FROM teg_commands
    WHERE registry_id = $1 AND agent_id = agents.agent_id ORDER BY command_id LIMIT 1
  ) AS command ON true
  WHERE agents.registry_id = $1`;

const CENSUS_SQL = `
  SELECT coalesce(agents.agent_id, entries.agent_id) AS id, agents.status,
         entries.agent_id IS NOT NULL AS has_entry
  FROM (SELECT agent_id, status FROM agents WHERE registry_id = $1) AS agents
  FULL JOIN (SELECT agent_id FROM spire_entries WHERE registry_id = $1) AS entries
    USING (agent_id)`;

interface AgentRow {
  readonly agent_id: string;
  readonly status: AgentStatus;
  readonly token_sha256: string;
  readonly voting_weight: number;
  readonly enrolled_at: Date;
  readonly spiffe_id: string | null;
  readonly command_id: string | null;
  readonly refused_at: Date | null;
  readonly last_error: string | null;
}

interface CensusRow {
  readonly id: string;
  readonly status: AgentStatus | null;
  readonly has_entry: boolean;
}

function recordOf(row: AgentRow): AgentRecord {
  return {
    agentId: row.agent_id,
    status: row.status,
    tokenSha256: row.token_sha256,
    votingWeight: row.voting_weight,
    enrolledAt: row.enrolled_at,
    spireEntry: row.spiffe_id,
    tegState: tegStateOf(row),
    tegError: row.last_error,
  };
}

function tegStateOf(row: AgentRow): TegState {
  if (row.command_id === null) return 'carried';
  return row.refused_at === null ? 'pending' : 'refused';
}
