// Services of the sandbox as processes of their own: tests talk to them over the wire only.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { freePortRow } from './free-ports.js';
import { until } from './until.js';

/** Two frames with names of their own, so that several platforms share one PostgreSQL. */
export interface SandboxPlatform {
  readonly frames: readonly [SandboxFrame, SandboxFrame];
  /** Starts a service of the frame, or its registry, and waits until it answers. */
  start(service: 'teg' | 'event-store' | 'registry', frame: SandboxFrame): Promise<void>;
  token(role: string): string;
  /** Ends the services and drops their databases. */
  close(): Promise<void>;
}

export interface SandboxFrame {
  readonly id: string;
  readonly registry: string;
  readonly tegUrl: string;
  readonly eventStoreUrl: string;
  readonly registryUrl: string;
}

/** Ports per frame, as the sandbox's topology lays them out. */
const FRAME_PORTS = 20;
const PARENT_WATCH = new URL('../../stack/processes/parent-watch.mjs', import.meta.url).href;
const START_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 10_000;
const DATABASES = ['teg', 'event_store', 'registry'] as const;

/** On the PostgreSQL of the test run, or on one that a campaign or benchmark has started. */
export async function prepareSandbox(
  settings: object = {},
  postgresUrl: string = inject('postgresUrl'),
): Promise<SandboxPlatform> {
  const portBase = await freePortRow(2 * FRAME_PORTS);
  const label = randomBytes(4).toString('hex').toUpperCase();
  const secretSeed = randomBytes(8).toString('hex');
  const frameAt = (index: number): SandboxFrame => ({
    id: `T${label}${index}`,
    registry: `R${label}${index}`,
    tegUrl: `http://127.0.0.1:${portBase + index * FRAME_PORTS}`,
    eventStoreUrl: `http://127.0.0.1:${portBase + index * FRAME_PORTS + 1}`,
    registryUrl: `http://127.0.0.1:${portBase + index * FRAME_PORTS + 2}`,
  });
  const frames = [frameAt(0), frameAt(1)] as const;
  const topology = {
    portBase,
    secretSeed,
    pipe: 'direct',
    postgresUrl,
    frames: frames.map(({ id, registry }) => ({ id, registries: [registry] })),
    ...settings,
  };
  const directory = await mkdtemp(join(tmpdir(), 'sandbox-'));
  const config = join(directory, 'sandbox.json');
  await writeFile(config, JSON.stringify(topology));
  const processes: ChildProcess[] = [];
  return {
    frames,
    token: (role) => createHmac('sha256', secretSeed).update(role).digest('hex'),
    async start(service, frame) {
      const name = `${service}:${service === 'registry' ? frame.registry : frame.id}`;
      const child = startProcess(name, config);
      processes.push(child);
      await Promise.race([untilHealthy(urlOf(service, frame)), unlessItEnds(child, name)]);
    },
    async close() {
      await Promise.all(processes.map(endProcess));
      await dropDatabases(
        postgresUrl,
        frames.map(({ id }) => id),
      );
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function urlOf(service: 'teg' | 'event-store' | 'registry', frame: SandboxFrame): string {
  if (service === 'registry') return frame.registryUrl;
  return service === 'teg' ? frame.tegUrl : frame.eventStoreUrl;
}

function startProcess(service: string, config: string): ChildProcess {
  return spawn(
    process.execPath,
    ['--import', PARENT_WATCH, ...inject('entries')['sandbox/src/main.ts'], service],
    {
      env: { ...process.env, SANDBOX_CONFIG: config, LOG_LEVEL: 'error' },
      // The channel ends with this process, and the service with the channel, however that comes.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
}

function untilHealthy(url: string): Promise<void> {
  return until(async () => {
    const answer = await fetch(`${url}/healthz`);
    if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  }, START_WITHIN_MS);
}

/** Rejects when the process ends while it is waited for; what it said is on our standard error. */
async function unlessItEnds(child: ChildProcess, service: string): Promise<never> {
  const [code, signal] = await once(child, 'exit');
  throw new Error(`${service} ended with ${code ?? signal}`);
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await exited;
  clearTimeout(timer);
}

async function dropDatabases(postgresUrl: string, frameIds: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  for (const frame of frameIds) {
    for (const role of DATABASES) {
      const name = `frame_${frame.toLowerCase()}_${role}`;
      await client.query(`drop database if exists ${name} with (force)`);
    }
  }
  await client.end();
}
