// A PostgreSQL server of our own: initialised once, loopback only, never as root.
import { cp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import pg from 'pg';
import { cacheEntry, exists } from '../components/cache.js';
import { runCommand } from '../components/command.js';
import { assertPortFree } from '../ports.js';
import { startProcess } from '../processes/managed-process.js';
import { untilReady } from '../processes/readiness.js';
import type { Service, ServicePlace } from './service.js';
import { managedService, type ProvidedProgram } from './service.js';
import {
  type Account,
  directoryFor,
  isReachableByOthers,
  sharedDirectory,
  unprivilegedAccount,
} from './unprivileged.js';

const USER = 'postgres';
const INITDB_FLAGS = ['--no-sync', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8'];

/** Enough for the pools of two frames, the worker and the exporter together. */
const MAX_CONNECTIONS = 400;

export interface PostgresOptions extends ServicePlace {
  readonly program: ProvidedProgram;
  readonly port: number;
  /** Tests throw their data away and need no flush to disk. */
  readonly isDisposable?: boolean;
}

/** Throws `PortTakenError` or `ProcessFailedError`. */
export async function startPostgres(options: PostgresOptions): Promise<Service> {
  await assertPortFree(options.port, 'postgres');
  const account = await unprivilegedAccount();
  const bin = await reachablePrograms(options.program, account);
  const home = await directoryFor(account, join(options.data, 'postgres'));
  const cluster = await initialise(bin, home, account);
  const server = await startProcess(
    {
      name: 'postgres',
      command: join(bin, 'postgres'),
      args: ['-D', cluster, ...(await settings(bin, options))],
      directory: home,
      ...(account === undefined ? {} : { account }),
      // Fast shutdown: ends the sessions; SIGTERM would wait for every client to leave.
      stopSignal: 'SIGINT',
    },
    options,
  );
  const { url } = options;
  await untilReady(server, () => answersQuery(url));
  const service = managedService('postgres', url, server);
  if (options.isDisposable !== true) return service;
  return {
    ...service,
    stop: async () => {
      await service.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function settings(bin: string, options: PostgresOptions): Promise<readonly string[]> {
  const values = {
    port: options.port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: MAX_CONNECTIONS,
    shared_preload_libraries: await preloadLibraries(bin),
    log_min_messages: 'warning',
    ...(options.isDisposable === true ? { fsync: 'off' } : {}),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function answersQuery(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    await client.query('select 1');
  } finally {
    await client.end();
  }
}

const INITDB_TIMEOUT_MS = 60_000;

/** Creates the cluster in a directory beside, so that one half made is never taken for whole. */
async function initialise(
  bin: string,
  home: string,
  account: Account | undefined,
): Promise<string> {
  const cluster = join(home, 'cluster');
  if (await exists(cluster)) return cluster;
  const partial = join(home, 'cluster.partial');
  await rm(partial, { recursive: true, force: true });
  const args = ['-D', partial, '-U', USER, ...INITDB_FLAGS];
  await runCommand(join(bin, 'initdb'), args, {
    directory: home,
    timeoutMs: INITDB_TIMEOUT_MS,
    ...(account === undefined ? {} : { account }),
  });
  await rename(partial, cluster);
  return cluster;
}

/** The directory of the programs, or of a copy of them that the account can reach. */
async function reachablePrograms(
  program: ProvidedProgram,
  account: Account | undefined,
): Promise<string> {
  const bin = dirname(program.path);
  if (account === undefined || (await isReachableByOthers(bin))) return bin;
  if (program.origin === 'path') {
    throw new Error(`${bin} cannot be entered by the account that PostgreSQL runs as`);
  }
  const key = `postgres-${program.version}`;
  const copy = await cacheEntry(await sharedDirectory(), key, async (workDirectory) => {
    const installation = join(workDirectory, 'installation');
    await cp(dirname(bin), installation, { recursive: true, verbatimSymlinks: true });
    const args = ['-R', 'a+rX', installation];
    await runCommand('chmod', args, { timeoutMs: INITDB_TIMEOUT_MS });
    return installation;
  });
  return join(copy, basename(bin));
}

/** Statistics of statements, where this build of PostgreSQL brings the library along. */
async function preloadLibraries(bin: string): Promise<string> {
  const library = 'pg_stat_statements';
  const places = ['../lib', '../lib/postgresql'].map((to) => join(bin, to, `${library}.so`));
  const found = await Promise.all(places.map(exists));
  return found.includes(true) ? library : '';
}
