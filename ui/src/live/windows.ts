// Pauses and maintenance windows as the page reads them.
export interface WindowView {
  readonly kind: 'pause' | 'maintenance';
  readonly window: number;
  /** Absent where it covers every path. */
  readonly pathId?: string | undefined;
  readonly from: string;
  readonly until: string;
  readonly active: boolean;
  readonly reason: string;
  readonly by: string;
  readonly setAt: string;
}

/** The active window of a kind over a path. */
export function windowOver(
  windows: readonly WindowView[],
  kind: WindowView['kind'],
  pathId: string,
): WindowView | undefined {
  return windows.find(
    (one) => one.kind === kind && one.active && (one.pathId === undefined || one.pathId === pathId),
  );
}
