// The first thing that every command runs, on a clone of its own whose only dependency is a script
// in vitest's place that does what the case asks for.
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { PROJECT_ROOT } from '../../stack/directories.js';
import { processIdentity } from '../../stack/processes/process-table.js';
import { temporaryDirectory, until } from './support.js';

/**
 * Says what it was given; with `wait` it stays until SIGTERM or SIGINT and then ends with 7. It
 * speaks last, for what hears it may send a signal at once.
 */
const ENTRY = `
if (process.argv.includes('wait')) {
  setInterval(() => {}, 1000);
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => { process.stdout.write('got ' + signal + '\\n'); process.exit(7); });
  }
}
if (process.argv.includes('fail')) process.exitCode = 5;
process.stdout.write('ran ' + process.argv.slice(2).join(' ') + ' as ' + process.pid + '\\n');
`;

let clone = '';

beforeEach(() => {
  clone = temporaryDirectory();
  cpSync(join(PROJECT_ROOT, 'stack', 'bootstrap.mjs'), join(clone, 'stack', 'bootstrap.mjs'));
  const watch = join('stack', 'processes', 'parent-watch.mjs');
  cpSync(join(PROJECT_ROOT, watch), join(clone, watch));
  mkdirSync(join(clone, 'vendor', 'vitest'), { recursive: true });
  writeFileSync(join(clone, 'vendor', 'vitest', 'vitest.mjs'), ENTRY);
  writeJson('vendor/vitest/package.json', { name: 'vitest', version: '1.0.0' });
  const root = { name: 'clone', version: '1.0.0', dependencies: { vitest: 'file:vendor/vitest' } };
  writeJson('package.json', root);
  writeJson('package-lock.json', {
    ...{ name: 'clone', version: '1.0.0', lockfileVersion: 3, requires: true },
    packages: {
      '': root,
      'node_modules/vitest': { resolved: 'vendor/vitest', link: true },
      'vendor/vitest': { name: 'vitest', version: '1.0.0' },
    },
  });
});

function writeJson(file: string, value: unknown): void {
  writeFileSync(join(clone, file), JSON.stringify(value));
}

interface Run {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  readonly exited: Promise<number | null>;
}

function run(args: readonly string[], nodeArgs: readonly string[] = []): Run {
  const program = [...nodeArgs, join(clone, 'stack', 'bootstrap.mjs'), ...args];
  const { npm_lifecycle_event: _, ...env } = process.env;
  const child = spawn(process.execPath, program, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { output: '', errors: '' };
  child.stdout.on('data', (data: Buffer) => {
    text.output += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    text.errors += data.toString();
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { process: child, output: () => text.output, errors: () => text.errors, exited };
}

const INSTALLS = 'installing the dependencies (npm ci)';

test('installs on a fresh clone, passes arguments on, and hands the exit code back', async () => {
  const first = run(['test', 'one', 'fail']);
  expect(await first.exited, first.errors()).toBe(5);
  expect(first.errors()).toContain(INSTALLS);
  expect(first.output()).toMatch(/^ran run one fail as \d+\n$/);
});

test('installs once, and again when the lock file asks for something else', async () => {
  await run(['test']).exited;
  const second = run(['test']);
  expect(await second.exited).toBe(0);
  expect(second.errors()).toBe('');

  const installed = join(clone, 'node_modules', '.package-lock.json');
  const record = JSON.parse(readFileSync(installed, 'utf8'));
  record.packages['node_modules/left-over'] = { version: '1.0.0' };
  writeFileSync(installed, JSON.stringify(record));
  const third = run(['test']);
  expect(await third.exited).toBe(0);
  expect(third.errors()).toContain(INSTALLS);
});

test('of two at once on a fresh clone one installs, and both run', async () => {
  const runs = [run(['test']), run(['test'])];
  expect(await Promise.all(runs.map(({ exited }) => exited))).toEqual([0, 0]);
  expect(runs.filter(({ errors }) => errors().includes(INSTALLS))).toHaveLength(1);
});

describe('refuses', () => {
  test('an unknown verb, naming those it knows', async () => {
    const refused = run(['tset']);
    expect(await refused.exited).toBe(2);
    expect(refused.errors()).toContain('unknown verb "tset": expected one of start, test, canary');
  });

  test('a Node that is too old, naming the one it needs', async () => {
    const older = "Object.defineProperty(process.versions, 'node', { value: '20.18.3' })";
    const refused = run(['test'], ['--import', `data:text/javascript,${older}`]);
    expect(await refused.exited).toBe(2);
    expect(refused.errors()).toContain('Node 20.19 or newer is needed, this is 20.18.3');
  });
});

describe('when it is ended', () => {
  async function waiting(): Promise<Run & { readonly child: number }> {
    const started = run(['test', 'wait']);
    await until('the entry runs', () => /as \d+/.test(started.output()), 60_000);
    return { ...started, child: Number(/as (\d+)/.exec(started.output())?.[1]) };
  }

  test.each(['SIGTERM', 'SIGINT'] as const)('by %s, so is what it runs', async (signal) => {
    const started = await waiting();
    started.process.kill(signal);
    expect(await started.exited).toBe(7);
    expect(started.output()).toContain(`got ${signal}`);
  });

  test('by kill -9, what it runs ends as well', async () => {
    const started = await waiting();
    started.process.kill('SIGKILL');
    await until('the entry has ended', () => processIdentity(started.child) === undefined);
    expect(started.output()).toContain('got SIGTERM');
  });
});
