// The process of the HTTP face, from source, beside a stack or on stores alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { PROJECT_ROOT } from '../stack/directories.js';
import { freePortBase } from '../stack/ports.js';
import { until } from '../test/support/until.js';

const STARTS_WITHIN_MS = 90_000;
const MIB = 1024 * 1024;

export interface WebProcess {
  readonly url: string;
  /** Resident memory, MiB. */
  residentMib(): number;
  stop(): Promise<void>;
}

/** Starts one on a free port; the environment says where its configuration is. */
export async function startWeb(environment: NodeJS.ProcessEnv): Promise<WebProcess> {
  const listen = `127.0.0.1:${await freePortBase()}`;
  const url = `http://${listen}`;
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/admin/http/entry.ts'], {
    cwd: PROJECT_ROOT,
    env: { PATH: process.env.PATH, ...environment, CANARY_WEB_LISTEN: listen },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  };
  try {
    await until(async () => {
      const { status } = await fetch(`${url}/healthz`);
      if (status !== 200) throw new Error(`/healthz answers ${status}`);
    }, STARTS_WITHIN_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, residentMib: () => residentBytes(child.pid ?? 0) / MIB, stop };
}

/** `VmRSS` of proc(5), bytes. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}
