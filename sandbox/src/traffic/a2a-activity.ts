// Users who offer each other A2A tokens, and lead them to one of their ends or let them expire.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { formatAmount } from '../money.js';
import { type Activity, done, nothingToDo, type Site } from './activity.js';
import { pickTwo, pickWeighted } from './pick.js';

const PATH = '/teg/a2a-tokens';
/** Base units: up to one AVT a token. */
const GREATEST_AMOUNT = 1_000_000;
const SHORTEST_LIFE_MS = 10_000;
const LONGEST_LIFE_MS = 90_000;

const tokensAnswer = z.object({
  tokens: z.array(
    z.object({
      ...{ token_id: z.string(), issuer: z.string(), holder: z.string() },
      ...{ state: z.string(), amount: z.string() },
    }),
  ),
});

type Token = z.output<typeof tokensAnswer>['tokens'][number];

type Turn = 'offer_a2a' | 'accept_a2a' | 'redeem_a2a' | 'cancel_a2a';

/** What a user may do with the tokens that it has a part in, the likelier the heavier. */
const STEPS = [
  { turn: 'accept_a2a', step: 'accept', by: 'holder', from: 'offered', weight: 4 },
  { turn: 'redeem_a2a', step: 'redeem', by: 'holder', from: 'accepted', weight: 4 },
  { turn: 'cancel_a2a', step: 'cancel', by: 'issuer', from: 'offered', weight: 1 },
] as const satisfies readonly {
  readonly turn: Turn;
  readonly step: string;
  readonly by: 'holder' | 'issuer';
  readonly from: string;
  readonly weight: number;
}[];

export const takePartInA2a: Activity = async (site) => {
  const pair = pickTwo(site.random, site.users);
  if (pair === undefined) return nothingToDo('offer_a2a');
  const [user, friend] = pair;
  const answer = await site.doors.getTeg(
    user,
    `${PATH}?agent=${encodeURIComponent(user)}&limit=20`,
  );
  if (answer.kind === 'no_answer' || answer.status !== 200) return done('look', answer);
  const { tokens } = tokensAnswer.parse(answer.body);
  const possible = STEPS.flatMap((step) =>
    tokens
      .filter((token) => token.state === step.from && token[step.by] === user)
      .map((token) => ({ ...step, token })),
  );
  const next = pickWeighted(site.random, [...possible, { turn: 'offer_a2a', weight: 2 } as const]);
  if (next === undefined || next.turn === 'offer_a2a') return offer(site, user, friend);
  return step(site, user, next.turn, `${next.token.token_id}/${next.step}`);
};

async function offer(site: Site, issuer: string, holder: Token['holder']) {
  const range = LONGEST_LIFE_MS - SHORTEST_LIFE_MS;
  const body = {
    ...{ token_id: randomUUID(), issuer, holder },
    amount: formatAmount(BigInt(1 + Math.floor(site.random() * GREATEST_AMOUNT))),
    lifetime_ms: SHORTEST_LIFE_MS + Math.floor(site.random() * range),
  };
  return done('offer_a2a', await site.doors.postTeg(issuer, PATH, body));
}

async function step(site: Site, user: string, turn: Turn, path: string) {
  return done(turn, await site.doors.postTeg(user, `${PATH}/${path}`));
}
