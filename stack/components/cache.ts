// The cache of unpacked components: an entry is there whole or not at all.
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isProcessAlive } from '../processes/process-table.js';

const PARTIAL = /^\.partial-(\d+)-/;

/**
 * The directory of an entry; where it is missing, `build` fills a work directory that then becomes
 * the entry by one rename. An interrupted build leaves nothing that counts, and of two processes
 * at once the first one's entry stays. `build` returns the part of the work directory to keep.
 */
export async function cacheEntry(
  cacheDirectory: string,
  key: string,
  build: (workDirectory: string) => Promise<string>,
): Promise<string> {
  const entry = join(cacheDirectory, key);
  if (await exists(entry)) return entry;
  await mkdir(cacheDirectory, { recursive: true });
  await sweepPartials(cacheDirectory);
  const work = join(cacheDirectory, `.partial-${process.pid}-${randomUUID()}`);
  await mkdir(work);
  try {
    await moveUnlessThere(await build(work), entry);
    return entry;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function moveUnlessThere(from: string, entry: string): Promise<void> {
  try {
    await rename(from, entry);
  } catch (error) {
    if (!(await exists(entry))) throw error;
  }
}

/** Removes what builds of processes that are gone left behind. */
async function sweepPartials(cacheDirectory: string): Promise<void> {
  for (const name of await readdir(cacheDirectory)) {
    const pid = PARTIAL.exec(name)?.[1];
    if (pid === undefined || isProcessAlive(Number(pid))) continue;
    await rm(join(cacheDirectory, name), { recursive: true, force: true });
  }
}
