// No process outlives its stack: Ctrl-C, kill -9 of the supervisor, and of its watchdog as well.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stackDirectory } from '../../stack/directories.js';
import { rotateLargeLogs } from '../../stack/processes/log-file.js';
import { startProcess } from '../../stack/processes/managed-process.js';
import { openProcessLedger } from '../../stack/processes/process-ledger.js';
import { isProcessAlive, processIdentity } from '../../stack/processes/process-table.js';
import { fromSource, temporaryDirectory, until } from './support.js';

interface Supervisor {
  readonly process: ChildProcess;
  /** Its two processes and the child of one of them. */
  readonly pids: readonly number[];
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

const FIXTURE = 'test/stack/fixtures/supervisor.ts';

async function startSupervisor(root: string): Promise<Supervisor> {
  const child = spawn(process.execPath, [...fromSource(FIXTURE, [root])]);
  let text = '';
  child.stdout.on('data', (data: Buffer) => {
    text += data.toString();
  });
  child.stderr.pipe(process.stderr);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await until('the supervisor says what it did', () => /^(started|refused)/m.test(text), 60_000);
  const log = join(root, 'logs', 'parent.log');
  const started = /started (\d+) (\d+)/.exec(text)?.slice(1).map(Number) ?? [];
  if (started.length > 0) {
    await until('the grandchild runs', () => /child \d+/.test(readFileSync(log, 'utf8')));
    const children = [...readFileSync(log, 'utf8').matchAll(/child (\d+)/g)];
    started.push(Number(children.at(-1)?.[1]));
  }
  onTestFinished(() => {
    for (const pid of started) endQuietly(-pid);
    child.kill('SIGKILL');
  });
  return { process: child, pids: started, output: () => text, exited };
}

function endQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone, as it should be.
  }
}

test('a process stands back as far as it is told, alone and as a group', async () => {
  const directory = stackDirectory(temporaryDirectory());
  const ledger = await openProcessLedger(directory, () => {});
  onTestFinished(() => ledger.endAll());
  const place = { logs: directory.logs, ledger };
  const sleeper = { command: 'sleep', args: ['60'] };
  const started = await Promise.all([
    startProcess({ ...sleeper, name: 'equal' }, place),
    startProcess({ ...sleeper, name: 'behind', niceness: 5 }, place),
  ]);
  expect(started.map(({ pid }) => getPriority(pid))).toEqual([0, 5]);
  const groups = started
    .map(({ pid }) => `/proc/${pid}/autogroup`)
    .filter((path) => existsSync(path));
  const nicenesses = groups.map((path) => /nice (-?\d+)/.exec(readFileSync(path, 'utf8'))?.[1]);
  expect(nicenesses).toEqual(groups.length === 0 ? [] : ['0', '5']);
});

const running = (pids: readonly number[]) =>
  pids.filter((pid) => processIdentity(pid) !== undefined);

test('Ctrl-C ends every process, those that ignore SIGTERM as well', async () => {
  const root = temporaryDirectory();
  const supervisor = await startSupervisor(root);
  expect(running(supervisor.pids)).toHaveLength(3);
  supervisor.process.kill('SIGINT');
  expect(await supervisor.exited).toBe(0);
  expect(running(supervisor.pids)).toEqual([]);
  expect(existsSync(join(root, 'processes.json'))).toBe(false);
});

test('kill -9 of the supervisor leaves no process', async () => {
  const supervisor = await startSupervisor(temporaryDirectory());
  supervisor.process.kill('SIGKILL');
  await supervisor.exited;
  await until('all are gone', () => running(supervisor.pids).length === 0, 40_000);
});

test('a start ends what a killed one left, and nothing else', async () => {
  const root = temporaryDirectory();
  const first = await startSupervisor(root);
  const ledger = join(root, 'processes.json');
  const content = JSON.parse(readFileSync(ledger, 'utf8'));
  for (const pid of watchdogsOf(first.process.pid)) process.kill(pid, 'SIGKILL');
  first.process.kill('SIGKILL');
  await first.exited;
  expect(running(first.pids)).toHaveLength(3);

  // A number used again by somebody else: same pid, another start time.
  const stranger = spawn('sleep', ['600'], { detached: true });
  onTestFinished(() => void stranger.kill('SIGKILL'));
  content.processes.push({ ...content.processes[0], pid: stranger.pid, startTime: '1' });
  writeFileSync(ledger, JSON.stringify(content));

  const second = await startSupervisor(root);
  expect(second.output()).toContain('ending parent');
  expect(running(first.pids)).toEqual([]);
  expect(isProcessAlive(stranger.pid ?? 0)).toBe(true);
  expect(running(second.pids)).toHaveLength(3);
});

/** The children of a process that are watchdogs. */
function watchdogsOf(pid: number | undefined): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return children
    .map(Number)
    .filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('watchdog.mjs'));
}

test('a second stack in the same directory is refused, and the first one goes on', async () => {
  const root = temporaryDirectory();
  const first = await startSupervisor(root);
  const second = await startSupervisor(root);
  expect(second.output()).toMatch(/refused StackRunningError .*\(pid \d+\).*--data/);
  expect(running(first.pids)).toHaveLength(3);
});

test('a program that is not there is said', async () => {
  const directory = stackDirectory(temporaryDirectory());
  const ledger = await openProcessLedger(directory, () => {});
  onTestFinished(() => ledger.endAll());
  const place = { logs: directory.logs, ledger };
  const missing = startProcess({ name: 'ghost', command: '/no/such/program', args: [] }, place);
  await expect(missing).rejects.toThrow(/^ghost cannot be started: .*ENOENT/);
});

test('nothing starts once the stack is being ended', async () => {
  const directory = stackDirectory(temporaryDirectory());
  const ledger = await openProcessLedger(directory, () => {});
  await ledger.endAll();
  const late = startProcess(
    { name: 'late', command: 'sleep', args: ['1'] },
    { logs: directory.logs, ledger },
  );
  await expect(late).rejects.toThrow('the stack is being ended');
});

test('a log above its bound is put aside, and its writer goes on', async () => {
  const directory = stackDirectory(temporaryDirectory());
  const ledger = await openProcessLedger(directory, () => {});
  onTestFinished(() => ledger.endAll());
  const script = 'while :; do echo 0123456789; sleep 0.01; done';
  const writer = await startProcess(
    { name: 'writer', command: '/bin/sh', args: ['-c', script] },
    { logs: directory.logs, ledger },
  );
  const size = (file: string) => (existsSync(file) ? readFileSync(file).length : 0);
  await until('the log is large', () => size(writer.logFile) > 200);
  rotateLargeLogs(directory.logs, 200);
  expect(size(`${writer.logFile}.1`)).toBeGreaterThan(200);
  await until('the writer goes on from the start', () => size(writer.logFile) > 0);
  expect(readFileSync(writer.logFile, 'utf8')).toMatch(/^0123456789\n/);
});
