// What needs a person: paths that fail, and failures that nobody has seen though the path is well
// again. One row for each path; one for a frame where every path of it fails.
import type { FrameId } from './frame.js';
import type { Path, PathId } from './path.js';
import { type ClosedResult, WORST_FIRST } from './scoreboard.js';

/** An operator has seen it, and says why it is as it is. */
export interface Acknowledgement {
  readonly by: string;
  readonly atMs: number;
  readonly reason: string;
}

/** A path as the store tells of it; tests of warm-ups and maintenance are left out. */
export interface PathTrouble<R extends ClosedResult = ClosedResult> {
  readonly pathId: PathId;
  /** Tests that are not clean and that nobody has acknowledged. */
  readonly openCount: number;
  /** The verdict of the oldest of them. */
  readonly openSinceMs: number | undefined;
  /** How many tests in a row, up to the newest, are not clean. */
  readonly failingCount: number;
  readonly failingSinceMs: number | undefined;
  /** The newest test that is not clean. */
  readonly last: R & { readonly acknowledgement: Acknowledgement | undefined };
}

export interface Attention<R extends ClosedResult = ClosedResult> {
  /** Set where the row stands for all paths of a frame. */
  readonly frame: FrameId | undefined;
  /** Of the matrix' order, one or more. */
  readonly troubles: readonly [PathTrouble<R>, ...PathTrouble<R>[]];
}

/** Worst first, then the oldest; all paths of a frame that fail together are one row. */
export function attentionOf<R extends ClosedResult>(
  paths: readonly Path[],
  troubles: readonly PathTrouble<R>[],
): readonly Attention<R>[] {
  const byPath = new Map(troubles.map((one) => [one.pathId, one]));
  const frames = [...new Set(paths.flatMap((path) => [path.senderFrame, path.receiverFrame]))];
  const rows: Attention<R>[] = [];
  const shown = new Set<PathId>();
  const show = (frame: FrameId | undefined, of: readonly Path[]) => {
    const [first, ...others] = of.flatMap(({ id }) =>
      shown.has(id) ? [] : (byPath.get(id) ?? []),
    );
    for (const { id } of of) shown.add(id);
    if (first !== undefined) rows.push({ frame, troubles: [first, ...others] });
  };
  for (const frame of frames) {
    const own = paths.filter((path) => path.senderFrame === frame || path.receiverFrame === frame);
    const fails = ({ id }: Path) => (byPath.get(id)?.failingCount ?? 0) > 0;
    if (own.length > 1 && own.every(fails)) show(frame, own);
  }
  for (const path of paths) show(undefined, [path]);
  return rows.sort(worstFirst);
}

export function isFailing({ troubles }: Attention): boolean {
  return troubles.some(({ failingCount }) => failingCount > 0);
}

/** Whether somebody has seen all of it. */
export function isSeen({ troubles }: Attention): boolean {
  return troubles.every(({ openCount }) => openCount === 0);
}

/** Since when it fails, or the oldest failure that nobody has seen. */
export function sinceMs({ troubles }: Attention): number {
  const moments = troubles.map(
    ({ failingSinceMs, last, openSinceMs }) => failingSinceMs ?? openSinceMs ?? last.decidedAtMs,
  );
  return Math.min(...moments);
}

/** The one of a row that says most: the worst outcome, of those the newest. */
export function worstOf<R extends ClosedResult>({ troubles }: Attention<R>): PathTrouble<R> {
  const [worst] = [...troubles].sort(
    (one, other) =>
      severity(one) - severity(other) || other.last.decidedAtMs - one.last.decidedAtMs,
  );
  return worst ?? troubles[0];
}

function worstFirst(one: Attention, other: Attention): number {
  return (
    urgency(one) - urgency(other) ||
    severity(worstOf(one)) - severity(worstOf(other)) ||
    sinceMs(one) - sinceMs(other)
  );
}

/** Failing and unseen, failing and seen, well again and unseen. */
function urgency(row: Attention): number {
  if (!isFailing(row)) return 2;
  return isSeen(row) ? 1 : 0;
}

function severity({ last }: PathTrouble): number {
  return WORST_FIRST.indexOf(last.outcome);
}
