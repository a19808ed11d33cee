// Staking: tokens move between an agent and its stake account, both circulating, and the event
// of each posting is written with it.
import type pg from 'pg';
import { formatAmount } from '../money.js';
import { timeText } from '../service/clock.js';
import { stakeAccount } from './account-ids.js';
import { openAccount } from './accounts.js';
import { frameEvent } from './events.js';
import { type Account, availableOf, type LockedAccounts, lockAccounts, post } from './ledger.js';
import type { Committed, LedgerTransaction } from './ledger-transaction.js';
import { unknownAgent } from './payer.js';
import { refusal } from './refusals.js';
import { isLocked, lockedUntil, type Stake } from './stake-rules.js';
import { strikeOn } from './strikes.js';
import type { TegCore } from './teg-core.js';

export interface StakeOrder {
  readonly account: string;
  /** Base units, positive. */
  readonly amount: bigint;
  readonly lockMs: number;
}

/** Stakes tokens of an agent. Throws unknown_agent, agent_revoked, insufficient_funds. */
export function stake(core: TegCore, order: StakeOrder): Promise<Committed<Stake>> {
  return core.ledger.transact(async (transaction) => {
    const parties = await lockParties(core, transaction, order.account, 'open');
    requireCovered(parties.agent, order.amount);
    const before = await readLock(transaction.client, parties);
    const unlockAtMs = lockedUntil(before, transaction.at.getTime(), order.lockMs);
    await writeLock(transaction.client, parties, unlockAtMs);
    return move(core, transaction, { parties, amount: order.amount, unlockAtMs });
  });
}

/**
 * Gives staked tokens back. Throws unknown_agent, agent_revoked, insufficient_funds (more than is
 * staked) and stake_locked; the fault unlock_early lets a locked stake go all the same.
 */
export function unstake(
  core: TegCore,
  order: Omit<StakeOrder, 'lockMs'>,
): Promise<Committed<Stake>> {
  return core.ledger.transact(async (transaction) => {
    const parties = await lockParties(core, transaction, order.account, 'as_is');
    const before = await readLock(transaction.client, parties);
    if (before === undefined || before.staked < order.amount) {
      const staked = formatAmount(before?.staked ?? 0n);
      throw refusal('insufficient_funds', `"${order.account}" has staked ${staked}`);
    }
    requireUnlocked(core, transaction, order, before);
    const { unlockAtMs } = before;
    return move(core, transaction, { parties, amount: -order.amount, unlockAtMs });
  });
}

interface Parties {
  readonly agent: Account;
  readonly stakeAccount: string;
  readonly locked: LockedAccounts;
}

async function lockParties(
  core: TegCore,
  { client }: LedgerTransaction,
  agentId: string,
  how: 'open' | 'as_is',
): Promise<Parties> {
  const account = stakeAccount(core.frame, agentId);
  if (how === 'open') await openAccount(client, { account, class: 'stake' });
  const locked = await lockAccounts(client, [agentId, account]);
  const agent = locked.get(agentId);
  if (agent?.class !== 'agent') throw unknownAgent(agentId);
  if (agent.status === 'revoked') throw refusal('agent_revoked', `agent "${agentId}" is revoked`);
  return { agent, stakeAccount: account, locked };
}

function requireCovered(agent: Account, amount: bigint): void {
  if (availableOf(agent) >= amount) return;
  const has = formatAmount(availableOf(agent));
  throw refusal('insufficient_funds', `"${agent.account}" has ${has} available`);
}

function requireUnlocked(
  core: TegCore,
  transaction: LedgerTransaction,
  order: { readonly account: string; readonly amount: bigint },
  before: Stake,
): void {
  if (!isLocked(before, transaction.at.getTime())) return;
  const unlockAt = timeText(before.unlockAtMs);
  const { account } = order;
  const scope = { frame: core.frame, sender: account, eventType: 'TokensUnstaked' };
  const fault = core.faults.hit('unlock_early', scope);
  if (fault === undefined) {
    throw refusal('stake_locked', `the stake of "${account}" is locked until ${unlockAt}`);
  }
  const amount = formatAmount(order.amount);
  transaction.strike(strikeOn(fault, null, { account, amount, unlock_at: unlockAt }));
}

/** Positive stakes, negative gives back. */
async function move(
  core: TegCore,
  transaction: LedgerTransaction,
  change: { readonly parties: Parties; readonly amount: bigint; readonly unlockAtMs: number },
): Promise<Stake> {
  const { parties, amount, unlockAtMs } = change;
  const { agent, stakeAccount: account, locked } = parties;
  const isStake = amount > 0n;
  const postings = [
    { account: agent.account, amount: -amount },
    { account, amount },
  ];
  const kind = isStake ? 'stake' : 'unstake';
  await post(transaction.client, locked, { kind, transferId: null, postings }, transaction.at);
  transaction.emit([
    frameEvent(isStake ? 'TokensStaked' : 'TokensUnstaked', core.frame, {
      account: agent.account,
      stake_account: account,
      amount: formatAmount(isStake ? amount : -amount),
      unlock_at: timeText(unlockAtMs),
    }),
  ]);
  return { staked: (locked.get(account)?.balance ?? 0n) + amount, unlockAtMs };
}

async function readLock(client: pg.ClientBase, parties: Parties): Promise<Stake | undefined> {
  const { rows } = await client.query<{ unlock_at: Date }>(
    'SELECT unlock_at FROM stakes WHERE agent_id = $1',
    [parties.agent.account],
  );
  const [row] = rows;
  const staked = parties.locked.get(parties.stakeAccount)?.balance ?? 0n;
  return row && { staked, unlockAtMs: row.unlock_at.getTime() };
}

async function writeLock(
  client: pg.ClientBase,
  { agent, stakeAccount: account }: Parties,
  unlockAtMs: number,
): Promise<void> {
  await client.query(
    `INSERT INTO stakes (agent_id, stake_account, unlock_at) VALUES ($1, $2, $3)
     ON CONFLICT (agent_id) DO UPDATE SET unlock_at = excluded.unlock_at`,
    [agent.account, account, new Date(unlockAtMs)],
  );
}
