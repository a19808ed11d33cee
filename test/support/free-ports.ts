// Ports of the loopback that nobody listens on, for processes that a test starts.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

const TRIES_MAX = 100;

/** The first of `count` ports in a row that are all free now. Throws when there is no such row. */
export async function freePortRow(count: number): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const first = await freePort(0);
    if (first === undefined) continue;
    const others = Array.from({ length: count - 1 }, (_, index) => freePort(first + 1 + index));
    if ((await Promise.all(others)).every((port) => port !== undefined)) return first;
  }
  throw new Error(`no ${count} free ports in a row`);
}

async function freePort(port: number): Promise<number | undefined> {
  if (port > 65_000) return undefined;
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch {
    return undefined;
  } finally {
    if (server.listening) {
      server.close();
      await once(server, 'close');
    }
  }
}
