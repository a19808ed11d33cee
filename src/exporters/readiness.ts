// Whether the exporter can show what it is for, with every dependency by name: both stores must
// answer; what else is away hides its own series alone.
import type { Clock, ResultStore, StampStore } from '../ports.js';
import { readOnce, type Source } from './source.js';

export interface ReadinessDependencies {
  readonly clock: Clock;
  readonly results: Pick<ResultStore, 'ping'>;
  readonly stamps: Pick<StampStore, 'ping'>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly dependencies: readonly DependencyState[];
}

export interface DependencyState {
  readonly name: string;
  /** Whether the exporter is not ready without it. */
  readonly required: boolean;
  readonly ready: boolean;
  readonly problem: string | undefined;
}

/** Asks both stores anew and the other sources as a scrape does, for at most three seconds. */
export async function readinessOf(
  { clock, results, stamps }: ReadinessDependencies,
  others: readonly Source[],
): Promise<Readiness> {
  const [stores, rest] = await Promise.all([
    Promise.all([
      readOnce({ name: 'postgres', clock, load: () => silently(results.ping()) }),
      readOnce({ name: 'redis', clock, load: () => silently(stamps.ping()) }),
    ]),
    Promise.all(others.map((source) => source.read())),
  ]);
  const dependencies = [
    ...stores.flatMap(({ states }) => states.map((state) => ({ ...state, required: true }))),
    ...rest.flatMap(({ states }) => states.map((state) => ({ ...state, required: false }))),
  ].map(({ source, required, up, problem }) => ({
    name: source,
    required,
    ready: up,
    problem: problem === undefined ? undefined : problemText(problem),
  }));
  return { ready: dependencies.every(({ ready, required }) => ready || !required), dependencies };
}

function problemText(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}

async function silently(ping: Promise<void>) {
  await ping;
  return { families: [] };
}
