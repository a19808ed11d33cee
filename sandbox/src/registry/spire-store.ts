// The registry's copy of SPIRE's agent entries, and bringing it in line with enrolment.
import { inTransaction } from '../service/postgres.js';
import type { RegistryDatabase } from './registry-database.js';

export interface SpireEntry {
  readonly agentId: string;
  readonly spiffeId: string;
  readonly createdAt: Date;
}

export interface Reconciliation {
  /** Entries made for enrolled agents that had none. */
  readonly created: readonly string[];
  /** Entries removed that had no enrolled agent. */
  readonly removed: readonly string[];
  /** Agents whose commands the TEG had refused and that are carried once more. */
  readonly retried: readonly string[];
}

export async function listEntries({
  pool,
  registryId,
}: RegistryDatabase): Promise<readonly SpireEntry[]> {
  const { rows } = await pool.query<EntryRow>(
    `SELECT agent_id, spiffe_id, created_at FROM spire_entries
     WHERE registry_id = $1 ORDER BY agent_id`,
    [registryId],
  );
  return rows.map((row) => ({
    agentId: row.agent_id,
    spiffeId: row.spiffe_id,
    createdAt: row.created_at,
  }));
}

/** Puts an entry there whether or not such an agent is enrolled; false when it was there. */
export async function addEntry(
  { pool, registryId }: RegistryDatabase,
  agentId: string,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `INSERT INTO spire_entries (agent_id, registry_id, spiffe_id, created_at)
     VALUES ($1, $2, spiffe_id_of($1), $3)
     ON CONFLICT (agent_id) DO NOTHING`,
    [agentId, registryId, at],
  );
  return rowCount === 1;
}

/** Takes an entry away whether or not its agent is enrolled; false when there was none. */
export async function removeEntry(
  { pool, registryId }: RegistryDatabase,
  agentId: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    'DELETE FROM spire_entries WHERE registry_id = $1 AND agent_id = $2',
    [registryId, agentId],
  );
  return rowCount === 1;
}

/**
 * Makes missing entries and removes orphans. Agents with changes still on their way to the TEG
 * are left to them; changes that the TEG refused are sent once more.
 */
export async function reconcile(
  { pool, registryId }: RegistryDatabase,
  at: Date,
): Promise<Reconciliation> {
  return await inTransaction(pool, async (client) => {
    const run = async (sql: string, values: readonly unknown[]) => {
      const { rows } = await client.query<{ agent_id: string }>(sql, [...values]);
      return [...new Set(rows.map((row) => row.agent_id))].sort();
    };
    const created = await run(CREATE_MISSING_SQL, [registryId, at]);
    const removed = await run(REMOVE_ORPHANS_SQL, [registryId]);
    return { created, removed, retried: await run(RETRY_REFUSED_SQL, [registryId, at]) };
  });
}

const NOTHING_UNDER_WAY = `
  NOT EXISTS (SELECT FROM teg_commands AS command
              WHERE command.registry_id = $1 AND command.agent_id = found.agent_id)`;

const CREATE_MISSING_SQL = `
  INSERT INTO spire_entries (agent_id, registry_id, spiffe_id, created_at)
  SELECT agent_id, registry_id, spiffe_id_of(agent_id), $2 FROM agents AS found
  WHERE registry_id = $1 AND status = 'enrolled' AND ${NOTHING_UNDER_WAY}
  ON CONFLICT (agent_id) DO NOTHING
  RETURNING agent_id`;

const REMOVE_ORPHANS_SQL = `
  DELETE FROM spire_entries AS found
  WHERE registry_id = $1 AND ${NOTHING_UNDER_WAY}
    AND NOT EXISTS (SELECT FROM agents
                    WHERE agents.agent_id = found.agent_id AND status = 'enrolled')
  RETURNING agent_id`;

const RETRY_REFUSED_SQL = `
  UPDATE teg_commands SET refused_at = NULL, next_attempt_at = $2
  WHERE registry_id = $1 AND refused_at IS NOT NULL
  RETURNING agent_id`;

interface EntryRow {
  readonly agent_id: string;
  readonly spiffe_id: string;
  readonly created_at: Date;
}
