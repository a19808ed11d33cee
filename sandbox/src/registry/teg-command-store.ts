// The outbox to the TEG: which commands are due, and what became of one.
import { inTransaction } from '../service/postgres.js';
import type { EnrolmentAction } from './enrolment.js';
import type { RegistryDatabase } from './registry-database.js';

export interface TegCommand {
  readonly commandId: string;
  readonly agentId: string;
  readonly action: EnrolmentAction;
  readonly tokenSha256: string;
  /** How often it has been tried before. */
  readonly attempts: number;
}

/**
 * The first command of each agent, where it is due. A later one of the same agent waits for it,
 * also when it was refused: out of order, a revocation could be undone.
 */
export async function dueCommands(
  { pool, registryId }: RegistryDatabase,
  at: Date,
  limit: number,
): Promise<readonly TegCommand[]> {
  const { rows } = await pool.query<CommandRow>(DUE_SQL, [registryId, at, limit]);
  return rows.map((row) => ({
    commandId: row.command_id,
    agentId: row.agent_id,
    action: row.action,
    tokenSha256: row.token_sha256,
    attempts: row.attempts,
  }));
}

/**
 * The TEG has done it: the command goes, and the SPIRE entry follows. An entry is made only
 * while the agent is enrolled and removed only while it is not, for newer changes may wait.
 */
export async function completeCommand(
  { pool, registryId }: RegistryDatabase,
  command: TegCommand,
  at: Date,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query('DELETE FROM teg_commands WHERE command_id = $1', [command.commandId]);
    if (command.action === 'revoke') await client.query(REMOVE_ENTRY_SQL, [command.agentId]);
    else await client.query(MAKE_ENTRY_SQL, [command.agentId, registryId, at]);
  });
}

/** The TEG is away: tried again at that time. */
export async function postponeCommand(
  { pool }: RegistryDatabase,
  command: TegCommand,
  failure: { readonly error: string; readonly retryAt: Date },
): Promise<void> {
  await pool.query(
    `UPDATE teg_commands SET attempts = attempts + 1, next_attempt_at = $2, last_error = $3
     WHERE command_id = $1`,
    [command.commandId, failure.retryAt, failure.error],
  );
}

/** The TEG said no: kept, with its reason, until a reconciliation tries it again. */
export async function parkCommand(
  { pool }: RegistryDatabase,
  command: TegCommand,
  failure: { readonly error: string; readonly at: Date },
): Promise<void> {
  await pool.query(
    `UPDATE teg_commands SET attempts = attempts + 1, refused_at = $2, last_error = $3
     WHERE command_id = $1`,
    [command.commandId, failure.at, failure.error],
  );
}

const DUE_SQL = `
  SELECT command_id, agent_id, action, token_sha256, attempts
  FROM (
    SELECT DISTINCT ON (agent_id) * FROM teg_commands
    WHERE registry_id = $1 ORDER BY agent_id, command_id
  ) AS first_of_agent
  JOIN agents USING (agent_id)
  WHERE refused_at IS NULL AND next_attempt_at <= $2
  ORDER BY command_id LIMIT $3`;

const REMOVE_ENTRY_SQL = `
  DELETE FROM spire_entries USING agents
  WHERE spire_entries.agent_id = $1 AND agents.agent_id = $1 AND agents.status = 'revoked'`;

const MAKE_ENTRY_SQL = `
  INSERT INTO spire_entries (agent_id, registry_id, spiffe_id, created_at)
  SELECT agent_id, $2, spiffe_id_of(agent_id), $3 FROM agents
  WHERE agent_id = $1 AND status = 'enrolled'
  ON CONFLICT (agent_id) DO NOTHING`;

interface CommandRow {
  readonly command_id: string;
  readonly agent_id: string;
  readonly action: EnrolmentAction;
  readonly token_sha256: string;
  readonly attempts: number;
}
