// Helpers for the cases of the stack: places that vanish, real programs, waiting with a bound.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { PROJECT_ROOT } from '../../stack/directories.js';

/** A directory that is removed when the case ends. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'canary-stack-test-'));
  chmodSync(directory, 0o755);
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes a file that can be run. */
export function writeProgram(path: string, script: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

/** Waits until a condition holds; fails naming it when that takes too long. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms: ${what}`);
    await sleep(20);
  }
}

/** The command line that runs a TypeScript file, given by its path from the project's root. */
export function fromSource(entry: string, args: readonly string[]): readonly string[] {
  const tsx = createRequire(import.meta.url).resolve('tsx');
  return ['--import', pathToFileURL(tsx).href, join(PROJECT_ROOT, entry), ...args];
}
