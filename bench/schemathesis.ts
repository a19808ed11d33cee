// schemathesis, which makes requests of an OpenAPI document and holds every answer against it: a
// Python environment of its own beside the stack's other downloads, every package at one version.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheEntry } from '../stack/components/cache.js';
import { sha256OfFile } from '../stack/components/checksum.js';
import { runCommand } from '../stack/components/command.js';
import { cacheDirectory } from '../stack/infrastructure.js';

const REQUIREMENTS = fileURLToPath(new URL('./schemathesis-requirements.txt', import.meta.url));
const DIGEST_LENGTH = 16;
const INSTALL_TIMEOUT_MS = 480_000;

/** An environment may be moved, its scripts may not: they name where they were made. */
const RUN = 'from schemathesis.cli import schemathesis; schemathesis()';

/** The Python that has it. Throws `CommandError` where there is no Python, or pip gets nothing. */
export async function provideSchemathesis(environment: NodeJS.ProcessEnv): Promise<string> {
  const digest = (await sha256OfFile(REQUIREMENTS)).slice(0, DIGEST_LENGTH);
  const entry = await cacheEntry(
    cacheDirectory(environment),
    `schemathesis-${digest}`,
    async (workDirectory) => {
      const made = join(workDirectory, 'environment');
      const settings = { environment, timeoutMs: INSTALL_TIMEOUT_MS };
      await runCommand('python3', ['-m', 'venv', made], settings);
      const options = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '-q'];
      const install = ['-m', 'pip', 'install', ...options, '-r', REQUIREMENTS];
      await runCommand(join(made, 'bin', 'python'), install, settings);
      return made;
    },
  );
  return join(entry, 'bin', 'python');
}

/** Runs `schemathesis run` with what it says shown; answers its exit code. */
export async function runSchemathesis(
  python: string,
  args: readonly string[],
  directory: string,
): Promise<number | null> {
  const child = spawn(python, ['-c', RUN, 'run', ...args], { cwd: directory, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}
