// A Redis or Valkey server of our own; by its append-only file a restart loses nothing in flight.
import { mkdir } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { assertPortFree } from '../ports.js';
import { startProcess } from '../processes/managed-process.js';
import { untilReady } from '../processes/readiness.js';
import type { Service, ServicePlace } from './service.js';
import { managedService, type ProvidedProgram } from './service.js';

export interface RedisOptions extends ServicePlace {
  readonly program: ProvidedProgram;
  readonly port: number;
}

/** Throws `PortTakenError` or `ProcessFailedError`. */
export async function startRedis(options: RedisOptions): Promise<Service> {
  await assertPortFree(options.port, 'redis');
  const data = join(options.data, 'redis');
  await mkdir(data, { recursive: true });
  const settings = {
    port: String(options.port),
    bind: '127.0.0.1',
    dir: data,
    save: '',
    appendonly: 'yes',
    appendfsync: 'everysec',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const server = await startProcess(
    { name: 'redis', command: options.program.path, args },
    options,
  );
  await untilReady(server, () => answersPing(options.port));
  return managedService('redis', options.url, server);
}

const PING_TIMEOUT_MS = 2_000;

/** While it still loads its file, Redis answers with an error instead. */
async function answersPing(port: number): Promise<void> {
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'));
    socket.setTimeout(PING_TIMEOUT_MS, () => socket.destroy(new Error('no answer to PING')));
    socket.once('data', (data) => {
      resolve(data.toString('utf8'));
      socket.destroy();
    });
    socket.once('error', reject);
  });
  if (!answer.startsWith('+PONG')) throw new Error(`PING was answered ${answer.trim()}`);
}
