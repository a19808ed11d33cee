// Proposals: the outcome is a function of the votes, and no operation leaves the drawing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  castVote,
  closeProposal,
  type Elector,
  outcomeOf,
  PROPOSAL_STATUSES,
  PROPOSAL_TRANSITIONS,
  type Proposal,
  type ProposalStep,
  settle,
  tallyOf,
  VOTE_CHOICES,
  type VoteChoice,
  type VotingRules,
} from '../../src/registry/proposal.js';

const HALF: VotingRules = { quorumBasisPoints: 5_000, majorityBasisPoints: 5_000 };
const END_MS = 1_000;

function proposalOf(weights: Readonly<Record<string, number>>, rules = HALF): Proposal {
  const electors = Object.entries(weights).map(([agent, weight]): [string, Elector] => [
    agent,
    { weight, choice: null },
  ]);
  return { status: 'open', rules, closesAtMs: END_MS, electorate: new Map(electors) };
}

function voteAll(
  proposal: Proposal,
  votes: readonly (readonly [string, VoteChoice])[],
  atMs = 0,
): readonly ProposalStep[] {
  let current = proposal;
  return votes.map(([voter, choice]) => {
    const step = castVote(current, { voter, choice, atMs });
    if (step.ok) current = step.proposal;
    return step;
  });
}

function lastOf(proposal: Proposal, steps: readonly ProposalStep[]): Proposal {
  return steps.reduce((current, step) => (step.ok ? step.proposal : current), proposal);
}

describe('outcomeOf', () => {
  // for, against, abstain, total, is over -> status; quorum and majority are one half
  const cases: readonly (readonly [number, number, number, number, boolean, string])[] = [
    [0, 0, 0, 10, false, 'open'],
    [0, 0, 0, 10, true, 'expired'],
    [4, 0, 0, 10, true, 'expired'],
    [4, 0, 0, 10, false, 'open'],
    [5, 0, 0, 10, false, 'open'],
    [6, 0, 0, 10, false, 'passed'],
    [5, 0, 0, 10, true, 'passed'],
    [0, 5, 0, 10, false, 'rejected'],
    [0, 4, 0, 10, false, 'open'],
    [5, 5, 0, 10, false, 'rejected'],
    [5, 4, 1, 10, false, 'passed'],
    [1, 0, 4, 10, true, 'passed'],
    [0, 0, 10, 10, false, 'rejected'],
    [0, 0, 5, 10, true, 'rejected'],
    [0, 0, 0, 0, true, 'expired'],
  ];
  test.each(cases)('%i for, %i against, %i abstain of %i, over: %s -> %s', (...row) => {
    const [inFavour, against, abstain, total, isOver, status] = row;
    const tally = { for: inFavour, against, abstain, total };
    expect(outcomeOf(tally, HALF, isOver)).toBe(status);
  });

  test('two thirds need more than two thirds', () => {
    const rules = { quorumBasisPoints: 0, majorityBasisPoints: 6_667 };
    const tally = (inFavour: number) => ({
      for: inFavour,
      against: 3 - inFavour,
      abstain: 0,
      total: 3,
    });
    expect(outcomeOf(tally(2), rules, true)).toBe('rejected');
    expect(outcomeOf(tally(3), rules, true)).toBe('passed');
  });
});

