// Keeps account of the processes of one stack: in a file for the next start, and with a watchdog
// that ends them when this process dies without having ended them itself.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { StackDirectory } from '../directories.js';
import type { ProcessIdentity } from './process-table.js';
import { bootId, isSameProcess, processIdentity, signalGroup } from './process-table.js';

export interface RecordedProcess extends ProcessIdentity {
  readonly name: string;
  /** What ends it in order. */
  readonly signal: NodeJS.Signals;
  /** How long it may take to end before it gets SIGKILL. */
  readonly graceMs: number;
  /** Those of the highest rank are ended first. */
  readonly rank: number;
}

interface LedgerFile {
  readonly bootId: string;
  readonly supervisor: ProcessIdentity;
  readonly processes: readonly RecordedProcess[];
}

export interface ProcessLedger {
  /** Throws `StackStoppingError` once `endAll` was called. */
  assertOpen(): void;
  /** Takes a process into account; `stop` ends it and resolves when it has ended. */
  add(process: RecordedProcess, stop: () => Promise<unknown>): void;
  remove(pid: number): void;
  /** Ends what still runs, highest rank first, and lets nothing new start. */
  endAll(): Promise<void>;
  /** SIGKILL to all that still runs, for a user who does not want to wait. */
  killAll(): void;
}

/** Something was to be started while the stack is being ended. */
export class StackStoppingError extends Error {
  override readonly name = 'StackStoppingError';
}

/** Another stack lives in the same directory. */
export class StackRunningError extends Error {
  override readonly name = 'StackRunningError';
  readonly pid: number;

  constructor(pid: number, directory: string) {
    super(
      `a stack runs already in ${directory} (pid ${pid}): end it, or give this one a directory ` +
        'and ports of its own with --data and --port-base',
    );
    this.pid = pid;
  }
}

const WATCHDOG = fileURLToPath(new URL('watchdog.mjs', import.meta.url));
const HIGHEST_RANK = 9;
const POLL_MS = 50;

/**
 * Opens the ledger of a stack directory. What a former supervisor left running is ended first,
 * and only that: a pid counts together with its start time. Throws `StackRunningError`.
 */
export async function openProcessLedger(
  directory: StackDirectory,
  report: (text: string) => void,
): Promise<ProcessLedger> {
  mkdirSync(directory.logs, { recursive: true });
  await endLeftovers(directory, report);
  const supervisor = processIdentity(process.pid) ?? { pid: process.pid };
  const watchdog = startWatchdog(join(directory.logs, 'watchdog.log'));
  const processes = new Map<number, { record: RecordedProcess; stop: () => Promise<unknown> }>();
  let isClosing = false;
  const save = (): void => {
    const records = [...processes.values()].map(({ record }) => record);
    writeLedger(directory.processes, { supervisor, processes: records });
  };
  save();
  return {
    assertOpen() {
      if (isClosing) throw new StackStoppingError('the stack is being ended');
    },
    add(record, stop) {
      tell(watchdog, { add: record });
      processes.set(record.pid, { record, stop });
      save();
    },
    remove(pid) {
      tell(watchdog, { remove: pid });
      processes.delete(pid);
      if (!isClosing) save();
    },
    async endAll() {
      isClosing = true;
      for (let rank = HIGHEST_RANK; rank >= 0; rank -= 1) {
        const sameRank = [...processes.values()].filter(({ record }) => record.rank === rank);
        await Promise.all(sameRank.map(({ stop }) => stop()));
      }
      watchdog.stdin?.end();
      rmSync(directory.processes, { force: true });
    },
    killAll() {
      for (const pid of processes.keys()) signalGroup(pid, 'SIGKILL');
    },
  };
}

function startWatchdog(logFile: string): ChildProcess {
  const log = openSync(logFile, 'a');
  const watchdog = spawn(process.execPath, [WATCHDOG], {
    detached: true,
    stdio: ['pipe', 'ignore', log],
  });
  closeSync(log);
  watchdog.unref();
  // A watchdog that somebody ended must not end the stack with it.
  watchdog.on('error', () => {});
  watchdog.stdin?.on('error', () => {});
  return watchdog;
}

function tell(watchdog: ChildProcess, message: unknown): void {
  watchdog.stdin?.write(`${JSON.stringify(message)}\n`);
}

function writeLedger(file: string, content: Omit<LedgerFile, 'bootId'>): void {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, `${JSON.stringify({ bootId: bootId(), ...content }, null, 2)}\n`);
  renameSync(partial, file);
}

function readLedger(file: string): LedgerFile | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LedgerFile;
  } catch {
    return undefined;
  }
}

async function endLeftovers(
  directory: StackDirectory,
  report: (text: string) => void,
): Promise<void> {
  const ledger = readLedger(directory.processes);
  if (ledger === undefined || ledger.bootId !== bootId()) return;
  const { supervisor } = ledger;
  if (isSameProcess(supervisor)) throw new StackRunningError(supervisor.pid, directory.root);
  const left = ledger.processes.filter(isSameProcess).reverse();
  for (const leftover of left) {
    report(`ending ${leftover.name} (pid ${leftover.pid}), left by a stack that was killed`);
    signalGroup(leftover.pid, leftover.signal);
  }
  const deadline = performance.now() + Math.max(0, ...left.map(({ graceMs }) => graceMs));
  while (performance.now() < deadline && left.some(isSameProcess)) await sleep(POLL_MS);
  for (const leftover of left.filter(isSameProcess)) signalGroup(leftover.pid, 'SIGKILL');
}
