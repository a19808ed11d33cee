// Files that only their owner may read, and files that a reader never sees half written.
import { renameSync, writeFileSync } from 'node:fs';

/** Replaces a file as a whole, readable by its owner only. */
export function writePrivateFile(file: string, content: string): void {
  replaceFile(file, content, 0o600);
}

/** Replaces a file as a whole. */
export function replaceFile(file: string, content: string, mode = 0o644): void {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, content, { mode });
  renameSync(partial, file);
}
