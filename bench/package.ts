// The campaign `package`: what `npm pack` makes is installed into an empty directory, from where
// the command `canary` runs.
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownVersion } from '../src/admin/own-version.js';
import { runCommand } from '../stack/components/command.js';
import { PROJECT_ROOT } from '../stack/directories.js';

const PACK_TIMEOUT_MS = 300_000;
const INSTALL_TIMEOUT_MS = 480_000;
const RUN_TIMEOUT_MS = 60_000;

/** Whether the installed command does what the one from source does. */
export async function provePackage(say: (text: string) => void): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'canary-package-'));
  try {
    await packInto(directory);
    const [tarball = ''] = (await readdir(directory)).filter((name) => name.endsWith('.tgz'));
    say(`installing ${tarball} into an empty directory`);
    const install = ['install', '--no-audit', '--no-fund', '--loglevel=error', `./${tarball}`];
    await writeFile(join(directory, 'package.json'), '{"private": true}\n');
    await runCommand('npm', install, {
      directory,
      environment: withoutNpm(process.env),
      timeoutMs: INSTALL_TIMEOUT_MS,
    });
    await copyFile(join(PROJECT_ROOT, 'canary.example.yaml'), join(directory, 'canary.yaml'));
    const violations = await violationsIn(directory);
    for (const violation of violations) say(`  VIOLATED ${violation}`);
    return violations.length === 0;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What `npm run` tells its scripts would lead an npm within them back to this project. */
function withoutNpm(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.toLowerCase().startsWith('npm_')),
  );
}

async function packInto(directory: string): Promise<void> {
  const args = ['pack', '--pack-destination', directory, '--loglevel=error'];
  await runCommand('npm', args, { directory: PROJECT_ROOT, timeoutMs: PACK_TIMEOUT_MS });
}

const CALLS: readonly { readonly line: string; readonly says: RegExp }[] = [
  { line: '--version', says: new RegExp(`^${ownVersion().replaceAll('.', '\\.')}\n$`) },
  { line: '--help', says: /^Usage: / },
  { line: 'config check', says: /^usable {2}/ },
  { line: 'config schema', says: /"\$schema"/ },
  { line: 'completion bash', says: /complete -F _canary canary\n$/ },
];

async function violationsIn(directory: string): Promise<readonly string[]> {
  const program = join(directory, 'node_modules', '.bin', 'canary');
  const checks = CALLS.map(async ({ line, says }) => {
    const { output } = await runCommand(program, line.split(' '), {
      directory,
      timeoutMs: RUN_TIMEOUT_MS,
    });
    return says.test(output) ? [] : [`canary ${line} says ${JSON.stringify(output.slice(0, 200))}`];
  });
  return (await Promise.all(checks)).flat();
}
