// Users who dispute, hand in evidence, and an administrator who decides.
import { z } from 'zod';
import { type Activity, done, nothingToDo, type Site } from './activity.js';
import { pickOne, pickTwo, pickWeighted } from './pick.js';

const PATH = '/api/v1/disputes';

/** Fewer undecided ones than this, and a new one is opened. */
const UNDECIDED_WANTED = 2;

const UNDECIDED = ['opened', 'evidence', 'voting'] as const;

interface NextStep {
  readonly transition: 'evidence' | 'voting' | 'resolve' | 'dismiss';
  readonly weight: number;
}

/** Phase -> what may come next (platform contract), the likelier the heavier. */
const NEXT: Readonly<Record<(typeof UNDECIDED)[number], readonly NextStep[]>> = {
  opened: [
    { transition: 'evidence', weight: 4 },
    { transition: 'dismiss', weight: 1 },
  ],
  evidence: [
    { transition: 'evidence', weight: 1 },
    { transition: 'voting', weight: 3 },
    { transition: 'dismiss', weight: 1 },
  ],
  voting: [
    { transition: 'resolve', weight: 4 },
    { transition: 'dismiss', weight: 1 },
  ],
};

const disputes = z.object({
  disputes: z.array(
    z.object({ dispute_id: z.string(), claimant: z.string(), phase: z.enum(UNDECIDED) }),
  ),
});

type Dispute = z.output<typeof disputes>['disputes'][number];

export const takePartInDisputes: Activity = async (site) => {
  const undecided: Dispute[] = [];
  for (const phase of UNDECIDED) {
    const answer = await site.doors.get(site.registryId, `${PATH}?phase=${phase}`);
    if (answer.kind === 'no_answer' || answer.status !== 200) return done('look', answer);
    undecided.push(...disputes.parse(answer.body).disputes);
  }
  const dispute = pickOne(site.random, undecided);
  return dispute === undefined || undecided.length < UNDECIDED_WANTED
    ? await open(site)
    : await move(site, dispute);
};

async function open(site: Site) {
  const parties = pickTwo(site.random, site.users);
  if (parties === undefined) return nothingToDo('open_dispute');
  const [claimant, respondent] = parties;
  const body = { claimant, respondent, reason: 'the goods never came' };
  const token = site.doors.tokens.agent(claimant);
  return done('open_dispute', await site.doors.post(site.registryId, PATH, token, body));
}

async function move(site: Site, dispute: Dispute) {
  const next = pickWeighted(site.random, NEXT[dispute.phase]);
  if (next === undefined) return nothingToDo('move_dispute');
  const path = `${PATH}/${dispute.dispute_id}/${next.transition}`;
  const { tokens } = site.doors;
  const [token, body] =
    next.transition === 'evidence'
      ? [tokens.agent(dispute.claimant), { by: dispute.claimant, note: 'see the receipt' }]
      : [tokens.admin, {}];
  return done('move_dispute', await site.doors.post(site.registryId, path, token, body));
}
