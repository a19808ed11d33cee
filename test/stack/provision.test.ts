// In which order a component is come by, and what is said when it cannot be had.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Component, Provided } from '../../stack/components/component.js';
import { ComponentUnavailableError } from '../../stack/components/component.js';
import { provision } from '../../stack/components/provision.js';
import { temporaryDirectory, writeProgram } from './support.js';

const COMPONENT: Component = {
  name: 'redis',
  version: '9.1.2',
  addressVariable: 'TEST_REDIS_URL',
  programs: [
    { program: 'valkey-server', minimumVersion: '7.2' },
    { program: 'redis-server', siblings: ['redis-cli'], minimumVersion: '6.2' },
  ],
  source: {
    kind: 'pip',
    downloads: {
      'linux-x64': { specification: 'x==1', sha256: '0'.repeat(64), program: 'bin/server' },
    },
  },
  remedy: 'install it',
};

interface Situation {
  readonly address?: string;
  /** Program -> what it answers to --version. */
  readonly onPath?: Readonly<Record<string, string>>;
  readonly isCached?: boolean;
  readonly downloadFails?: string;
  readonly component?: Partial<Component>;
  readonly javaHome?: Readonly<Record<string, string>>;
}

interface Came {
  readonly provided: Provided | ComponentUnavailableError;
  readonly downloads: number;
  readonly path: string;
}

async function come(situation: Situation): Promise<Came> {
  const root = temporaryDirectory();
  const path = join(root, 'path');
  const cacheDirectory = join(root, 'cache');
  for (const [name, answer] of Object.entries(situation.onPath ?? {})) {
    writeProgram(join(path, name), `echo '${answer}'`);
  }
  for (const [name, answer] of Object.entries(situation.javaHome ?? {})) {
    writeProgram(join(root, 'java-home', 'bin', name), `echo '${answer}'`);
  }
  if (situation.isCached === true)
    mkdirSync(join(cacheDirectory, 'redis-9.1.2', 'bin'), { recursive: true });
  let downloads = 0;
  const provided = await provision(
    { ...COMPONENT, ...situation.component },
    {
      environment: {
        PATH: path,
        ...(situation.address === undefined ? {} : { TEST_REDIS_URL: situation.address }),
        ...(situation.javaHome === undefined ? {} : { JAVA_HOME: join(root, 'java-home') }),
      },
      cacheDirectory,
      platform: 'linux-x64',
      download: async (_component, _platform, { workDirectory }) => {
        downloads += 1;
        writeFileSync(join(workDirectory, 'half'), 'half');
        if (situation.downloadFails !== undefined) throw new Error(situation.downloadFails);
        mkdirSync(join(workDirectory, 'content', 'bin'), { recursive: true });
        return join(workDirectory, 'content');
      },
    },
  ).catch((error: unknown) => {
    if (error instanceof ComponentUnavailableError) return error;
    throw error;
  });
  const partials = readdirSync(root).includes('cache') ? readdirSync(cacheDirectory) : [];
  expect(partials.filter((name) => name.startsWith('.partial'))).toEqual([]);
  return { provided, downloads, path };
}

describe('a component is come by', () => {
  const everything = { onPath: { 'valkey-server': 'v=8.0.1' }, isCached: true };
  const cases: readonly (readonly [string, Situation, Partial<Provided>, number])[] = [
    [
      'by its address before all else',
      { ...everything, address: 'redis://there' },
      { kind: 'address', address: 'redis://there' },
      0,
    ],
    ['not by an empty address', { ...everything, address: ' ' }, { origin: 'path' }, 0],
    ['by the PATH before the cache', everything, { origin: 'path', version: '8.0.1' }, 0],
    [
      'by the second program where the first is missing',
      { onPath: { 'redis-server': 'v=7.0.15', 'redis-cli': '' } },
      { origin: 'path', version: '7.0.15' },
      0,
    ],
    [
      'not by a program whose sibling is missing',
      { onPath: { 'redis-server': 'v=7.0.15' }, isCached: true },
      { origin: 'cache' },
      0,
    ],
    [
      'not by a program that is too old',
      { onPath: { 'valkey-server': 'v=7.1.9' }, isCached: true },
      { origin: 'cache' },
      0,
    ],
    [
      'by the very oldest program that serves',
      { onPath: { 'valkey-server': 'v=7.2' } },
      { origin: 'path' },
      0,
    ],
    [
      'by the cache before the registry',
      { isCached: true },
      { origin: 'cache', version: '9.1.2' },
      0,
    ],
    ['by the registry at last', {}, { origin: 'download', version: '9.1.2' }, 1],
    [
      'with what it runs on',
      {
        isCached: true,
        component: { runtime: { program: 'java', minimumVersion: '17' } },
        onPath: { java: 'openjdk 17.0.15' },
      },
      { origin: 'cache' },
      0,
    ],
  ];
  test.each(cases)('%s', async (_name, situation, expected, downloads) => {
    const came = await come(situation);
    expect(came.provided).toMatchObject(expected);
    expect(came.downloads).toBe(downloads);
  });

  test('from JAVA_HOME before the PATH, what it runs on', async () => {
    const { provided } = await come({
      isCached: true,
      component: { runtime: { program: 'java', minimumVersion: '17' } },
      onPath: { java: 'openjdk 11.0.2' },
      javaHome: { java: 'openjdk 21.0.1' },
    });
    expect(provided).toMatchObject({ runtime: expect.stringContaining('java-home/bin/java') });
  });
});

describe('what cannot be had says which, why and what to do', () => {
  const cases: readonly (readonly [string, Situation, readonly string[]])[] = [
    [
      'the registry failed',
      { downloadFails: 'no route' },
      ['redis cannot be had', 'no route', 'What to do: install it'],
    ],
    [
      'the one on the PATH is too old',
      { onPath: { 'valkey-server': 'v=6.0' }, downloadFails: 'no route' },
      ['valkey-server is version 6.0, 7.2 is needed', 'no route'],
    ],
    [
      'the one on the PATH does not answer',
      { onPath: { 'valkey-server': 'none' }, downloadFails: 'no route' },
      ['does not answer --version'],
    ],
    [
      'what it runs on is missing',
      { isCached: true, component: { runtime: { program: 'no-such-java', minimumVersion: '17' } } },
      ['it runs on no-such-java 17 or newer, and there is none here'],
    ],
    [
      'what it runs on is too old',
      {
        isCached: true,
        onPath: { java11: 'openjdk 11.0.2' },
        component: { runtime: { program: 'java11', minimumVersion: '17' } },
      },
      ['java11 is version 11.0.2, 17 is needed'],
    ],
  ];
  test.each(cases)('%s', async (_name, situation, parts) => {
    const { provided } = await come(situation);
    expect(provided).toBeInstanceOf(ComponentUnavailableError);
    for (const part of parts) expect(String(provided)).toContain(part);
  });
});
