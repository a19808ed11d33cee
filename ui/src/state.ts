// The one sentence of the canary page and its strip of cycles: derived from the board alone.
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
