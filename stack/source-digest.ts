// What was built is known by its sources: one digest over all files that it depends on.
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from './directories.js';

const DIGITS = 16;

/**
 * The digest of files and of those below directories whose names match, by their paths from the
 * project's root. Node belongs to it: other versions may build otherwise.
 */
export async function sourceDigest(paths: readonly string[], names: RegExp): Promise<string> {
  const below = await Promise.all(paths.map((path) => filesBelow(path, names)));
  const digest = createHash('sha256').update(process.version);
  for (const file of below.flat().sort()) {
    digest.update(file).update(await readFile(join(PROJECT_ROOT, file)));
  }
  return digest.digest('hex').slice(0, DIGITS);
}

async function filesBelow(path: string, names: RegExp): Promise<readonly string[]> {
  const absolute = join(PROJECT_ROOT, path);
  if ((await stat(absolute)).isFile()) return [path];
  const entries = await readdir(absolute, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && names.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(PROJECT_ROOT.length));
}
