// The operators' page, built once per source state into ui/dist, where the product serves it from.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CACHE_DIRECTORY, PROJECT_ROOT } from './directories.js';
import { sourceDigest } from './source-digest.js';

/** All that the built page depends on. */
const SOURCES = [
  'ui/src',
  'ui/index.html',
  'ui/vite.config.ts',
  'package-lock.json',
  'stack/page.ts',
];

const BUILT = join(PROJECT_ROOT, 'ui', 'dist');
/** Beside the built files: the digest of what they were built from. */
const MARK = 'sources.txt';
const VITE = join(PROJECT_ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
const BUILD_TIMEOUT_MS = 120_000;

/** Builds the page unless that is done for these very sources. Throws what the build said. */
export async function preparePage(): Promise<void> {
  const digest = await sourceDigest(SOURCES, /./);
  if ((await builtFrom()) === digest) return;
  await mkdir(CACHE_DIRECTORY, { recursive: true });
  const work = join(CACHE_DIRECTORY, `.partial-${process.pid}-${randomUUID()}`);
  try {
    await build(work);
    await writeFile(join(work, MARK), digest);
    await replace(work, digest);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function builtFrom(): Promise<string | undefined> {
  try {
    return await readFile(join(BUILT, MARK), 'utf8');
  } catch {
    // Not built yet, or by hand.
    return undefined;
  }
}

async function build(directory: string): Promise<void> {
  const args = [VITE, 'build', 'ui', '--outDir', directory, '--logLevel', 'error'];
  await promisify(execFile)(process.execPath, args, {
    cwd: PROJECT_ROOT,
    // Whoever asks for it, the page is the one that is served.
    env: { ...process.env, NODE_ENV: 'production' },
    timeout: BUILD_TIMEOUT_MS,
  });
}

/** Of two stacks that start at once, the one that comes second finds the page already there. */
async function replace(work: string, digest: string): Promise<void> {
  await rm(BUILT, { recursive: true, force: true });
  try {
    await rename(work, BUILT);
  } catch (error) {
    if ((await builtFrom()) !== digest) throw error;
  }
}
