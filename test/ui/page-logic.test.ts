// Addresses, connection, looks and the one sentence of the page.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BoardView } from '../../src/admin/views/board-view.js';
import { needsWord } from '../../ui/src/canaries/needs-word.js';
import { connectionOf, READ_EVERY_MS, retryWaitMs } from '../../ui/src/connection.js';
import {
  attentionLook,
  isClean,
  isFailing,
  LOOKS,
  type Look,
  lookOf,
} from '../../ui/src/outcome.js';
import { formatRoute, parseRoute, type Route } from '../../ui/src/route.js';
import { changesOf, lastClosedCycle, type State, stateOf, stripOf } from '../../ui/src/state.js';
import { type Tab, type TabFacts, tabOf } from '../../ui/src/tab.js';
import {
  at,
  boardPath,
  boardView,
  FAILED,
  NOW_MS,
  resultView,
  sceneOf,
  trouble,
  verdict,
  windowView,
} from './views.js';

describe('addresses', () => {
  test.each([
    ['', { page: 'canaries' }],
    ['#/admin/canaries', { page: 'canaries' }],
    ['#/admin/canaries/paths/A1.1-B1.1-async', { page: 'canaries', path: 'A1.1-B1.1-async' }],
    ['#/admin/canaries/paths/p/t%2F1', { page: 'canaries', path: 'p', test: 't/1' }],
    ['#/admin/auditor', { page: 'auditor' }],
    ['#/admin/other', { page: 'unknown', hash: '#/admin/other' }],
    ['#/admin/canaries/paths/', { page: 'unknown', hash: '#/admin/canaries/paths/' }],
    ['#/admin/canaries/paths/a/b/c', { page: 'unknown', hash: '#/admin/canaries/paths/a/b/c' }],
    ['#/admin/canaries/paths/%E0', { page: 'unknown', hash: '#/admin/canaries/paths/%E0' }],
  ] satisfies [string, Route][])('%s', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
  });

  test('what is written is read back, whatever a path and a test are called', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(name, fc.option(name, { nil: undefined }), (path, id) => {
        const route = {
          page: 'canaries',
          path,
          ...(id === undefined ? {} : { test: id }),
        } as const;
        expect(parseRoute(formatRoute(route))).toEqual(route);
      }),
    );
  });
});

describe('the connection', () => {
  const live = { nowMs: 100_000, readAtMs: 99_000, lostAtMs: undefined, nextTryAtMs: undefined };
  test.each([
    ['nothing read yet', { ...live, readAtMs: undefined }, { kind: 'loading' }],
    ['fresh', live, { kind: 'live' }],
    ['as old as it may be', { ...live, readAtMs: 100_000 - 2 * READ_EVERY_MS }, { kind: 'live' }],
    ['older', { ...live, readAtMs: 69_000 }, { kind: 'stale', ageMs: 31_000 }],
    ['lost just now', { ...live, lostAtMs: 99_000 }, { kind: 'live' }],
    [
      'lost',
      { ...live, lostAtMs: 90_000, nextTryAtMs: 104_000 },
      { kind: 'lost', sinceMs: 90_000, nextTryInMs: 4_000 },
    ],
    [
      'lost, trying',
      { ...live, lostAtMs: 90_000 },
      { kind: 'lost', sinceMs: 90_000, nextTryInMs: undefined },
    ],
    [
      'lost before anything was read',
      { ...live, readAtMs: undefined, lostAtMs: 90_000, nextTryAtMs: 99_000 },
      { kind: 'lost', sinceMs: 90_000, nextTryInMs: 0 },
    ],
  ])('%s', (_, facts, expected) => {
    expect(connectionOf(facts)).toEqual(expected);
  });

  test('tries double and stay within bounds', () => {
    expect([0, 1, 2, 3].map((tries) => retryWaitMs(tries, 1))).toEqual([
      1_000, 2_000, 4_000, 8_000,
    ]);
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (tries, share) => {
        const waitMs = retryWaitMs(tries, share);
        expect(waitMs).toBeGreaterThanOrEqual(750);
        expect(waitMs).toBeLessThanOrEqual(15_000);
      }),
    );
  });
});

