// Digests of downloaded files, compared with those that the component table pins.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** A downloaded file whose content is not the pinned one. */
export class ChecksumError extends Error {
  override readonly name = 'ChecksumError';
  readonly file: string;
  readonly expected: string;
  readonly actual: string;

  constructor(file: string, expected: string, actual: string) {
    super(`the sha256 of ${basename(file)} is ${actual}, the pinned one ${expected}`);
    this.file = file;
    this.expected = expected;
    this.actual = actual;
  }
}

export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** The digest over the lines `<sha256>  <name>` of a directory's files, sorted by name. */
export async function sha256OfDirectory(directory: string): Promise<string> {
  const names = (await readdir(directory)).sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(`${await sha256OfFile(join(directory, name))}  ${name}\n`);
  return hash.digest('hex');
}

/** Throws `ChecksumError` when the digests differ. */
export function assertChecksum(file: string, expected: string, actual: string): void {
  if (expected !== actual) throw new ChecksumError(file, expected, actual);
}
