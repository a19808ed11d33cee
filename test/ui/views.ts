// Answers of the API as the page's own modules need them.
import type { AttentionView } from '../../src/admin/views/attention-view.js';
import type { BoardPathView, BoardView } from '../../src/admin/views/board-view.js';
import type { ResultView } from '../../src/admin/views/result-view.js';
import type { WindowView } from '../../ui/src/live/windows.js';
import type { Scene } from '../../ui/src/state.js';

export const NOW_MS = Date.parse('2026-11-23T18:30:00.000Z');

export function at(secondsAgo: number): string {
  return new Date(NOW_MS - secondsAgo * 1_000).toISOString();
}

export function resultView(over: Partial<ResultView> = {}): ResultView {
  return {
    testId: 'test',
    cycleId: '20261123T183000Z',
    pathId: 'A1.1-B1.1-async',
    backend: 'async',
    amount: '0.010000',
    outcome: 'passed',
    missing: [],
    reason: '',
    decidedAt: at(0),
    late: false,
    degraded: false,
    clean: true,
    warmUp: false,
    maintenance: false,
    findingCount: 0,
    correctionCount: 0,
    unaskedFrames: [],
    absent: [],
    absentEvents: [],
    unobserved: [],
    ...over,
  };
}

type Verdict = BoardPathView['last'][number];

export function verdict(over: Partial<Verdict> = {}): Verdict {
  return {
    testId: 'test',
    outcome: 'passed',
    late: false,
    degraded: false,
    unknown: false,
    findings: 0,
    warmUp: false,
    maintenance: false,
    decidedAt: at(0),
    ...over,
  };
}

export const FAILED = { outcome: 'failed', failureSignal: 'timeout' } as const;

export function boardPath(pathId: string, over: Partial<BoardPathView> = {}): BoardPathView {
  const [sender = '', receiver = '', backend = ''] = pathId.split('-');
  const registry = (seat: string) => seat.split('.')[0] ?? '';
  return {
    pathId,
    backend: backend === 'intra' || backend === '2pc' ? backend : 'async',
    sender: `${registry(sender)}:canary-${sender.split('.')[1]}`,
    receiver: `${registry(receiver)}:canary-${receiver.split('.')[1]}`,
    senderRegistry: registry(sender),
    receiverRegistry: registry(receiver),
    senderFrame: sender.slice(0, 1),
    receiverFrame: receiver.slice(0, 1),
    last: [verdict()],
    open: 0,
    overdue: 0,
    passed: 1,
    of: 1,
    ...over,
  };
}

export function boardView(over: Partial<BoardView> = {}): BoardView {
  const both = { softMs: 30_000, finalMs: 420_000 };
  return {
    at: at(0),
    away: [],
    paths: [],
    agents: [],
    cycles: [],
    nextCycleAt: at(-20),
    totals: { passed: 0, of: 0 },
    latency: {},
    shape: { frames: [], lanes: 2, paths: { intra: 0, async: 0, '2pc': 0 } },
    cadence: { intervalMs: 60_000, spreadMs: 40_000, amount: '0.010000' },
    requirements: { intra: '', async: '', '2pc': '' },
    deadlines: { intra: both, async: both, '2pc': both },
    links: {},
    ...over,
  };
}

/** A board with nothing that needs a person beside it, unless a case says so. */
export function sceneOf(board: BoardView, beside: Partial<Omit<Scene, 'board'>> = {}): Scene {
  return { board, attention: [], windows: [], ...beside };
}

export function trouble(
  pathIds: readonly [string, ...string[]],
  over: Partial<AttentionView> = {},
): AttentionView {
  return {
    pathIds: [...pathIds],
    failing: true,
    since: at(0),
    failingTests: 1,
    openTests: 1,
    last: {
      testId: 'test',
      pathId: pathIds[0],
      ...FAILED,
      flags: [],
      reason: '',
      absent: [],
      decidedAt: at(0),
    },
    ...over,
  };
}

export function windowView(over: Partial<WindowView> = {}): WindowView {
  return {
    kind: 'maintenance',
    window: 1,
    from: at(60),
    until: at(-60),
    active: true,
    reason: 'a new store',
    by: 'me',
    setAt: at(60),
    ...over,
  };
}
