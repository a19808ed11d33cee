// Guests: extra agents that are enrolled, funded, pay, are revoked, try to pay, are restored.
import { z } from 'zod';
import { errorCodeOf } from '../registry/json-call.js';
import { tokenDigest } from '../service/tokens.js';
import { type Activity, type Done, done, nothingToDo, type Site } from './activity.js';
import { availableIn } from './balances.js';
import { pickOne } from './pick.js';

/** Always the same few, so that accounts do not grow without bound. */
export const GUESTS_PER_REGISTRY = 3;

const FUNDS = 1_000_000n;
const PAYMENT = 10_000n;

const guestAnswer = z.object({
  status: z.enum(['enrolled', 'revoked']),
  teg: z.enum(['carried', 'pending', 'refused']),
});

export const takePartAsGuest: Activity = async (site) => {
  const number = 1 + Math.floor(site.random() * GUESTS_PER_REGISTRY);
  const guest = `${site.registryId}:guest-${number}`;
  const answer = await site.doors.get(site.registryId, `/api/v1/agents/${guest}`);
  if (answer.kind === 'answer' && answer.status === 404) return await enrol(site, guest);
  if (answer.kind === 'no_answer' || answer.status !== 200) return done('look', answer);
  const { status, teg } = guestAnswer.parse(answer.body);
  if (teg !== 'carried') return nothingToDo('look');
  return status === 'enrolled' ? await actAsMember(site, guest) : await actAsRevoked(site, guest);
};

async function enrol(site: Site, guest: string): Promise<Done> {
  const { tokens } = site.doors;
  const body = { agent_id: guest, token_sha256: tokenDigest(tokens.agent(guest)) };
  const answer = await site.doors.post(site.registryId, '/api/v1/agents', tokens.admin, body);
  return done('enrol_guest', answer);
}

async function actAsMember(site: Site, guest: string): Promise<Done> {
  const friend = pickOne(site.random, site.users);
  if (friend === undefined) return nothingToDo('fund_guest');
  const available = availableIn(await site.doors.balance(guest)) ?? 0n;
  if (available < 2n * PAYMENT) return await pay(site, 'fund_guest', friend, guest, FUNDS);
  if (site.random() < 0.5) return await pay(site, 'pay_by_guest', guest, friend, PAYMENT);
  return await change(site, guest, 'revoke');
}

async function actAsRevoked(site: Site, guest: string): Promise<Done> {
  const friend = pickOne(site.random, site.users);
  if (friend === undefined || site.random() < 0.5) return await change(site, guest, 'restore');
  return await pay(site, 'pay_while_revoked', guest, friend, PAYMENT);
}

async function change(site: Site, guest: string, verb: 'revoke' | 'restore'): Promise<Done> {
  const path = `/api/v1/agents/${guest}/${verb}`;
  const answer = await site.doors.post(site.registryId, path, site.doors.tokens.admin);
  return done(`${verb}_guest`, answer);
}

type Payment = 'fund_guest' | 'pay_by_guest' | 'pay_while_revoked';

async function pay(
  site: Site,
  action: Payment,
  sender: string,
  receiver: string,
  amount: bigint,
): Promise<Done> {
  const transfer = { backend: 'intra', sender, receiver, amount, memo: 'guest' } as const;
  const answer = await site.doors.pay(transfer);
  const settled = done(action, answer);
  if (action === 'pay_while_revoked' && errorCodeOf(answer) !== 'agent_revoked') {
    site.logger.warn({ sender, answer }, 'a revoked agent was not refused as revoked');
  }
  return settled;
}
