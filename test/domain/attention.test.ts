// What needs a person: one row per path or per frame that fails as a whole, in the order of need.
import { describe, expect, test } from 'vitest';
import {
  attentionOf,
  isFailing,
  isSeen,
  type PathTrouble,
  sinceMs,
  worstOf,
} from '../../src/domain/attention.js';
import { derivePaths } from '../../src/domain/path.js';
import type { Outcome } from '../../src/domain/verdict.js';
import { REFERENCE } from '../support/samples.js';
import { closedResult } from './samples.js';

const PATHS = derivePaths(REFERENCE);
const INTRA = 'A1.1-A1.2-intra';
const OTHER = 'A1.2-A1.1-intra';
const THIRD = 'A2.1-A2.2-intra';

interface Shape {
  readonly path: string;
  readonly outcome?: Outcome;
  readonly failing?: boolean;
  readonly seen?: boolean;
  readonly since?: number;
}

function trouble({ failing = true, outcome = 'failed', path, seen = false, since = 1 }: Shape) {
  const word = { by: 'a person', atMs: 1, reason: 'seen' };
  const one: PathTrouble = {
    pathId: path,
    openCount: seen ? 0 : 2,
    openSinceMs: seen ? undefined : since,
    failingCount: failing ? 2 : 0,
    failingSinceMs: failing ? since : undefined,
    last: {
      ...closedResult({ outcome, pathId: path, decidedAtMs: 9 }),
      acknowledgement: seen ? word : undefined,
    },
  };
  return one;
}

describe('rows stand in the order of need', () => {
  test.each<readonly [string, readonly Shape[], readonly string[]]>([
    ['nothing', [], []],
    [
      'the older first',
      [
        { path: INTRA, since: 5 },
        { path: OTHER, since: 3 },
      ],
      [OTHER, INTRA],
    ],
    [
      'the worse before the older',
      [
        { path: INTRA, outcome: 'observer', since: 1 },
        { path: OTHER, since: 3 },
      ],
      [OTHER, INTRA],
    ],
    [
      'failing and unseen, failing and seen, well again',
      [
        { path: INTRA, failing: false },
        { path: OTHER, seen: true },
        { path: THIRD, outcome: 'passed' },
      ],
      [THIRD, OTHER, INTRA],
    ],
  ])('%s', (_, shapes, expected) => {
    const rows = attentionOf(PATHS, shapes.map(trouble));
    expect(rows.map(({ troubles: [first] }) => first.pathId)).toEqual(expected);
    expect(rows.every(({ frame }) => frame === undefined)).toBe(true);
  });
});

describe('a frame whose paths all fail is one row', () => {
  const ofB = PATHS.filter((path) => path.senderFrame === 'B' || path.receiverFrame === 'B');

  test('that names it, counts them and is as old as the oldest', () => {
    const troubles = ofB.map(({ id }, index) => trouble({ path: id, since: 100 - index }));
    const rows = attentionOf(PATHS, [...troubles, trouble({ path: INTRA })]);
    expect(rows.map(({ frame, troubles: of }) => [frame, of.length])).toEqual([
      [undefined, 1],
      ['B', ofB.length],
    ]);
    const [, whole] = rows;
    if (whole === undefined) throw new Error('no row of the frame');
    expect(sinceMs(whole)).toBe(101 - ofB.length);
    expect([isFailing(whole), isSeen(whole)]).toEqual([true, false]);
    expect(worstOf(whole).last.outcome).toBe('failed');
  });

  test.each([
    ['one of them is well', (index: number) => index > 0, true],
    ['one of them is well again', () => true, false],
  ])('but not where %s', (_, isThere, firstFails) => {
    const troubles = ofB
      .map(({ id }, index) => trouble({ path: id, failing: index > 0 || firstFails }))
      .filter((_one, index) => isThere(index));
    expect(attentionOf(PATHS, troubles).every(({ frame }) => frame === undefined)).toBe(true);
  });

  test('and every path stands in one row alone, though all fail', () => {
    const rows = attentionOf(
      PATHS,
      PATHS.map(({ id }) => trouble({ path: id })),
    );
    expect(rows.map(({ frame }) => frame)).toEqual(['A', 'B']);
    const shown = rows.flatMap(({ troubles }) => troubles.map(({ pathId }) => pathId));
    expect([...shown].sort()).toEqual(PATHS.map(({ id }) => id).sort());
  });
});
