// Users who stake for a while, and take back what is unlocked.
import { z } from 'zod';
import { formatAmount, parseAmount } from '../money.js';
import { type Activity, done, nothingToDo } from './activity.js';
import { pickOne } from './pick.js';

/** Base units: up to 20 AVT a time. */
const GREATEST_STAKE = 20_000_000;
/** Half a minute to a quarter of an hour: some locks end while others begin. */
const SHORTEST_LOCK_MS = 30_000;
const LONGEST_LOCK_MS = 900_000;

const stakeAnswer = z.object({
  staked: z.string(),
  unlock_at: z.string().nullable(),
  at: z.string(),
});

export const takePartInStaking: Activity = async (site) => {
  const user = pickOne(site.random, site.users);
  if (user === undefined) return nothingToDo('stake');
  const answer = await site.doors.getTeg(user, `/teg/stakes/${encodeURIComponent(user)}`);
  if (answer.kind === 'no_answer' || answer.status !== 200) return done('look', answer);
  const { staked, unlock_at: unlockAt, at } = stakeAnswer.parse(answer.body);
  const parsed = parseAmount(staked);
  // Both times are the TEG's own, so that no other clock has a say in what is unlocked.
  const isUnlocked = unlockAt !== null && Date.parse(unlockAt) <= Date.parse(at);
  if (parsed.ok && isUnlocked) {
    const amount = randomAmount(site.random, Number(parsed.baseUnits));
    const body = { account: user, amount };
    return done('unstake', await site.doors.postTeg(user, '/teg/unstake', body));
  }
  const range = LONGEST_LOCK_MS - SHORTEST_LOCK_MS;
  const lockMs = SHORTEST_LOCK_MS + Math.floor(site.random() * range);
  const amount = randomAmount(site.random, GREATEST_STAKE);
  const body = { account: user, amount, lock_ms: lockMs };
  return done('stake', await site.doors.postTeg(user, '/teg/stake', body));
};

/** From one base unit up to and with the greatest. */
function randomAmount(random: () => number, greatest: number): string {
  return formatAmount(BigInt(1 + Math.floor(random() * greatest)));
}
