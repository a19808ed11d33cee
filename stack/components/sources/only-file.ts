// A registry's client leaves exactly one file; its name differs by client and version.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Throws when the directory does not hold exactly one file. */
export async function onlyFileOf(directory: string): Promise<string> {
  const [name, ...others] = await readdir(directory);
  if (name !== undefined && others.length === 0) return join(directory, name);
  throw new Error(`expected one downloaded file, found ${name === undefined ? 0 : 'several'}`);
}
