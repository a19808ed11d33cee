// Ports of the loopback that nobody listens on, for processes that a test starts.
import { once } from 'node:events';
import { createServer } from 'node:net';

const TRIES_MAX = 100;
/** Below the ports that the system gives to outgoing connections, any of which may take one. */
const LOWEST = 15_000;
/** The platforms of the sandbox's own cases begin there. */
const HIGHEST = 23_000;

/** The first of `count` ports in a row that are all free now. Throws when there is no such row. */
export async function freePortRow(count: number): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const first = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST - count));
    const free = Array.from({ length: count }, (_, index) => isFree(first + index));
    if ((await Promise.all(free)).every(Boolean)) return first;
  }
  throw new Error(`no ${count} free ports in a row`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    if (server.listening) {
      server.close();
      await once(server, 'close');
    }
  }
}
