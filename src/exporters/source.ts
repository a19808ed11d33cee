// A source of metrics: asked at each scrape, bounded in time, and never able to break the scrape.
import type { Clock } from '../ports.js';
import type { Family } from './family.js';

/** What a source gave: in whole, or with the problem that kept the rest away. */
export interface Loaded {
  readonly families: readonly Family[];
  readonly problem?: unknown;
}

export interface SourceState {
  readonly source: string;
  readonly up: boolean;
  readonly seconds: number;
  readonly problem: unknown;
}

export interface Reading {
  readonly families: readonly Family[];
  readonly states: readonly SourceState[];
}

export interface Source {
  /** Never rejects: a source that is away has no families and says so in its state. */
  read(): Promise<Reading>;
}

export interface SourceOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly load: () => Promise<Loaded>;
  /** How long a complete answer is shown again before the source is asked anew. */
  readonly keepMs?: number;
}

/** Below Prometheus' default scrape timeout of 10 s, even where one source waits for another. */
export const SOURCE_MS_MAX = 3_000;
/** A question that is never answered is given up, so that its source can come back. */
const ABANDON_AFTER_MS = 30_000;

/** A source that asks one question at a time: while an answer is awaited, it is not asked again. */
export function createSource(options: SourceOptions): Source {
  const { clock, keepMs = 0 } = options;
  let kept: { readonly loaded: Loaded; readonly atMs: number } | undefined;
  let pending: { readonly answer: Promise<Loaded>; readonly sinceMs: number } | undefined;

  async function ask(): Promise<Loaded> {
    const loaded = await options.load();
    if (loaded.problem === undefined) kept = { loaded, atMs: clock.nowMs() };
    return loaded;
  }

  function load(): Promise<Loaded> {
    const nowMs = clock.nowMs();
    if (kept !== undefined && nowMs - kept.atMs < keepMs) return Promise.resolve(kept.loaded);
    if (pending !== undefined && nowMs - pending.sinceMs < ABANDON_AFTER_MS) return pending.answer;
    const answer = ask().finally(() => {
      if (pending?.answer === answer) pending = undefined;
    });
    pending = { answer, sinceMs: nowMs };
    return answer;
  }

  return { read: () => readOnce({ ...options, load }) };
}

/** One question to a source, for at most three seconds. */
export async function readOnce({ name, clock, load }: SourceOptions): Promise<Reading> {
  const startedAtMs = clock.nowMs();
  const { families, problem } = await within(SOURCE_MS_MAX, load).catch(
    (error: unknown): Loaded => ({ families: [], problem: error ?? 'unknown' }),
  );
  const seconds = Math.max(0, clock.nowMs() - startedAtMs) / 1_000;
  return { families, states: [{ source: name, up: problem === undefined, seconds, problem }] };
}

async function within<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
