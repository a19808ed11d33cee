// The entries of sandbox and product bundled once per source state: a process started from a bundle
// needs a quarter of the time that one needs to load its many files from source.
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { cacheEntry } from './components/cache.js';
import { CACHE_DIRECTORY, PROJECT_ROOT } from './directories.js';
import { sourceDigest } from './source-digest.js';

/** The command line of an entry, given by its path from the project's root. */
export type Runner = (entry: string, args: readonly string[]) => readonly string[];

export const ENTRIES = [
  'sandbox/src/main.ts',
  'src/workers/entry.ts',
  'src/exporters/entry.ts',
  'src/admin/cli.ts',
  'src/admin/http/entry.ts',
  'stack/mails/main.ts',
] as const;

export type Entry = (typeof ENTRIES)[number];

/** All that a bundle depends on. */
const SOURCES = ['src', 'sandbox/src', 'stack/mails', 'package-lock.json', 'stack/bundles.ts'];

const LAUNCHER = fileURLToPath(new URL('run-bundle.mjs', import.meta.url));

/** Bundles unless that is done for these very sources; answers how to run the entries. */
export async function prepareBundles(): Promise<Runner> {
  // Inside the project, for what is not bundled is looked up from there.
  const key = `bundles-${await sourceDigest(SOURCES, /\.ts$/)}`;
  const directory = await cacheEntry(CACHE_DIRECTORY, key, async (workDirectory) => {
    const content = join(workDirectory, 'content');
    await bundle(content);
    return content;
  });
  await removeOldBundles(key);
  return (entry, args) => {
    if (!ENTRIES.some((one) => one === entry)) throw new RangeError(`${entry} is not bundled`);
    const file = join(directory, entry.replace(/\.ts$/, '.js'));
    return ['--enable-source-maps', LAUNCHER, file, join(PROJECT_ROOT, entry), ...args];
  };
}

async function bundle(directory: string): Promise<void> {
  // Loaded only where there is something to bundle.
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: PROJECT_ROOT,
    entryPoints: [...ENTRIES],
    outbase: '.',
    outdir: directory,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'silent',
    // It brings native code and bundles workflows itself.
    external: ['@temporalio/*'],
    // Packages in the older module format ask for `require`, which this one lacks.
    banner: {
      js:
        "import { createRequire as requireOfBundle } from 'node:module';" +
        'const require = requireOfBundle(import.meta.url);',
    },
    plugins: [keepModuleUrls],
  });
}

/** Sources find their migrations and the like from their own place, not from the bundle's. */
const keepModuleUrls: Plugin = {
  name: 'keep-module-urls',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: text.replaceAll('import.meta.url', url), loader: 'ts' };
    });
  },
};

/** Another stack of this clone may still load parts of its bundle. */
const KEPT_MS = 24 * 3_600_000;

async function removeOldBundles(current: string): Promise<void> {
  for (const name of await readdir(CACHE_DIRECTORY)) {
    if (!name.startsWith('bundles-') || name === current) continue;
    const directory = join(CACHE_DIRECTORY, name);
    const { mtimeMs } = await stat(directory);
    if (Date.now() - mtimeMs > KEPT_MS) await rm(directory, { recursive: true, force: true });
  }
}
