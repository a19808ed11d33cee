// A network of its own for the check of the security feeds: nothing in it can reach beyond this
// machine, and the firewall that is written to is that of nobody else.
import { spawn } from 'node:child_process';
import { runCommand } from '../components/command.js';

/** Tells the program that it runs inside. */
export const ISOLATED_VARIABLE = 'CANARY_SECURITY_ISOLATED';

/** As root of a user namespace: with a network that has loopback alone, and a /run to write to. */
const UNSHARE = ['--map-root-user', '--net', '--mount'];
const INSIDE = 'ip link set lo up && mount -t tmpfs tmpfs /run && exec "$@"';

const TRIAL_TIMEOUT_MS = 10_000;

export function isIsolated(environment: NodeJS.ProcessEnv): boolean {
  return environment[ISOLATED_VARIABLE] === 'yes';
}

/** Why this machine gives no such network; undefined where it does. */
export async function isolationRefused(): Promise<string | undefined> {
  try {
    await runCommand('unshare', inside(['true']), { timeoutMs: TRIAL_TIMEOUT_MS });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Runs this very program once more, inside; answers its exit code. */
export async function runIsolated(signal: AbortSignal): Promise<number> {
  const command = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn('unshare', inside(command), {
    stdio: 'inherit',
    env: { ...process.env, [ISOLATED_VARIABLE]: 'yes' },
  });
  const end = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', end);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
    });
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function inside(command: readonly string[]): string[] {
  return [...UNSHARE, 'sh', '-c', INSIDE, 'sh', ...command];
}