describe('voting', () => {
  const refusals: readonly (readonly [
    string,
    readonly (readonly [string, VoteChoice])[],
    number,
    string,
  ])[] = [
    [
      'a second vote',
      [
        ['a', 'for'],
        ['a', 'against'],
      ],
      0,
      'already_voted',
    ],
    ['a stranger', [['z', 'for']], 0, 'forbidden'],
    ['a vote after the end', [['a', 'for']], END_MS, 'illegal_transition'],
    [
      'a vote on a decided one',
      [
        ['c', 'for'],
        ['a', 'for'],
      ],
      0,
      'illegal_transition',
    ],
  ];
  test.each(refusals)('%s is refused', (_name, votes, atMs, code) => {
    const steps = voteAll(proposalOf({ a: 1, b: 1, c: 3 }), votes, atMs);
    expect(steps.at(-1)).toMatchObject({ ok: false, code });
    expect(steps.slice(0, -1).every((step) => step.ok)).toBe(true);
  });

  test('the vote that decides closes it', () => {
    const proposal = proposalOf({ a: 1, b: 1, c: 3 });
    expect(lastOf(proposal, voteAll(proposal, [['c', 'for']])).status).toBe('passed');
  });

  test('closing an undecided one is refused, after its end it expires', () => {
    const proposal = proposalOf({ a: 1, b: 9 });
    const voted = lastOf(proposal, voteAll(proposal, [['a', 'for']]));
    expect(closeProposal(voted, END_MS - 1)).toMatchObject({ code: 'illegal_transition' });
    expect(closeProposal(voted, END_MS)).toMatchObject({ proposal: { status: 'expired' } });
  });

  test.each(PROPOSAL_STATUSES)('closing one that is %s', (status) => {
    const proposal = { ...proposalOf({ a: 1 }), status };
    expect(closeProposal(proposal, END_MS).ok).toBe(status === 'open');
  });
});

const rules = fc.record({
  quorumBasisPoints: fc.integer({ min: 0, max: 10_000 }),
  majorityBasisPoints: fc.integer({ min: 0, max: 10_000 }),
});
const electorate = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 });

function proposalFrom(weights: readonly number[], votingRules: VotingRules): Proposal {
  const named = Object.fromEntries(weights.map((weight, index) => [`e${index}`, weight]));
  return proposalOf(named, votingRules);
}

describe('properties', () => {
  test('whatever the order of the votes, the outcome is that of all of them', () => {
    const votes = electorate.chain((weights) =>
      fc.record({
        weights: fc.constant(weights),
        choices: fc.array(fc.option(fc.constantFrom(...VOTE_CHOICES)), {
          minLength: weights.length,
          maxLength: weights.length,
        }),
        order: fc.shuffledSubarray([...weights.keys()], { minLength: weights.length }),
      }),
    );
    fc.assert(
      fc.property(votes, rules, ({ weights, choices, order }, votingRules) => {
        const proposal = proposalFrom(weights, votingRules);
        const cast = order.flatMap((index) => {
          const choice = choices[index] ?? null;
          return choice === null ? [] : [[`e${index}`, choice] as const];
        });
        const electors = weights.map((weight, index): [string, Elector] => [
          `e${index}`,
          { weight, choice: choices[index] ?? null },
        ]);
        const expected = outcomeOf(tallyOf(new Map(electors)), votingRules, true);
        const decided = lastOf(proposal, voteAll(proposal, cast));
        expect(settle(decided, END_MS).status).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  const operation = fc.record({
    kind: fc.constantFrom('vote', 'close', 'settle'),
    voter: fc.integer({ min: 0, max: 7 }).map((index) => `e${index}`),
    choice: fc.constantFrom(...VOTE_CHOICES),
    afterMs: fc.integer({ min: 0, max: 400 }),
  });

  test('no sequence of operations makes a transition that is not drawn', () => {
    fc.assert(
      fc.property(electorate, rules, fc.array(operation), (weights, votingRules, operations) => {
        let proposal = proposalFrom(weights, votingRules);
        let atMs = 0;
        for (const { kind, voter, choice, afterMs } of operations) {
          atMs += afterMs;
          const before = proposal;
          const step: ProposalStep =
            kind === 'vote'
              ? castVote(before, { voter, choice, atMs })
              : kind === 'close'
                ? closeProposal(before, atMs)
                : { ok: true, proposal: settle(before, atMs) };
          if (!step.ok) continue;
          proposal = step.proposal;
          if (proposal.status === before.status) continue;
          expect(PROPOSAL_TRANSITIONS[before.status]).toContain(proposal.status);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
