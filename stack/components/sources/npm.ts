// The npm registry, through npm; a package is a tar file whose top directory is called `package`.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../cache.js';
import { runCommand } from '../command.js';
import type { Download } from '../component.js';
import { commandOptions, type DownloadContext } from './context.js';
import { onlyFileOf } from './only-file.js';

const DOWNLOAD_TIMEOUT_MS = 240_000;
const UNPACK_TIMEOUT_MS = 60_000;

/** A package cannot carry symbolic links; this one's own script makes them from a list. */
const LINK_SCRIPT = join('scripts', 'hydrate-symlinks.js');

/** The packed file's path. */
export async function fetchWithNpm(download: Download, context: DownloadContext): Promise<string> {
  const directory = join(context.workDirectory, 'packed');
  await mkdir(directory);
  const args = [
    'pack',
    download.specification,
    '--loglevel=error',
    '--pack-destination',
    directory,
  ];
  await runCommand('npm', args, {
    // npm would read the project's package.json otherwise, workspaces included.
    directory,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
    ...commandOptions(context),
  });
  return onlyFileOf(directory);
}

export async function unpackPackage(file: string, directory: string): Promise<void> {
  const args = ['-xzf', file, '-C', directory, '--strip-components=1', '--no-same-owner'];
  await runCommand('tar', args, { timeoutMs: UNPACK_TIMEOUT_MS });
  if (!(await exists(join(directory, LINK_SCRIPT)))) return;
  await runCommand(process.execPath, [LINK_SCRIPT], { directory, timeoutMs: UNPACK_TIMEOUT_MS });
}
