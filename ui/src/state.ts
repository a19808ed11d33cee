// The one sentence of the canary page, and what needs a person: derived from the board alone.
import type { BoardPathView, BoardView } from '../../src/admin/views/board-view.js';
import { isClean, isFailing, type Look, lookOf } from './outcome.js';

export type State =
  /** Nothing was judged yet. */
  | { readonly kind: 'empty' }
  /** Nothing was judged for too long: whatever the marks say is old. */
  | { readonly kind: 'silent'; readonly sinceMs: number }
  | { readonly kind: 'failing'; readonly failing: number; readonly sinceMs: number | undefined }
  | { readonly kind: 'unclean'; readonly unclean: number }
  | { readonly kind: 'passing' };

/** Slots without a single verdict before the page says that the reactor is silent. */
const SILENT_SLOTS = 4;

export function stateOf(board: BoardView, nowMs: number): State {
  const newest = board.paths.flatMap(({ last }) => last[0] ?? []);
  if (newest.length === 0) return { kind: 'empty' };
  const lastMs = Math.max(...newest.map(({ decidedAt }) => Date.parse(decidedAt)));
  const silentAfterMs = SILENT_SLOTS * board.cadence.intervalMs;
  if (nowMs - lastMs > silentAfterMs) return { kind: 'silent', sinceMs: lastMs };
  const failing = board.paths.filter(isFailingPath);
  if (failing.length > 0) {
    const starts = failing.flatMap(({ unpassedSince }) => unpassedSince ?? []);
    const sinceMs = starts.length === 0 ? undefined : Math.min(...starts.map(Date.parse));
    return { kind: 'failing', failing: failing.length, sinceMs };
  }
  const unclean = board.paths.filter((path) => !isCleanPath(path));
  return unclean.length > 0 ? { kind: 'unclean', unclean: unclean.length } : { kind: 'passing' };
}

/** The look of the newest verdict; `undefined` before the first. */
export function pathLook({ last }: BoardPathView): Look | undefined {
  const [newest] = last;
  return newest === undefined ? undefined : lookOf(newest);
}

export function isFailingPath(path: BoardPathView): boolean {
  const look = pathLook(path);
  return look !== undefined && isFailing(look);
}

/** Nothing to look at: the newest verdict is clean, and no test is open for too long. */
export function isCleanPath(path: BoardPathView): boolean {
  const look = pathLook(path);
  return (look === undefined || isClean(look)) && path.overdue === 0;
}

/** The paths that began or ceased to fail between two readings. */
export function changesOf(before: BoardView, after: BoardView): readonly BoardPathView[] {
  const failed = new Set(before.paths.filter(isFailingPath).map(({ pathId }) => pathId));
  return after.paths.filter((path) => isFailingPath(path) !== failed.has(path.pathId));
}

/** One line of what needs a person. */
export type Attention =
  | {
      readonly kind: 'path';
      readonly path: BoardPathView;
      readonly look: Look;
      /** Verdicts with that look in a row, the newest among them. */
      readonly tests: number;
      readonly since: string | undefined;
      readonly recoveredAt: string | undefined;
    }
  /** Every path between two frames is red: one line that names them. */
  | {
      readonly kind: 'frames';
      readonly senderFrame: string;
      readonly receiverFrame: string;
      readonly look: Look;
      readonly paths: number;
      readonly since: string | undefined;
    };

/** Worst and oldest first. */
export function attentionOf({ paths }: BoardView): readonly Attention[] {
  const broken = brokenFrames(paths);
  const rows = paths
    .filter(
      (path) =>
        !broken.some(
          (one) => one.senderFrame === path.senderFrame && one.receiverFrame === path.receiverFrame,
        ),
    )
    .flatMap((path) => attentionOfPath(path) ?? []);
  return [...broken, ...rows].sort(worstAndOldestFirst);
}

/** Frames that answer nothing any more fill no screen with rows that say the same. */
const ROWS_TO_JOIN = 4;

