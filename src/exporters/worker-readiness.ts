// What a worker says of its dependencies, read at its own /readyz: it sees the network from where
// it stands, and what is away for it may well answer us.
import { z } from 'zod';
import type { WorkerEntry } from '../ports.js';
import { type Family, familyOf } from './family.js';
import { METRICS } from './metrics.js';
import { scrape } from './scrape.js';

/** The worker's answer (src/workers/health-server.ts): 200 when all are ready, else 503. */
const readyzSchema = z.object({
  dependencies: z.array(z.object({ name: z.string().max(100), ready: z.boolean() })),
});
const READYZ_STATUSES: readonly number[] = [200, 503];
const READYZ_BYTES_MAX = 256 * 1024;

/** The families of a worker's /readyz. Throws `ScrapeError` when the worker does not answer. */
export async function fetchReadiness(
  { id, healthUrl }: WorkerEntry,
  timeoutMs: number,
): Promise<readonly Family[]> {
  const target = {
    url: `${healthUrl}/readyz`,
    accept: 'application/json',
    timeoutMs,
    bytesMax: READYZ_BYTES_MAX,
    isAnswer: (status: number) => READYZ_STATUSES.includes(status),
  };
  const { dependencies } = await scrape(target, createReadyzReader());
  const rows = dependencies.map(({ name, ready }) => ({
    labels: { worker: id, dependency: name },
    value: ready,
  }));
  return [familyOf(METRICS.workerDependency, rows)];
}

function createReadyzReader() {
  let text = '';
  return {
    push(piece: string) {
      text += piece;
    },
    end: () => readyzSchema.parse(JSON.parse(text)),
  };
}
