// A command line run in a world of its own: what it printed, how it ended.
import { fileURLToPath } from 'node:url';
import { type CliIo, runCli } from '../../src/admin/cli.js';
import type { ApiToken, Upstreams } from '../../src/ports.js';
import {
  createWorld,
  NOW_MS,
  resultOf,
  storeClosed,
  storeCycle,
  TIMED_OUT,
  type Twist,
  type World,
} from './world.js';

export const EXAMPLE = fileURLToPath(new URL('../../canary.example.yaml', import.meta.url));
export const PATH = 'A1.1-B1.1-async';

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly world: World;
  readonly closed: number;
}

export interface Setting {
  readonly twist?: Twist;
  readonly world?: World;
  readonly env?: NodeJS.ProcessEnv;
  readonly terminal?: boolean;
  readonly signal?: AbortSignal;
}

/** Runs a command line in a world; every opened world must be closed again. */
export async function run(line: string, setting: Setting = {}): Promise<Run> {
  const world = setting.world ?? createWorld(setting.twist);
  const isTTY = setting.terminal ?? false;
  let stdout = '';
  let stderr = '';
  let closed = 0;
  const io: CliIo = {
    stdout: { isTTY, write: (text) => (stdout += text) },
    stderr: { isTTY, write: (text) => (stderr += text) },
    env: { CANARY_CONFIG: EXAMPLE, ...setting.env },
    signal: setting.signal ?? new AbortController().signal,
    open: async () => ({
      ...world,
      close: async () => {
        closed += 1;
      },
    }),
  };
  const code = await runCli(line.split(' ').filter(Boolean), io);
  return { code, stdout, stderr, world, closed };
}

export const TOKEN: ApiToken = {
  id: '0123456789ab',
  name: 'a dashboard',
  role: 'read',
  digest: 'd'.repeat(64),
  createdAtMs: NOW_MS,
  createdBy: 'a person',
  expiresAtMs: NOW_MS + 3_600_000,
  revokedAtMs: undefined,
};

/** Upstreams that answer what they were asked, and that nothing is at `/missing`. */
export function echoing(targets: readonly string[]): Upstreams {
  return {
    targets,
    send: async (request) => ({
      status: request.path === '/missing' ? 404 : 200,
      contentType: 'application/json',
      text: JSON.stringify(request),
      isCut: false,
    }),
  };
}

/** A cycle with one timed-out and one passed test, and a token. */
export async function failedWorld(): Promise<World> {
  const world = createWorld();
  await storeClosed(world.results, resultOf(PATH, TIMED_OUT));
  await storeClosed(world.results, resultOf('A1.1-A1.2-intra'));
  await storeCycle(world.results, '20261123T183000Z', NOW_MS, 2);
  await world.tokens.create(TOKEN);
  return world;
}

/** The same, with a path that is paused and another one in maintenance. */
export async function heldWorld(): Promise<World> {
  const world = await failedWorld();
  const held = {
    fromMs: NOW_MS,
    untilMs: NOW_MS + 3_600_000,
    reason: 'moved',
    by: 'a person',
    setAtMs: NOW_MS,
  };
  await world.windows.set({ ...held, kind: 'maintenance', pathId: 'A1.1-A1.2-intra' });
  await world.windows.set({ ...held, kind: 'pause', pathId: PATH });
  await world.audits.start('20261123T183000Z');
  return world;
}
