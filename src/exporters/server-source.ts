// The Temporal server's own metrics, by allow-list.
import type { Clock } from '../ports.js';
import { fetchFamilies } from './fetch-families.js';
import { isServerFamily, serverFamilies } from './server-families.js';
import { createSource, SOURCE_MS_MAX, type Source } from './source.js';

/** The development server serves some 3 MB. */
const SERVER_BYTES_MAX = 64 * 1024 * 1024;
/** The server's page is large and changes slowly: several scrapers share one reading of it. */
const SERVER_KEEP_MS = 10_000;

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