describe('the look of a verdict is what is worst about it', () => {
  test.each([
    [verdict(), 'passed'],
    [verdict({ late: true }), 'late'],
    [verdict({ late: true, unknown: true }), 'unknown'],
    [verdict({ late: true, degraded: true, unknown: true }), 'degraded'],
    [verdict({ degraded: true, findings: 1 }), 'finding'],
    [verdict({ outcome: 'observer', findings: 1 }), 'observer'],
    [verdict({ outcome: 'unpaid' }), 'unpaid'],
    [verdict({ outcome: 'failed', failureSignal: 'refunded', findings: 2 }), 'refunded'],
  ] as const)('%#', (one, look) => {
    expect(lookOf(one)).toBe(look);
  });

  test('only a failure is failing, only a pass is clean', () => {
    const failing: Look[] = ['refunded', 'timeout', 'rejected', 'unreachable'];
    expect(LOOKS.filter(isFailing)).toEqual(failing);
    expect(LOOKS.filter(isClean)).toEqual(['passed', 'late']);
  });
});

describe('the one sentence', () => {
  const PATHS = ['A1.1-A1.2-intra', 'A1.1-B1.1-async', 'A1.1-B1.1-2pc'];
  const withPaths = (...over: Parameters<typeof boardPath>[1][]) =>
    boardView({ paths: PATHS.map((id, index) => boardPath(id, over[index])) });
  const cases: readonly [what: string, board: ReturnType<typeof boardView>, state: State][] = [
    ['nothing yet', withPaths({ last: [] }, { last: [] }, { last: [] }), { kind: 'empty' }],
    ['all pass', withPaths(), { kind: 'passing', paused: 0 }],
    [
      'one fails since its first failure',
      withPaths({}, { last: [verdict(FAILED)], unpassedSince: at(432) }),
      { kind: 'failing', failing: 1, sinceMs: NOW_MS - 432_000 },
    ],
    [
      'the oldest of two counts',
      withPaths(
        { last: [verdict(FAILED)], unpassedSince: at(60) },
        { last: [verdict(FAILED)], unpassedSince: at(90) },
      ),
      { kind: 'failing', failing: 2, sinceMs: NOW_MS - 90_000 },
    ],
    [
      'not clean',
      withPaths({ last: [verdict({ degraded: true })] }),
      { kind: 'unclean', unclean: 1 },
    ],
    ['overdue', withPaths({ open: 1, overdue: 1 }), { kind: 'unclean', unclean: 1 }],
    [
      'observer is not held against the path',
      withPaths({ last: [verdict({ outcome: 'observer' })] }),
      { kind: 'unclean', unclean: 1 },
    ],
  ];
  test.each(cases)('%s', (_, board, state) => {
    expect(stateOf(sceneOf(board), NOW_MS)).toEqual(state);
  });

  test('old marks say nothing', () => {
    const sinceMs = NOW_MS;
    const state = (nowMs: number) => stateOf(sceneOf(withPaths()), nowMs);
    expect(state(NOW_MS + 240_000)).toEqual({ kind: 'passing', paused: 0 });
    expect(state(NOW_MS + 240_001)).toEqual({ kind: 'silent', sinceMs });
  });
});

