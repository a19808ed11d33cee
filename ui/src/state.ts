// The one sentence of the canary page and its strip of cycles: what stands of each path, as the
// list of what needs a person has it.
import type { AttentionView } from '../../src/admin/views/attention-view.js';
import type { BoardPathView, BoardView } from '../../src/admin/views/board-view.js';
import { type WindowView, windowOver } from './live/windows.js';
import { attentionLook, isClean, isFailing, type Look, lookOf } from './outcome.js';

/** All that a judgement of the paths needs. */
export interface Scene {
  readonly board: BoardView;
  readonly attention: readonly AttentionView[];
  readonly windows: readonly WindowView[];
}

export type State =
  /** Nothing was judged yet. */
  | { readonly kind: 'empty' }
  /** Nothing was judged for too long: whatever the marks say is old. */
  | { readonly kind: 'silent'; readonly sinceMs: number }
  | { readonly kind: 'failing'; readonly failing: number; readonly sinceMs: number | undefined }
  | { readonly kind: 'unclean'; readonly unclean: number }
  /** Nothing is fired by the schedule. */
  | { readonly kind: 'paused' }
  /** What is not clean is so in a warm-up or a maintenance, and is held against nobody. */
  | { readonly kind: 'excused'; readonly excused: number }
  | { readonly kind: 'passing'; readonly paused: number };

/** Slots without a single verdict before the page says that the reactor is silent. */
const SILENT_SLOTS = 4;

export function stateOf(scene: Scene, nowMs: number): State {
  const { cadence, paths } = scene.board;
  const newest = paths.flatMap(({ last }) => last[0] ?? []);
  if (newest.length === 0) return { kind: 'empty' };
  const failing = paths.filter((path) => isFailingPath(path, scene));
  const paused = paths.filter(({ pathId }) => windowOver(scene.windows, 'pause', pathId)).length;
  const lastMs = Math.max(...newest.map(({ decidedAt }) => Date.parse(decidedAt)));
  const isSilent = nowMs - lastMs > SILENT_SLOTS * cadence.intervalMs && paused < paths.length;
  if (isSilent) return { kind: 'silent', sinceMs: lastMs };
  if (failing.length > 0) {
    const starts = failing.flatMap((path) => failingSinceMs(path, scene) ?? []);
    const sinceMs = starts.length === 0 ? undefined : Math.min(...starts);
    return { kind: 'failing', failing: failing.length, sinceMs };
  }
  const unclean = paths.filter((path) => !isCleanPath(path, scene));
  if (unclean.length > 0) return { kind: 'unclean', unclean: unclean.length };
  if (paused === paths.length) return { kind: 'paused' };
  const excused = newest.filter((verdict) => !isClean(lookOf(verdict))).length;
  return excused > 0 ? { kind: 'excused', excused } : { kind: 'passing', paused };
}

/** The look of the newest verdict; `undefined` before the first. */
export function pathLook({ last }: BoardPathView): Look | undefined {
  const [newest] = last;
  return newest === undefined ? undefined : lookOf(newest);
}

/**
 * The look that a path is judged by: of the newest verdict that no warm-up and no maintenance
 * excuses. Where none of those is shown any more, the list of what needs a person remembers it.
 */
export function standingLook(path: BoardPathView, { attention }: Scene): Look | undefined {
  const counted = path.last.find(({ maintenance, warmUp }) => !maintenance && !warmUp);
  if (counted !== undefined) return lookOf(counted);
  const row = failingRow(path, attention);
  return row && attentionLook(row.last);
}

function failingRow({ pathId }: BoardPathView, attention: readonly AttentionView[]) {
  return attention.find(({ failing, pathIds }) => failing && pathIds.includes(pathId));
}

/** Neither a degraded pass before it nor an excused failure counts. */
function failingSinceMs(path: BoardPathView, { attention }: Scene): number | undefined {
  const row = failingRow(path, attention);
  const starts = [path.unpassedSince, row?.since].flatMap((at) => at ?? []);
  return starts.length === 0 ? undefined : Math.max(...starts.map(Date.parse));
}

export function isFailingPath(path: BoardPathView, scene: Scene): boolean {
  const look = standingLook(path, scene);
  return look !== undefined && isFailing(look);
}

/** Nothing to look at: what stands is clean, and no test is open for too long. */
export function isCleanPath(path: BoardPathView, scene: Scene): boolean {
  const look = standingLook(path, scene);
  const isClear = look === undefined || isClean(look);
  if (path.overdue === 0 || !isClear) return isClear;
  return windowOver(scene.windows, 'maintenance', path.pathId) !== undefined;
}

/** The paths that began or ceased to fail between two readings. */
export function changesOf(before: Scene, after: Scene): readonly BoardPathView[] {
  const failing = before.board.paths.filter((path) => isFailingPath(path, before));
  const failed = new Set(failing.map(({ pathId }) => pathId));
  return after.board.paths.filter((path) => isFailingPath(path, after) !== failed.has(path.pathId));
}

/** One place of the strip of cycles. */
export interface StripMark {
  readonly cycleId: string;
  readonly at: string;
  readonly look: Look;
}

/** The newest closed cycle of the schedule, or by hand where that fired every path. */
export function lastClosedCycle(board: BoardView): BoardView['cycles'][number] | undefined {
  return board.cycles.find(
    ({ outcomes, planned, slot }) =>
      outcomes !== undefined && (slot !== undefined || planned === board.paths.length),
  );
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
