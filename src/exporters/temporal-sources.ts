// Temporal's own metrics: of the SDK in each worker that lives, and of the server by allow-list.
import type { Clock, WorkerEntry } from '../ports.js';
import { fetchFamilies } from './fetch-families.js';
import { sdkFamilies } from './sdk-families.js';
import { isServerFamily, serverFamilies } from './server-families.js';
import { createSource, type Reading, readOnce, SOURCE_MS_MAX, type Source } from './source.js';

/** A worker serves some 50 KB. */
const SDK_BYTES_MAX = 8 * 1024 * 1024;
/** The development server serves some 3 MB. */
const SERVER_BYTES_MAX = 64 * 1024 * 1024;
/** Workers beyond this are not scraped, and their sources are not up. */
const WORKERS_MAX = 64;
/** The server's page is large and changes slowly: several scrapers share one reading of it. */
const SERVER_KEEP_MS = 10_000;

/** The SDK's families of each worker, all asked at once. */
export async function readWorkers(clock: Clock, workers: readonly WorkerEntry[]): Promise<Reading> {
  const readings = await Promise.all(
    workers.map(({ id, sdkMetricsUrl: url }, index) =>
      readOnce({
        name: `sdk/${id}`,
        clock,
        async load() {
          if (index >= WORKERS_MAX) throw new Error(`more than ${WORKERS_MAX} workers`);
          const target = { url, timeoutMs: SOURCE_MS_MAX, bytesMax: SDK_BYTES_MAX };
          return { families: sdkFamilies(await fetchFamilies(target), id) };
        },
      }),
    ),
  );
  return {
    families: readings.flatMap((one) => one.families),
    states: readings.flatMap((one) => one.states),
  };
}

export function createServerSource(clock: Clock, url: string): Source {
  return createSource({
    name: 'temporal_server',
    clock,
    keepMs: SERVER_KEEP_MS,
    async load() {
      const target = { url, timeoutMs: SOURCE_MS_MAX, bytesMax: SERVER_BYTES_MAX };
      return {
        families: serverFamilies(await fetchFamilies({ ...target, accepts: isServerFamily })),
      };
    },
  });
}