function brokenFrames(
  paths: readonly BoardPathView[],
): readonly Extract<Attention, { kind: 'frames' }>[] {
  const pairs = new Map<string, BoardPathView[]>();
  for (const path of paths) {
    const key = `${path.senderFrame} ${path.receiverFrame}`;
    pairs.set(key, [...(pairs.get(key) ?? []), path]);
  }
  return [...pairs.values()].flatMap((pair) => {
    const [first] = pair;
    if (first === undefined || pair.length < ROWS_TO_JOIN || !pair.every(isFailingPath)) return [];
    const starts = pair.flatMap(({ unpassedSince }) => unpassedSince ?? []).sort();
    return [
      {
        kind: 'frames' as const,
        senderFrame: first.senderFrame,
        receiverFrame: first.receiverFrame,
        look: pathLook(first) ?? 'timeout',
        paths: pair.length,
        since: starts[0],
      },
    ];
  });
}

function attentionOfPath(path: BoardPathView): Attention | undefined {
  const looks = path.last.map(lookOf);
  const [newest] = looks;
  if (newest === undefined || newest === 'late') return undefined;
  if (!isClean(newest)) {
    const tests = looks.findIndex((look) => look !== newest);
    return {
      ...{ kind: 'path', path, look: newest, recoveredAt: undefined },
      tests: tests === -1 ? looks.length : tests,
      since: path.unpassedSince ?? path.last[(tests === -1 ? looks.length : tests) - 1]?.decidedAt,
    };
  }
  const recovered = looks.findIndex((look) => !isClean(look));
  const look = looks[recovered];
  if (look === undefined) return undefined;
  const run = looks.slice(recovered).findIndex((one) => one !== look);
  const tests = run === -1 ? looks.length - recovered : run;
  return {
    ...{ kind: 'path', path, look, tests },
    since: path.last[recovered + tests - 1]?.decidedAt,
    recoveredAt: path.last[recovered - 1]?.decidedAt,
  };
}

const RANKS: readonly Look[] = [
  'unreachable',
  'timeout',
  'rejected',
  'refunded',
  'finding',
  'degraded',
  'observer',
  'inconclusive',
  'unpaid',
  'unknown',
];

function worstAndOldestFirst(one: Attention, other: Attention): number {
  return (
    Number(isRecovered(one)) - Number(isRecovered(other)) ||
    RANKS.indexOf(one.look) - RANKS.indexOf(other.look) ||
    (one.since ?? '').localeCompare(other.since ?? '')
  );
}

function isRecovered(row: Attention): boolean {
  return row.kind === 'path' && row.recoveredAt !== undefined;
}

/** One place of the strip of cycles. */
export interface StripMark {
  readonly cycleId: string;
  readonly at: string;
  readonly look: Look;
}

/** The strip, the oldest left: what each scheduled cycle came to, and the slots never fired. */
export function stripOf(board: BoardView, places: number): readonly StripMark[] {
  const cycles = board.cycles.flatMap((cycle): readonly StripMark[] =>
    cycle.slot === undefined
      ? []
      : [{ cycleId: cycle.cycleId, at: cycle.slot, look: cycleLook(cycle) }],
  );
  const missed = (board.missedSlots?.recent ?? []).map((at) => ({
    cycleId: '',
    at,
    look: 'notfired' as const,
  }));
  const newestFirst = [...cycles, ...missed].sort((one, other) => (one.at < other.at ? 1 : -1));
  return newestFirst.slice(0, places).reverse();
}

function cycleLook(cycle: BoardView['cycles'][number]): Look {
  const { degraded = 0, failureSignals = [], findings = 0, outcomes, unknown = 0 } = cycle;
  if (outcomes === undefined) return 'open';
  const [signal] = failureSignals;
  if (outcomes.failed > 0) return signal ?? 'timeout';
  if (outcomes.inconclusive > 0) return 'inconclusive';
  if (outcomes.unpaid > 0) return 'unpaid';
  if (outcomes.observer > 0) return 'observer';
  if (findings > 0) return 'finding';
  if (degraded > 0) return 'degraded';
  if (unknown > 0 || (cycle.lost ?? 0) > 0) return 'unknown';
  return (cycle.late ?? 0) > 0 ? 'late' : 'passed';
}
