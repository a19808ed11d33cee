// How the validators do, summed up for one line.
import type { BoardView } from '../../../src/admin/views/board-view.js';

export interface Pipeline {
  readonly following: number;
  readonly total: number;
  /** Those that do not follow, `catching_up` among them. */
  readonly behind: number;
  readonly lagMs: number | undefined;
  readonly backstopped: number;
}

/** `undefined` while nobody can say. */
export function pipelineOf({ validators }: BoardView): Pipeline | undefined {
  if (validators === undefined) return undefined;
  const following = validators.filter(({ condition }) => condition === 'following').length;
  const lags = validators.flatMap(({ lagMs }) => lagMs ?? []);
  return {
    following,
    total: validators.length,
    behind: validators.length - following,
    lagMs: lags.length === 0 ? undefined : Math.max(...lags),
    backstopped: validators.reduce((sum, one) => sum + (one.backstopped ?? 0), 0),
  };
}
