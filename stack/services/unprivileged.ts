// PostgreSQL refuses to run as root. Where we are root it runs as another account, with its data
// and, if need be, a copy of its programs in a place that this account can reach.
import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { exists } from '../components/cache.js';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const PREFERRED_ACCOUNTS = ['postgres', 'nobody'];

/** The account to run as; undefined when we are not root and need none. */
export async function unprivilegedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n');
  for (const name of PREFERRED_ACCOUNTS) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields !== undefined) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error(
    `PostgreSQL does not run as root and /etc/passwd has none of ${PREFERRED_ACCOUNTS.join(', ')}`,
  );
}

const OTHERS_MAY_ENTER = 0o001;

/** Whether other accounts can enter a directory and all that lead to it. */
export async function isReachableByOthers(directory: string): Promise<boolean> {
  for (let path = resolve(directory); ; path = dirname(path)) {
    const { mode } = await stat(path);
    if ((mode & OTHERS_MAY_ENTER) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/** Where a directory is instead when the account cannot reach it. */
export async function substituteFor(wanted: string): Promise<string> {
  const digest = createHash('sha256').update(resolve(wanted)).digest('hex').slice(0, 12);
  return join(await sharedDirectory(), `${basename(wanted)}-${digest}`);
}

/**
 * A directory that the account owns: the wanted one where it can reach it, else one of the same
 * name beside the system's temporary files, which stays the same from start to start.
 */
export async function directoryFor(account: Account | undefined, wanted: string): Promise<string> {
  await mkdir(dirname(wanted), { recursive: true });
  const isReachable = account === undefined || (await isReachableByOthers(dirname(wanted)));
  const directory = isReachable ? wanted : await substituteFor(wanted);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (account !== undefined) await chown(directory, account.uid, account.gid);
  return directory;
}

/** A directory of ours that other accounts can enter; kept over a restart of the machine. */
export async function sharedDirectory(): Promise<string> {
  const lasting = '/var/tmp';
  const parent = (await exists(lasting)) ? lasting : tmpdir();
  const uid = process.getuid?.() ?? 0;
  const directory = join(parent, `canary-reactor-${uid}`);
  await mkdir(directory, { recursive: true });
  const status = await lstat(directory);
  if (!status.isDirectory() || status.uid !== uid) {
    throw new Error(`${directory} is not a directory of ours: remove it`);
  }
  await chmod(directory, 0o711);
  return directory;
}
