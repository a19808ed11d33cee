// A2A tokens: an issuer's AVT lies in escrow while the token lives, and goes to the holder who
// redeems it or back to the issuer. Every posting has its event; a step without one has none.
import { formatAmount } from '../money.js';
import { timeText } from '../service/clock.js';
import type { HttpError } from '../service/http-error.js';
import { type A2aToken, endedTokens, insertToken, lockToken, setTokenState } from './a2a-rows.js';
import { A2A_RULES, type A2aStep, refuseStep } from './a2a-rules.js';
import { escrowAccount } from './account-ids.js';
import { openAccount } from './accounts.js';
import { frameEvent } from './events.js';
import { availableOf, lockAccounts, post } from './ledger.js';
import type { LedgerTransaction } from './ledger-transaction.js';
import { unknownAgent } from './payer.js';
import { refusal } from './refusals.js';
import { strikeOn } from './strikes.js';
import type { TegCore } from './teg-core.js';

export interface A2aOffer {
  /** Chosen by the issuer, so that asking twice offers once. */
  readonly tokenId: string;
  readonly issuer: string;
  readonly holder: string;
  /** Base units, positive. */
  readonly amount: bigint;
  readonly lifetimeMs: number;
}

/**
 * Offers a token and puts its AVT into escrow. Throws unknown_agent, agent_revoked,
 * insufficient_funds, and already_exists for an id with other content.
 */
export async function offerToken(
  core: TegCore,
  offer: A2aOffer,
): Promise<{ readonly token: A2aToken; readonly isNew: boolean }> {
  if (!(await core.agents.isKnown(offer.holder))) throw unknownAgent(offer.holder);
  const { result } = await core.ledger.transact(async (transaction) => {
    const { client, at } = transaction;
    const expiresAt = new Date(at.getTime() + offer.lifetimeMs);
    const token = await insertToken(client, { ...offer, offeredAt: at, expiresAt });
    if (token === undefined) return { token: await earlier(transaction, offer), isNew: false };
    await escrow(core, transaction, token);
    return { token, isNew: true };
  });
  return result;
}

/**
 * Makes a drawn step. Throws unknown_a2a_token and illegal_transition; the fault illegal_a2a_step
 * lets any step pass that the escrow can pay.
 */
export async function stepToken(core: TegCore, tokenId: string, step: A2aStep): Promise<A2aToken> {
  const { result } = await core.ledger.transact(async (transaction) => {
    const { client, at } = transaction;
    const token = await lockToken(client, tokenId);
    if (token === undefined) throw unknownToken(tokenId);
    requireLegal(core, transaction, token, step);
    const { to, pays } = A2A_RULES[step];
    if (pays !== undefined) await release(core, transaction, token, { to, account: token[pays] });
    await setTokenState(client, tokenId, to, at);
    return { ...token, state: to, updatedAt: at };
  });
  return result;
}

/** Expires tokens whose end has come, oldest first, at most `limit`. */
export async function expireTokens(core: TegCore, limit: number): Promise<void> {
  for (const tokenId of await endedTokens(core.pool, new Date(core.clock.nowMs()), limit)) {
    await stepToken(core, tokenId, 'expire').catch((error: unknown) => {
      core.logger.warn({ err: error, token_id: tokenId }, 'an A2A token cannot be expired');
    });
  }
}

export function unknownToken(tokenId: string): HttpError {
  return refusal('unknown_a2a_token', `no A2A token "${tokenId}"`);
}

async function earlier({ client }: LedgerTransaction, offer: A2aOffer): Promise<A2aToken> {
  const token = await lockToken(client, offer.tokenId);
  const isSame =
    token?.issuer === offer.issuer &&
    token.holder === offer.holder &&
    token.amount === offer.amount &&
    token.expiresAt.getTime() - token.offeredAt.getTime() === offer.lifetimeMs;
  if (token !== undefined && isSame) return token;
  throw refusal('already_exists', `token "${offer.tokenId}" was offered otherwise`);
}

async function escrow(
  core: TegCore,
  transaction: LedgerTransaction,
  token: A2aToken,
): Promise<void> {
  const { client, at } = transaction;
  const { issuer, amount } = token;
  const account = escrowAccount(core.frame, issuer);
  await openAccount(client, { account, class: 'escrow' });
  const locked = await lockAccounts(client, [issuer, account]);
  const payer = locked.get(issuer);
  if (payer?.class !== 'agent') throw unknownAgent(issuer);
  if (payer.status === 'revoked') throw refusal('agent_revoked', `agent "${issuer}" is revoked`);
  if (availableOf(payer) < amount) {
    const has = formatAmount(availableOf(payer));
    throw refusal('insufficient_funds', `"${issuer}" has ${has} available`);
  }
  const postings = [
    { account: issuer, amount: -amount },
    { account, amount },
  ];
  await post(client, locked, { kind: 'escrow', transferId: null, postings }, at);
  transaction.emit([
    frameEvent('A2ATokenEscrowed', core.frame, {
      ...{ token_id: token.tokenId, account: issuer, escrow_account: account },
      ...{ amount: formatAmount(amount), holder: token.holder },
      expires_at: timeText(token.expiresAt.getTime()),
    }),
  ]);
}

async function release(
  core: TegCore,
  transaction: LedgerTransaction,
  token: A2aToken,
  payment: { readonly to: A2aToken['state']; readonly account: string },
): Promise<void> {
  const { client, at } = transaction;
  const { tokenId, amount } = token;
  const escrowed = escrowAccount(core.frame, token.issuer);
  const locked = await lockAccounts(client, [payment.account, escrowed]);
  if ((locked.get(escrowed)?.balance ?? 0n) < amount) {
    throw refusal(
      'insufficient_funds',
      `the escrow of "${token.issuer}" does not cover "${tokenId}"`,
    );
  }
  const postings = [
    { account: escrowed, amount: -amount },
    { account: payment.account, amount },
  ];
  await post(client, locked, { kind: 'release', transferId: null, postings }, at);
  transaction.emit([
    frameEvent('A2ATokenReleased', core.frame, {
      ...{ token_id: tokenId, account: payment.account, escrow_account: escrowed },
      ...{ amount: formatAmount(amount), from_state: token.state, to_state: payment.to },
    }),
  ]);
}

function requireLegal(
  core: TegCore,
  transaction: LedgerTransaction,
  token: A2aToken,
  step: A2aStep,
): void {
  const { tokenId, issuer, holder, state } = token;
  const atMs = transaction.at.getTime();
  const reason = refuseStep({ state, expiresAtMs: token.expiresAt.getTime() }, step, atMs);
  if (reason === undefined) return;
  const scope = { frame: core.frame, sender: issuer, receiver: holder };
  const fault = core.faults.hit('illegal_a2a_step', scope);
  if (fault === undefined) {
    throw refusal('illegal_transition', `A2A token "${tokenId}": ${reason}`);
  }
  const detail = { token_id: tokenId, issuer, holder, from_state: state, step };
  transaction.strike(strikeOn(fault, null, detail));
}
