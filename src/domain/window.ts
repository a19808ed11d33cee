// A window that an operator has set: while a path is paused it is not fired; while it is in
// maintenance it is fired and its results are marked. Either ends by itself.
import type { Path, PathId } from './path.js';

export const WINDOW_KINDS = ['pause', 'maintenance'] as const;
export type WindowKind = (typeof WINDOW_KINDS)[number];

/** Nobody remembers a pause for longer. */
export const WINDOW_MS_MAX = 30 * 24 * 3_600_000;

export interface NewWindow {
  readonly kind: WindowKind;
  /** `undefined`: every path. */
  readonly pathId: PathId | undefined;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly reason: string;
  readonly by: string;
  readonly setAtMs: number;
}

export interface OperatorWindow extends NewWindow {
  readonly windowId: number;
  /** Who ended it before its time, and when. */
  readonly ended: { readonly by: string; readonly atMs: number } | undefined;
}

/** A path that a cycle did not fire, and why. */
export interface PausedPath {
  readonly pathId: PathId;
  readonly reason: string;
}

export function isActive(window: OperatorWindow, nowMs: number): boolean {
  const { ended, fromMs, untilMs } = window;
  return ended === undefined && fromMs <= nowMs && nowMs < untilMs;
}

/** The active window of a kind that covers a path; of several the one that lasts longest. */
export function windowOver(
  windows: readonly OperatorWindow[],
  kind: WindowKind,
  pathId: PathId,
  nowMs: number,
): OperatorWindow | undefined {
  return windows
    .filter((one) => one.kind === kind && isActive(one, nowMs))
    .filter((one) => one.pathId === undefined || one.pathId === pathId)
    .sort((one, other) => other.untilMs - one.untilMs)[0];
}

/** Why a path is paused, in words that stand by themselves. */
export function describePause({ by, reason, untilMs }: OperatorWindow): string {
  return `paused by ${by} until ${new Date(untilMs).toISOString()}: ${reason}`;
}

/** Those of the paths that are paused now. */
export function pausedPaths(
  windows: readonly OperatorWindow[],
  paths: readonly Path[],
  nowMs: number,
): readonly PausedPath[] {
  return paths.flatMap(({ id }) => {
    const pause = windowOver(windows, 'pause', id, nowMs);
    return pause === undefined ? [] : [{ pathId: id, reason: describePause(pause) }];
  });
}
