// The component table itself: pinned, complete, and without a registry's host.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMPONENT_NAMES, type Download } from '../../stack/components/component.js';
import { COMPONENTS } from '../../stack/components/table.js';
import { isAtLeast, versionIn } from '../../stack/components/version.js';
import { PROJECT_ROOT } from '../../stack/directories.js';

describe.each(COMPONENT_NAMES)('%s', (name) => {
  const { source, version, ...component } = COMPONENTS[name];
  const downloads: readonly Download[] =
    source.kind === 'maven' ? [] : Object.values(source.downloads);

  test('has a digest for everything that is downloaded', () => {
    const digests = source.kind === 'maven' ? [source.sha256] : downloads.map((one) => one.sha256);
    expect(digests.length).toBeGreaterThan(0);
    for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is asked for at its version and no other', () => {
    const asked =
      source.kind === 'maven' ? source.artifacts : downloads.map((one) => one.specification);
    expect(asked[0]).toContain(version);
    for (const one of asked) expect(one).toMatch(/(==|@|=|:)[0-9][^:]*$/);
  });

  test('can be had on the platform that all are checked on', () => {
    if (source.kind !== 'maven') expect(source.downloads['linux-x64']).toBeDefined();
    expect(component.remedy).not.toBe('');
  });
});

test('no file of the stack names a host to download from', () => {
  const files = readdirSync(join(PROJECT_ROOT, 'stack'), { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => /\.(ts|mjs)$/.test(file));
  expect(sources.length).toBeGreaterThan(30);
  for (const file of sources) {
    const text = readFileSync(join(PROJECT_ROOT, 'stack', file), 'utf8');
    const hosts = [...text.matchAll(/https?:\/\/([^/'"`\s]+)/g)].map((match) => match[1]);
    const foreign = hosts.filter((host) => !/^(127\.0\.0\.1|\$\{)/.test(host ?? ''));
    // The namespace of Maven's project files is a name, not an address.
    expect(
      foreign.filter((host) => host !== 'maven.apache.org'),
      file,
    ).toEqual([]);
  }
});

describe('versions', () => {
  test.each([
    ['postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)', '15.18'],
    ['Valkey server v=9.1.2 sha=00000000:0 malloc=libc bits=64', '9.1.2'],
    ['Redis server v=7.0.15 sha=00000000:0', '7.0.15'],
    ['temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)', '1.9.1'],
    ['openjdk 17.0.15 2025-04-15', '17.0.15'],
    ['openjdk 21 2023-09-19', '21'],
    ['promtool, version 2.42.0+ds (branch: debian/sid)', '2.42.0'],
    ['no number', undefined],
  ])('%s', (text, version) => expect(versionIn(text)).toBe(version));

  test.each([
    ['7.2', '7.2', true],
    ['7.2.0', '7.2', true],
    ['7', '7.0.0', true],
    ['7.10', '7.2', true],
    ['7.1.9', '7.2', false],
    ['6.9', '7', false],
    ['15', '14', true],
  ])('%s is at least %s: %s', (version, minimum, expected) => {
    expect(isAtLeast(version, minimum)).toBe(expected);
  });
});
