// What the public is told of a route follows from the newest verdicts of its paths.
import { expect, test } from 'vitest';
import { derivePaths } from '../../src/domain/path.js';
import { type RouteState, routeState, routesOf, worstOf } from '../../src/domain/public-route.js';
import type { Outcome } from '../../src/domain/verdict.js';

const verdict = (pathId: string, outcome: Outcome, decidedAtMs = 100) => ({
  pathId,
  outcome,
  decidedAtMs,
});

const CASES: readonly {
  readonly what: string;
  readonly newest: ReturnType<typeof verdict>[];
  readonly state: RouteState;
}[] = [
  { what: 'both pass', newest: [verdict('a', 'passed'), verdict('b', 'passed')], state: 'passing' },
  { what: 'one fails', newest: [verdict('a', 'passed'), verdict('b', 'failed')], state: 'failing' },
  { what: 'one was never fired', newest: [verdict('a', 'passed')], state: 'unknown' },
  {
    what: 'one is silent for too long',
    newest: [verdict('a', 'passed'), verdict('b', 'passed', 99)],
    state: 'unknown',
  },
  {
    what: 'a failure is too old to count',
    newest: [verdict('a', 'passed'), verdict('b', 'failed', 99)],
    state: 'unknown',
  },
  {
    what: 'our own pipe lost one',
    newest: [verdict('a', 'passed'), verdict('b', 'observer')],
    state: 'unknown',
  },
  {
    what: 'one fails and one is silent',
    newest: [verdict('a', 'failed')],
    state: 'failing',
  },
];

test.each(CASES)('$what: $state', ({ newest, state }) => {
  expect(routeState(['a', 'b'], newest, 100)).toBe(state);
});

test('of no route nothing is known', () => {
  expect(worstOf([])).toBe('unknown');
});

test('the routes of a matrix hold every path once, and name no agent', () => {
  const frames = [
    {
      id: 'A',
      registries: [
        { id: 'A1', agents: ['A1:canary-1', 'A1:canary-2'] },
        { id: 'A2', agents: ['A2:canary-1', 'A2:canary-2'] },
      ],
    },
  ];
  const paths = derivePaths({ frames, lanes: 2 });
  const routes = routesOf(paths);
  expect([...routes.values()].flat().sort()).toEqual(paths.map(({ id }) => id).sort());
  expect([...routes.keys()].sort()).toEqual([
    'A1-A1-intra',
    'A1-A2-2pc',
    'A1-A2-async',
    'A2-A1-2pc',
    'A2-A1-async',
    'A2-A2-intra',
  ]);
});
