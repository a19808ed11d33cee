// What is staked and what it is worth as votes: read from the ledger, never counted beside it.
import type pg from 'pg';
import { type Stake, votingPowerOf } from './stake-rules.js';

export interface AgentStake extends Stake {
  readonly agentId: string;
}

/** Amounts are base units. */
export interface StakingTotals {
  readonly totalValueLocked: bigint;
  /** Agents that have something staked. */
  readonly stakers: number;
  readonly votingPower: bigint;
}

/** The stake of an agent; nothing staked where it has none. */
export async function readStake(pool: pg.Pool, agentId: string): Promise<Stake> {
  const [stake] = await query(pool, 'WHERE agent_id = $1', [agentId]);
  return stake ?? { staked: 0n, unlockAtMs: 0 };
}

/** Every stake of a registry's agents, in the order of their ids. */
export async function readStakesOf(
  pool: pg.Pool,
  registryId: string,
): Promise<readonly AgentStake[]> {
  return query(pool, 'WHERE starts_with(agent_id, $1) AND balance > 0', [`${registryId}:`]);
}

/** What the frame has staked at that moment. */
export async function readStakingTotals(
  pool: pg.Pool,
  atMs: number,
  maxLockMs: number,
): Promise<StakingTotals> {
  const stakes = await query(pool, 'WHERE balance > 0', []);
  return {
    totalValueLocked: stakes.reduce((sum, stake) => sum + stake.staked, 0n),
    stakers: stakes.length,
    votingPower: stakes.reduce((sum, stake) => sum + votingPowerOf(stake, atMs, maxLockMs), 0n),
  };
}

async function query(
  pool: pg.Pool,
  where: string,
  values: readonly unknown[],
): Promise<readonly AgentStake[]> {
  const { rows } = await pool.query<StakeRow>(
    `SELECT agent_id, balance, unlock_at FROM stakes
     JOIN accounts ON account = stake_account ${where} ORDER BY agent_id`,
    [...values],
  );
  return rows.map((row) => ({
    agentId: row.agent_id,
    staked: BigInt(row.balance),
    unlockAtMs: row.unlock_at.getTime(),
  }));
}

interface StakeRow {
  readonly agent_id: string;
  readonly balance: string;
  readonly unlock_at: Date;
}
