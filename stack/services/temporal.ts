// The Temporal development server with its state in a file: durable over a restart, and with a
// write-ahead log as fast as in memory.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../components/command.js';
import { assertPortFree } from '../ports.js';
import { startProcess } from '../processes/managed-process.js';
import { assertListening, untilReady } from '../processes/readiness.js';
import type { Service, ServicePlace } from './service.js';
import { managedService, type ProvidedProgram } from './service.js';

export interface TemporalOptions extends ServicePlace {
  readonly program: ProvidedProgram;
  readonly port: number;
  readonly uiPort: number;
  readonly metricsPort: number;
  /** Name and type of each custom search attribute, e.g. `CanaryPath: 'Keyword'`. */
  readonly searchAttributes: Readonly<Record<string, string>>;
}

const SQLITE_PRAGMAS = ['journal_mode=WAL', 'synchronous=NORMAL'];
const NAMESPACE = 'default';
const PROBE_TIMEOUT_MS = 5_000;

/** Throws `PortTakenError` or `ProcessFailedError`. */
export async function startTemporal(options: TemporalOptions): Promise<Service> {
  await assertPortFree(options.port, 'temporal');
  await assertPortFree(options.uiPort, 'temporal UI');
  await assertPortFree(options.metricsPort, 'temporal metrics');
  const data = join(options.data, 'temporal');
  await mkdir(data, { recursive: true });
  const server = await startProcess(
    {
      name: 'temporal',
      command: options.program.path,
      args: serverArguments(options, join(data, 'temporal.db')),
    },
    options,
  );
  await untilReady(server, async () => {
    await assertListening(options.port);
    await answersFor(options.program.path, options.url);
  });
  return managedService('temporal', options.url, server);
}

function serverArguments(options: TemporalOptions, file: string): readonly string[] {
  const attributes = Object.entries(options.searchAttributes);
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'warn'],
    ...['--port', String(options.port), '--ui-port', String(options.uiPort)],
    ...['--metrics-port', String(options.metricsPort), '--ui-disable-news-fetch'],
    ...['--db-filename', file],
    ...SQLITE_PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...attributes.flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
  ];
}

/** The namespace answers only when the server behind the listener is up. */
async function answersFor(program: string, address: string): Promise<void> {
  const args = ['operator', 'namespace', 'describe', '--address', address, '-n', NAMESPACE];
  await runCommand(program, args, { timeoutMs: PROBE_TIMEOUT_MS });
}
