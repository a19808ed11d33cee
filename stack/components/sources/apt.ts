// Debian's archive, through apt-get; nothing is installed, so that no root is needed.
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command.js';
import type { Download } from '../component.js';
import { commandOptions, type DownloadContext } from './context.js';
import { onlyFileOf } from './only-file.js';

const DOWNLOAD_TIMEOUT_MS = 180_000;
const UNPACK_TIMEOUT_MS = 60_000;

/** The package file's path; with lists of its own where the system's are missing or too old. */
export async function fetchWithApt(download: Download, context: DownloadContext): Promise<string> {
  const directory = join(context.workDirectory, 'package');
  await mkdir(directory);
  const run = (args: readonly string[]) =>
    runCommand('apt-get', [...args], {
      directory,
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
      ...commandOptions(context),
    });
  const fetch = ['--quiet', 'download', download.specification];
  try {
    await run(fetch);
  } catch {
    const own = await ownLists(context.workDirectory);
    await run([...own, '--quiet', 'update']);
    await run([...own, ...fetch]);
  }
  return onlyFileOf(directory);
}

/** Options that let apt-get keep its lists and its cache in the work directory. */
async function ownLists(workDirectory: string): Promise<readonly string[]> {
  const state = join(workDirectory, 'apt');
  await mkdir(join(state, 'lists', 'partial'), { recursive: true });
  await mkdir(join(state, 'cache', 'archives', 'partial'), { recursive: true });
  const status = join(state, 'status');
  await copyFile('/var/lib/dpkg/status', status).catch(() => writeFile(status, ''));
  const places = [
    `Dir::State=${state}`,
    `Dir::State::status=${status}`,
    `Dir::Cache=${join(state, 'cache')}`,
    'APT::Sandbox::User=root',
  ];
  return places.flatMap((place) => ['-o', place]);
}

export async function unpackDebianPackage(file: string, directory: string): Promise<void> {
  await runCommand('dpkg', ['-x', file, directory], { timeoutMs: UNPACK_TIMEOUT_MS });
}
