// Users who propose and vote, until each proposal is decided or expires.
import { z } from 'zod';
import { type Activity, done, nothingToDo, type Site } from './activity.js';
import { pickOne, pickWeighted } from './pick.js';

const PATH = '/api/v1/governance/proposals';

/** Fewer open ones than this, and a new one is proposed. */
const OPEN_WANTED = 2;

const TITLES = [
  'Lower the fee',
  'Raise the float',
  'Admit a registry',
  'Fund the archive',
] as const;

const CHOICES = [
  { choice: 'for', weight: 5 },
  { choice: 'against', weight: 3 },
  { choice: 'abstain', weight: 1 },
] as const;

const openProposals = z.object({
  proposals: z.array(
    z.object({
      proposal_id: z.string(),
      votes: z.array(z.object({ voter: z.string() })),
      electorate: z.array(z.string()),
    }),
  ),
});

export const takePartInGovernance: Activity = async (site) => {
  const answer = await site.doors.get(site.registryId, `${PATH}?status=open`);
  if (answer.kind === 'no_answer' || answer.status !== 200) return done('look', answer);
  const { proposals } = openProposals.parse(answer.body);
  if (proposals.length < OPEN_WANTED) return await propose(site);
  const proposal = pickOne(site.random, proposals);
  const voters = proposal?.votes.map((vote) => vote.voter) ?? [];
  const voter = pickOne(
    site.random,
    site.users.filter(
      (user) => proposal?.electorate.includes(user) === true && !voters.includes(user),
    ),
  );
  if (proposal === undefined || voter === undefined) return nothingToDo('vote');
  const choice = pickWeighted(site.random, CHOICES)?.choice;
  const path = `${PATH}/${proposal.proposal_id}/votes`;
  const token = site.doors.tokens.agent(voter);
  return done('vote', await site.doors.post(site.registryId, path, token, { voter, choice }));
};

async function propose(site: Site) {
  const proposer = pickOne(site.random, site.users);
  if (proposer === undefined) return nothingToDo('propose');
  const body = {
    proposer,
    title: pickOne(site.random, TITLES),
    // Some end before their quorum has come, and expire.
    duration_ms: 5_000 + Math.floor(site.random() * 55_000),
  };
  const token = site.doors.tokens.agent(proposer);
  return done('propose', await site.doors.post(site.registryId, PATH, token, body));
}
