// The matrix of paths: its arrows, its reading order, and its groups where columns run out.
import { describe, expect, test } from 'vitest';
import { frameGroups, moveIn, readingOrder } from '../../ui/src/canaries/matrix.js';
import { boardPath, boardView, FAILED, sceneOf, verdict } from './views.js';

describe('arrows in the matrix', () => {
  const paths = ['A1.1-A1.2-intra', 'A1.1-B1.1-async', 'A1.1-B1.1-2pc', 'B1.1-A1.1-2pc'].map((id) =>
    boardPath(id),
  );
  test.each([
    ['A1.1-A1.2-intra', 'ArrowRight', 'A1.1-B1.1-async'],
    ['A1.1-B1.1-2pc', 'ArrowLeft', 'A1.1-A1.2-intra'],
    ['A1.1-B1.1-async', 'ArrowDown', 'A1.1-B1.1-2pc'],
    ['A1.1-A1.2-intra', 'ArrowDown', 'B1.1-A1.1-2pc'],
    ['A1.1-A1.2-intra', 'ArrowUp', undefined],
    ['A1.1-B1.1-async', 'End', 'B1.1-A1.1-2pc'],
    ['A1.1-B1.1-async', 'x', undefined],
    ['gone', 'End', undefined],
  ])('%s %s', (from, key, to) => {
    expect(moveIn(paths, from, key)).toBe(to);
  });

  test('every path is read once', () => {
    expect(readingOrder(paths).map(({ pathId }) => pathId)).toEqual(paths.map((one) => one.pathId));
  });
});

describe('more registries than columns can hold', () => {
  const paths = ['A1.1-A2.1-intra', 'A1.1-B1.1-2pc', 'A2.1-B1.1-async', 'B1.1-A1.1-2pc'];
  const board = (over: Readonly<Record<string, Parameters<typeof boardPath>[1]>>) =>
    sceneOf(boardView({ paths: paths.map((id) => boardPath(id, over[id])) }));

  test('are grouped by frame, the group and in it the path that fails first', () => {
    const groups = frameGroups(board({ 'A2.1-B1.1-async': { last: [verdict(FAILED)] } }));
    expect(groups.map(({ key, unclean }) => [key, unclean])).toEqual([
      ['A B', 1],
      ['A A', 0],
      ['B A', 0],
    ]);
    expect(groups[0]?.paths.map(({ pathId }) => pathId)).toEqual([paths[2], paths[1]]);
  });

  test('what fails is worse than what is not clean, and that than what passes', () => {
    const groups = frameGroups(
      board({
        'A1.1-A2.1-intra': { last: [verdict({ degraded: true })] },
        'B1.1-A1.1-2pc': { last: [verdict(FAILED)] },
      }),
    );
    expect(groups.map(({ key }) => key)).toEqual(['B A', 'A A', 'A B']);
  });
});
