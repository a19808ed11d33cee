// Tokens that come into being or cease to be, and the accounts a frame starts with.
import { parseAmount } from '../money.js';
import { deriveTokens, tokenDigest } from '../service/tokens.js';
import { canaryAgentIds, frameOf, userAgentIds } from '../topology.js';
import { inTransitAccount, issuanceAccount, treasuryAccount } from './account-ids.js';
import { type NewAccount, openAccount } from './accounts.js';
import { supplyEvent } from './events.js';
import { availableOf, lockAccounts, post } from './ledger.js';
import type { Committed, LedgerTransaction } from './ledger-transaction.js';
import { refusal } from './refusals.js';
import type { TegCore } from './teg-core.js';

export interface SupplyChange {
  readonly account: string;
  /** Base units, positive. */
  readonly amount: bigint;
  readonly reason: string;
}

/** Issues tokens to an agent or the treasury. Throws unknown_account. */
export function issue(core: TegCore, change: SupplyChange): Promise<Committed<void>> {
  return core.ledger.transact((transaction) => postIssue(core, transaction, change));
}

/** Destroys tokens of an agent or the treasury. Throws unknown_account, insufficient_funds. */
export function destroy(core: TegCore, change: SupplyChange): Promise<Committed<void>> {
  return core.ledger.transact((transaction) =>
    postSupplyChange(core, transaction, change, 'destroy'),
  );
}

/** Opens the frame's accounts and gives agents their initial float; idempotent over restarts. */
export async function seedAccounts(core: TegCore): Promise<void> {
  const { topology, frame } = core;
  const own = [
    { account: treasuryAccount(frame), class: 'treasury' },
    { account: issuanceAccount(frame), class: 'issuance' },
    ...topology.frames.map((peer) => ({
      account: inTransitAccount(frame, peer.id),
      class: 'in_transit' as const,
    })),
  ] as const satisfies readonly NewAccount[];
  await core.ledger.transact(async (transaction) => {
    for (const account of own) await openAccount(transaction.client, account);
    for (const { account, amount } of seededAgents(core)) {
      const isNew = await openAccount(transaction.client, account);
      if (!isNew || amount === 0n) continue;
      const change = { account: account.account, amount, reason: 'initial float' };
      await postIssue(core, transaction, change);
    }
  });
}

function postIssue(core: TegCore, transaction: LedgerTransaction, change: SupplyChange) {
  return postSupplyChange(core, transaction, change, 'issue');
}

async function postSupplyChange(
  core: TegCore,
  transaction: LedgerTransaction,
  change: SupplyChange,
  kind: 'issue' | 'destroy',
): Promise<void> {
  const { client, at } = transaction;
  const issuance = issuanceAccount(core.frame);
  const locked = await lockAccounts(client, [change.account, issuance]);
  const account = locked.get(change.account);
  if (account?.class !== 'agent' && account?.class !== 'treasury') {
    throw refusal('unknown_account', `no agent or treasury "${change.account}"`);
  }
  if (kind === 'destroy' && availableOf(account) < change.amount) {
    throw refusal('insufficient_funds', `"${change.account}" has less than is to be destroyed`);
  }
  const amount = kind === 'issue' ? change.amount : -change.amount;
  const postings = [
    { account: issuance, amount: -amount },
    { account: change.account, amount },
  ];
  await post(client, locked, { kind, transferId: null, postings }, at);
  const eventType = kind === 'issue' ? 'TokensIssued' : 'TokensDestroyed';
  transaction.emit([supplyEvent(eventType, core.frame, change)]);
}

/** The agents of the topology, each with the float it starts with. */
function seededAgents(core: TegCore) {
  const { topology } = core;
  const tokens = deriveTokens(topology.secretSeed);
  const canaryFloat = floatOf(topology.initialFloat);
  const userFloat = floatOf(topology.userFloat);
  const agent = (registry: string, account: string, amount: bigint) => ({
    account: {
      account,
      class: 'agent',
      registry,
      tokenSha256: tokenDigest(tokens.agent(account)),
    } satisfies NewAccount,
    amount,
  });
  return frameOf(topology, core.frame).registries.flatMap((registry) => [
    ...canaryAgentIds(topology, registry).map((id) => agent(registry, id, canaryFloat)),
    ...userAgentIds(topology, registry).map((id) => agent(registry, id, userFloat)),
  ]);
}

/** A float may be zero: then the agent starts empty and nothing is issued. */
function floatOf(text: string): bigint {
  const parsed = parseAmount(text);
  return parsed.ok ? parsed.baseUnits : 0n;
}
