// Where the services of a platform of a test listen: ports that nobody else takes meanwhile.
import { createServer } from 'node:net';

/** Below the ports that the system gives to outgoing connections, any of which may take one. */
const LOWEST = 23_000;
const PORTS = 9_000;
/** A platform's ports lie within so many. */
const ROW = 100;
/** Two processes run cases at once: each has every other row, so that none takes the other's. */
const PROCESSES = 2;

/** Rows whose platform may not listen yet, and so look free. */
const given = new Set<number>();

/** A base where all ports at these offsets are free; throws when there is none. */
export async function freePortBase(offsets: readonly number[]): Promise<number> {
  const mine = Number(process.env.VITEST_POOL_ID ?? 0) % PROCESSES;
  const rows = PORTS / ROW / PROCESSES;
  if (given.size === rows) given.clear();
  const start = Math.floor(Math.random() * rows);
  for (let step = 0; step < rows; step += 1) {
    const row = (start + step) % rows;
    const base = LOWEST + ROW * (PROCESSES * row + mine);
    if (given.has(row)) continue;
    given.add(row);
    const free = await Promise.all(offsets.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no free range of ports found');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