describe('what stands of a path is what the list of troubles says of it', () => {
  const [FIRST, SECOND] = ['A1.1-A1.2-intra', 'A1.1-B1.1-async'] as const;
  const excused = { ...FAILED, maintenance: true };
  const whole = { kind: 'pause', pathId: undefined } as const;
  const cases: readonly [
    what: string,
    first: Parameters<typeof boardPath>[1],
    beside: Parameters<typeof sceneOf>[1],
    state: State,
  ][] = [
    ['a failure in maintenance', { last: [verdict(excused)] }, {}, { kind: 'excused', excused: 1 }],
    [
      'a failure in the warm-up',
      { last: [verdict({ ...FAILED, warmUp: true })] },
      {},
      { kind: 'excused', excused: 1 },
    ],
    [
      'a failure before the maintenance still stands',
      { last: [verdict(excused), verdict(FAILED)], unpassedSince: at(60) },
      {},
      { kind: 'failing', failing: 1, sinceMs: NOW_MS - 60_000 },
    ],
    [
      'though its mark has moved out of sight',
      { last: [verdict(excused)], unpassedSince: at(900) },
      { attention: [trouble([FIRST], { since: at(600) })] },
      { kind: 'failing', failing: 1, sinceMs: NOW_MS - 600_000 },
    ],
    [
      'a pass in maintenance mends nothing before it',
      { last: [verdict({ maintenance: true }), verdict(FAILED)] },
      { attention: [trouble([FIRST], { since: at(60) })] },
      { kind: 'failing', failing: 1, sinceMs: NOW_MS - 60_000 },
    ],
    [
      'well again, though nobody has seen it',
      {},
      { attention: [trouble([FIRST], { failing: false })] },
      { kind: 'passing', paused: 0 },
    ],
    [
      'overdue in maintenance',
      { open: 1, overdue: 1 },
      { windows: [windowView({ pathId: FIRST })] },
      { kind: 'passing', paused: 0 },
    ],
    [
      'one is paused',
      {},
      { windows: [windowView({ kind: 'pause', pathId: SECOND })] },
      { kind: 'passing', paused: 1 },
    ],
    ['all are paused', {}, { windows: [windowView(whole)] }, { kind: 'paused' }],
    [
      'all are paused, and one fails',
      { last: [verdict(FAILED)], unpassedSince: at(60) },
      { windows: [windowView(whole)] },
      { kind: 'failing', failing: 1, sinceMs: NOW_MS - 60_000 },
    ],
    [
      'the pause comes later',
      {},
      { windows: [windowView({ ...whole, active: false })] },
      { kind: 'passing', paused: 0 },
    ],
  ];
  test.each(cases)('%s', (_, first, beside, state) => {
    const board = boardView({ paths: [boardPath(FIRST, first), boardPath(SECOND)] });
    expect(stateOf(sceneOf(board, beside), NOW_MS)).toEqual(state);
  });

  test('nothing is silent where nothing is to be fired', () => {
    const board = boardView({ paths: [boardPath(FIRST)] });
    const paused = sceneOf(board, { windows: [windowView(whole)] });
    expect(stateOf(paused, NOW_MS + 3_600_000)).toEqual({ kind: 'paused' });
  });
});

describe('the tab says what the page says', () => {
  const facts = {
    page: 'canaries',
    connection: 'live',
    state: { kind: 'passing', paused: 0 },
    audited: 'ok',
    isBroken: false,
  } as const;
  const failing = { kind: 'failing', failing: 2, sinceMs: undefined } as const;
  const cases: readonly [what: string, facts: TabFacts, tab: Tab][] = [
    [
      'the page is broken',
      { ...facts, isBroken: true },
      { icon: 'unknown', says: { kind: 'defect' } },
    ],
    ['all is well', facts, { icon: 'well', says: { kind: 'nothing' } }],
    [
      'some fail',
      { ...facts, state: failing },
      { icon: 'failing', says: { kind: 'failing', count: 2 } },
    ],
    [
      'some are not clean',
      { ...facts, state: { kind: 'unclean', unclean: 1 } },
      { icon: 'unclean', says: { kind: 'unclean', count: 1 } },
    ],
    [
      'what fails is excused',
      { ...facts, state: { kind: 'excused', excused: 1 } },
      { icon: 'well', says: { kind: 'nothing' } },
    ],
    [
      'nothing is judged',
      { ...facts, state: { kind: 'silent', sinceMs: 0 } },
      { icon: 'unclean', says: { kind: 'silent' } },
    ],
    ['lost', { ...facts, connection: 'lost' }, { icon: 'unknown', says: { kind: 'lost' } }],
    [
      'lost while some fail',
      { ...facts, connection: 'stale', state: failing },
      { icon: 'unknown', says: { kind: 'lost' } },
    ],
    [
      'the supply is wrong, the auditor is open',
      { ...facts, page: 'auditor', audited: 'violated' },
      { icon: 'failing', says: { kind: 'violated' } },
    ],
    [
      'the supply is wrong, the canaries are open',
      { ...facts, audited: 'violated' },
      { icon: 'well', says: { kind: 'nothing' } },
    ],
    [
      'some fail, the auditor is open',
      { ...facts, page: 'auditor', state: failing },
      { icon: 'well', says: { kind: 'nothing' } },
    ],
  ];
  test.each(cases)('%s', (_, given, tab) => {
    expect(tabOf(given)).toEqual(tab);
  });
});

