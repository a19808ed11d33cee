// What each worker that lives serves itself: the SDK's metrics, and what it says of its needs.
import type { Clock, WorkerEntry } from '../ports.js';
import type { Family } from './family.js';
import { fetchFamilies } from './fetch-families.js';
import { sdkFamilies } from './sdk-families.js';
import { type Reading, readOnce, SOURCE_MS_MAX } from './source.js';
import { fetchReadiness } from './worker-readiness.js';

/** A worker serves some 50 KB. */
const SDK_BYTES_MAX = 8 * 1024 * 1024;
/** Workers beyond this are not asked, and their sources are not up. */
const WORKERS_MAX = 64;

/** Two sources of each worker, all asked at once: `worker/<id>` and `sdk/<id>`. */
export async function readWorkers(clock: Clock, workers: readonly WorkerEntry[]): Promise<Reading> {
  const readings = await Promise.all(
    workers.flatMap((worker, index) => {
      const from = (door: string, ask: () => Promise<readonly Family[]>) =>
        readOnce({
          name: `${door}/${worker.id}`,
          clock,
          async load() {
            if (index >= WORKERS_MAX) throw new Error(`more than ${WORKERS_MAX} workers`);
            return { families: await ask() };
          },
        });
      return [
        from('worker', () => fetchReadiness(worker, SOURCE_MS_MAX)),
        from('sdk', () => fetchSdk(worker)),
      ];
    }),
  );
  return {
    families: readings.flatMap((one) => one.families),
    states: readings.flatMap((one) => one.states),
  };
}

async function fetchSdk({ id, sdkMetricsUrl }: WorkerEntry): Promise<readonly Family[]> {
  const target = { url: sdkMetricsUrl, timeoutMs: SOURCE_MS_MAX, bytesMax: SDK_BYTES_MAX };
  return sdkFamilies(await fetchFamilies(target), id);
}
