// Log files that many processes append to: a bound on their size, and their last lines.
import { copyFileSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

export const MAX_LOG_BYTES = 16 * 1024 * 1024;
const CHECK_EVERY_MS = 5_000;

/**
 * Keeps every `.log` of a directory below the bound: a file above it is copied to `.log.1` and
 * emptied, which works because its writers append. Returns the function that ends the watch.
 */
export function boundLogFiles(directory: string, maxBytes: number = MAX_LOG_BYTES): () => void {
  const timer = setInterval(() => rotateLargeLogs(directory, maxBytes), CHECK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

export function rotateLargeLogs(directory: string, maxBytes: number): void {
  for (const name of readdirSync(directory)) {
    const file = join(directory, name);
    if (!name.endsWith('.log') || statSync(file).size <= maxBytes) continue;
    copyFileSync(file, `${file}.1`);
    truncateSync(file);
  }
}

const TAIL_BYTES = 8_192;

/** The last lines of a file; empty when there are none. */
export function readTail(file: string, lines: number): string {
  try {
    const text = readFileSync(file, 'utf8').slice(-TAIL_BYTES).trim();
    return text.split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
