// A TCP proxy that a test can cut and restore: a component is away and need not be ended.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Breaks every connection and refuses new ones. */
  cut(): void;
  /** Connections stay, and nothing passes any more in either direction. */
  stall(): void;
  restore(): void;
  close(): Promise<void>;
}

type Mode = 'through' | 'cut' | 'stalled';

/** Listens on a free port of the loopback and passes everything to the target. */
export async function openTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  let mode: Mode = 'through';
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (mode === 'cut') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(target.port, target.host);
    link(client, upstream);
    link(upstream, client);
  });

  function link(from: Socket, to: Socket): void {
    sockets.add(from);
    from.on('data', (chunk) => {
      if (mode === 'through') to.write(chunk);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      mode = 'cut';
      breakAll();
    },
    stall() {
      mode = 'stalled';
    },
    restore() {
      if (mode === 'stalled') breakAll();
      mode = 'through';
    },
    async close() {
      mode = 'cut';
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}
