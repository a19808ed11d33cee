// What the public is told of paths: by registries and backend, never by agent; the lanes of one
// route are one thing to them.
import type { Path, PathId } from './path.js';
import type { Outcome } from './verdict.js';

/** `A1-B1-async`: from a registry, to a registry, by a backend. */
export type RouteId = string;

export const ROUTE_STATES = ['passing', 'failing', 'unknown'] as const;
export type RouteState = (typeof ROUTE_STATES)[number];

export function routeOf({ backend, receiverRegistry, senderRegistry }: Path): RouteId {
  return `${senderRegistry}-${receiverRegistry}-${backend}`;
}

/** The routes of a matrix in its order, each with its paths. */
export function routesOf(paths: readonly Path[]): ReadonlyMap<RouteId, readonly PathId[]> {
  const routes = new Map<RouteId, PathId[]>();
  for (const path of paths) {
    const route = routeOf(path);
    routes.set(route, [...(routes.get(route) ?? []), path.id]);
  }
  return routes;
}

export interface NewestVerdict {
  readonly pathId: PathId;
  readonly outcome: Outcome;
  readonly decidedAtMs: number;
}

/**
 * A route fails with any of its paths. Where the newest verdict of a path is too old, or says
 * nothing of the platform, nothing is known of the route; that is never shown as passing.
 */
export function routeState(
  pathIds: readonly PathId[],
  newest: readonly NewestVerdict[],
  notBeforeMs: number,
): RouteState {
  const states = pathIds.map((pathId) => {
    const verdict = newest.find((one) => one.pathId === pathId);
    if (verdict === undefined || verdict.decidedAtMs < notBeforeMs) return 'unknown';
    if (verdict.outcome === 'failed') return 'failing';
    return verdict.outcome === 'passed' ? 'passing' : 'unknown';
  });
  return worstOf(states);
}

/** Failing is worse than unknown, unknown worse than passing; of nothing, nothing is known. */
export function worstOf(states: readonly RouteState[]): RouteState {
  if (states.includes('failing')) return 'failing';
  return states.length === 0 || states.includes('unknown') ? 'unknown' : 'passing';
}