describe('the look of what needs a person', () => {
  test.each([
    [{ outcome: 'failed', failureSignal: 'refunded', flags: ['1 correction'] }, 'refunded'],
    [{ outcome: 'passed', flags: ['late', 'degraded'] }, 'degraded'],
    [{ outcome: 'passed', flags: ['degraded', '2 findings'] }, 'finding'],
    [{ outcome: 'passed', flags: ['unknown', '1 correction'] }, 'unknown'],
    [{ outcome: 'observer', flags: [] }, 'observer'],
  ] as const)('%j', (last, look) => {
    expect(attentionLook(last)).toBe(look);
  });
});

describe('which tests ask for a word', () => {
  const acknowledgement = { by: 'me', at: at(0), reason: 'known' };
  test.each([
    ['a failure', resultView({ clean: false }), true],
    ['a clean one', resultView(), false],
    ['one that somebody has seen', resultView({ clean: false, acknowledgement }), false],
    ['one of a warm-up', resultView({ clean: false, warmUp: true }), false],
    ['one of a maintenance', resultView({ clean: false, maintenance: true }), false],
    ['one without a verdict', undefined, false],
  ])('%s', (_, result, expected) => {
    expect(needsWord({ result })).toBe(expected);
  });
});

describe('what is told aloud', () => {
  test('is what began or ceased to fail, and nothing else', () => {
    const ids = ['A1.1-A1.2-intra', 'A1.1-B1.1-async', 'A1.1-B1.1-2pc', 'A1.2-B1.2-2pc'];
    const board = (failing: readonly number[], degraded: readonly number[] = []) =>
      boardView({
        paths: ids.map((id, index) => {
          const over = failing.includes(index) ? FAILED : { degraded: degraded.includes(index) };
          return boardPath(id, { last: [verdict(over)] });
        }),
      });
    const changed = changesOf(sceneOf(board([0, 1])), sceneOf(board([1, 2], [3])));
    expect(changed.map(({ pathId }) => pathId)).toEqual([ids[0], ids[2]]);
  });
});

describe('the strip of cycles', () => {
  const outcomes = { passed: 30, failed: 0, observer: 0, inconclusive: 0, unpaid: 0 };
  const cycle = (minutes: number, over: object = {}) => ({
    cycleId: `c${minutes}`,
    slot: at(minutes * 60),
    startedAt: at(minutes * 60),
    planned: 30,
    ...over,
  });
  test('the oldest left, missed slots in their place, cycles by hand left out', () => {
    const board = boardView({
      cycles: [
        cycle(0),
        cycle(1, { outcomes, degraded: 1 }),
        { ...cycle(2), slot: undefined },
        cycle(3, { outcomes: { ...outcomes, failed: 1 }, failureSignals: ['refunded'] }),
        cycle(4, { outcomes }),
      ],
      missedSlots: { total: 1, recent: [at(120)] },
    });
    expect(stripOf(board, 4).map(({ look }) => look)).toEqual([
      'refunded',
      'notfired',
      'degraded',
      'open',
    ]);
  });

  test.each<readonly [string, readonly object[], string | undefined]>([
    ['of the schedule', [cycle(0), cycle(1, { outcomes })], 'c1'],
    ['by hand, of every path', [{ ...cycle(1, { outcomes, planned: 2 }), slot: undefined }], 'c1'],
    [
      'by hand, of one path',
      [{ ...cycle(1, { outcomes, planned: 1 }), slot: undefined }],
      undefined,
    ],
  ])('the last closed cycle may be one %s', (_, cycles, cycleId) => {
    const paths = ['A1.1-A1.2-intra', 'A1.1-B1.1-async'].map((id) => boardPath(id));
    const board = boardView({ cycles: cycles as BoardView['cycles'], paths });
    expect(lastClosedCycle(board)?.cycleId).toBe(cycleId);
  });
});
