// A cycle fired by hand: started in Temporal under an id of its moment, then waited for.
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { PathId } from '../../domain/path.js';
import type { Scoreboard } from '../../domain/scoreboard.js';
import { OUTCOMES } from '../../domain/verdict.js';
import type { StoredResult } from '../../ports.js';
import { type AdminDependencies, TemporalUnavailableError } from '../admin-dependencies.js';
import type { Answer } from '../answer.js';
import { awayDependency, type Context, messageOf } from '../operation.js';

/** How often progress is looked for while a cycle runs. */
const LOOK_EVERY_MS = 500;
/** Two people may start a cycle within one millisecond; more than this many may not. */
const START_ATTEMPTS = 5;

/** `hand-20261123T183000123Z`: names a cycle by the moment at which it was asked for. */
export function handCycleId(atMs: number): string {
  return `hand-${new Date(atMs).toISOString().replace(/[-:.]/g, '')}`;
}

export interface HandCycle {
  /** Empty: all paths. */
  readonly pathIds: readonly PathId[];
  /** Whether paused paths are fired as well. */
  readonly force?: boolean;
}

/**
 * Starts a cycle, once for a request that has an id: made again while the answer was lost on the
 * way, it finds the cycle that it started. Answers the cycle's id.
 */
export async function startHandCycle(
  deps: AdminDependencies,
  { force = false, pathIds }: HandCycle,
  { onStarted, requestId }: Context,
): Promise<string> {
  if (requestId !== undefined) {
    const cycleId = `hand-${requestId}`;
    await deps.cycles.start(cycleId, pathIds, force);
    onStarted?.({ cycleId, pathIds });
    return cycleId;
  }
  const nowMs = deps.clock.nowMs();
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt += 1) {
    const cycleId = handCycleId(nowMs + attempt);
    const state = await deps.cycles.start(cycleId, pathIds, force);
    if (state !== 'started') continue;
    onStarted?.({ cycleId, pathIds });
    return cycleId;
  }
  throw new Error(`${START_ATTEMPTS} cycles from ${handCycleId(nowMs)} on were started already`);
}

export interface Wait {
  readonly cycleId: string;
  readonly planned: number;
  readonly timeoutMs: number;
}

/** Waits for the cycle's scoreboard and tells progress; while Temporal is away it asks again. */
export async function awaitScoreboard(
  deps: AdminDependencies,
  wait: Wait,
  context: Context,
): Promise<Answer<Scoreboard>> {
  const left = new AbortController();
  // The client listens anew with every call of a long wait, and all of them end with it.
  setMaxListeners(0, left.signal);
  try {
    return await follow(deps, wait, context, left.signal);
  } finally {
    // What still asks Temporal would keep the process alive for as long as the server holds it.
    left.abort();
  }
}

async function follow(
  deps: AdminDependencies,
  wait: Wait,
  context: Context,
  left: AbortSignal,
): Promise<Answer<Scoreboard>> {
  const { clock } = deps;
  const endAtMs = clock.nowMs() + wait.timeoutMs;
  const tell = createProgress(deps, wait, context);
  const ask = createAsk(deps, wait.cycleId, context, left);
  await tell();
  let asking = ask();
  for (let leftMs = wait.timeoutMs; leftMs > 0; leftMs = endAtMs - clock.nowMs()) {
    const tick = pauseUnlessAborted(Math.min(LOOK_EVERY_MS, leftMs), context.signal);
    const first = await Promise.race([asking, tick]);
    if (typeof first === 'object') return { kind: 'done', value: first };
    if (context.signal.aborted) return endless('interrupted', wait.cycleId, 'you stopped waiting');
    if (first === 'away') asking = tick.then(ask);
    // Should it fail while progress is told, the next race hears of it.
    asking.catch(() => undefined);
    await tell();
  }
  return endless('timed_out', wait.cycleId, `no end within ${wait.timeoutMs / 1_000} s`);
}

function createAsk(deps: AdminDependencies, cycleId: string, context: Context, left: AbortSignal) {
  return async (): Promise<Scoreboard | 'away'> => {
    try {
      return await deps.cycles.scoreboard(cycleId, left);
    } catch (error) {
      if (!(error instanceof TemporalUnavailableError) || left.aborted) throw error;
      context.onProgress(`${error.message}; asking again`);
      return 'away';
    }
  };
}

function endless(kind: 'timed_out' | 'interrupted', cycleId: string, why: string): Answer<never> {
  return { kind, message: `${why}; cycle ${cycleId} goes on by itself` };
}

async function pauseUnlessAborted(ms: number, signal: AbortSignal): Promise<'tick'> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
  return 'tick';
}

/** Tells how many tests are decided whenever that has changed. */
function createProgress(deps: AdminDependencies, wait: Wait, context: Context) {
  let told = '';
  return async (): Promise<void> => {
    const message = await progressOf(deps, wait);
    if (message !== told) context.onProgress(message);
    told = message;
  };
}

async function progressOf(deps: AdminDependencies, wait: Wait): Promise<string> {
  try {
    const results = await deps.results.resultsOfCycle(wait.cycleId);
    if (results.length === 0 && (await deps.workers.alive()).length === 0) {
      return `cycle ${wait.cycleId}: no worker is alive, the cycle waits for one`;
    }
    return describeProgress(wait, results);
  } catch (error) {
    const away = awayDependency(error);
    if (away === undefined) throw error;
    return `cycle ${wait.cycleId}: progress is not known, ${messageOf(error)}`;
  }
}

function describeProgress({ cycleId, planned }: Wait, results: readonly StoredResult[]): string {
  const counts = OUTCOMES.map((outcome) => ({
    outcome,
    count: results.filter((result) => result.outcome === outcome).length,
  })).filter(({ count }) => count > 0);
  const decided = `cycle ${cycleId}: ${results.length}/${planned} decided`;
  return [decided, ...counts.map(({ outcome, count }) => `${count} ${outcome}`)].join(', ');
}
