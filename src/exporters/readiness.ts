// Whether the exporter can show what it is for: both stores answer.
import type { Clock, ResultStore, StampStore } from '../ports.js';
import { readOnce } from './source.js';

export interface ReadinessDependencies {
  readonly clock: Clock;
  readonly results: Pick<ResultStore, 'ping'>;
  readonly stamps: Pick<StampStore, 'ping'>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly dependencies: readonly {
    readonly name: string;
    readonly ready: boolean;
    readonly problem: string | undefined;
  }[];
}

/** Asks both stores anew, for at most three seconds. */
export async function readinessOf({
  clock,
  results,
  stamps,
}: ReadinessDependencies): Promise<Readiness> {
  const readings = await Promise.all([
    readOnce({ name: 'postgres', clock, load: () => silently(results.ping()) }),
    readOnce({ name: 'redis', clock, load: () => silently(stamps.ping()) }),
  ]);
  const states = readings.flatMap((reading) => reading.states);
  return {
    ready: states.every(({ up }) => up),
    dependencies: states.map(({ source, up, problem }) => ({
      name: source,
      ready: up,
      problem: problem === undefined ? undefined : problemText(problem),
    })),
  };
}

export function problemText(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}

async function silently(ping: Promise<void>) {
  await ping;
  return { families: [] };
}
