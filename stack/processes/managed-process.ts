// One process of the stack: in a group of its own, its output in a log file, its exit always seen.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { readTail } from './log-file.js';
import { standBack } from './niceness.js';
import type { ProcessLedger } from './process-ledger.js';
import { processIdentity, signalGroup } from './process-table.js';

export interface ProcessSpecification {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly directory?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly account?: { readonly uid: number; readonly gid: number };
  /** What ends it in order; after `graceMs` comes SIGKILL. */
  readonly stopSignal?: NodeJS.Signals;
  readonly graceMs?: number;
  /** Where its output goes: to its log file unless given. */
  readonly output?: 'log' | 'inherit';
  /** Of all that are ended together, those of the highest rank come first; 0 unless given. */
  readonly rank?: number;
  /** How far it stands back when others want the same cores, 0 to 19; 0 unless given. */
  readonly niceness?: number;
}

/** Where a process writes its log, and who keeps account of it. */
export interface ProcessPlace {
  readonly logs: string;
  readonly ledger: ProcessLedger;
}

export interface ManagedProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the process has ended, however it did. */
  readonly exited: Promise<ProcessExit>;
  hasExited(): boolean;
  /** Ends the process and all of its group; resolves when it has ended. */
  stop(): Promise<ProcessExit>;
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that could not be started or ended before it was ready. */
export class ProcessFailedError extends Error {
  override readonly name = 'ProcessFailedError';
  readonly process: string;

  constructor(process: string, detail: string, options?: ErrorOptions) {
    super(`${process} ${detail}`, options);
    this.process = process;
  }
}

const DEFAULT_GRACE_MS = 10_000;

/** Starts a process; throws `ProcessFailedError` when the program cannot be started. */
export async function startProcess(
  specification: ProcessSpecification,
  place: ProcessPlace,
): Promise<ManagedProcess> {
  const { name, command, args, account } = specification;
  const { stopSignal = 'SIGTERM', graceMs = DEFAULT_GRACE_MS } = specification;
  place.ledger.assertOpen();
  mkdirSync(place.logs, { recursive: true });
  const logFile = join(place.logs, `${name}.log`);
  const log = openSync(logFile, 'a');
  const child = spawn(command, [...args], {
    detached: true,
    stdio: specification.output === 'inherit' ? ['ignore', 1, 2] : ['ignore', log, log],
    env: specification.environment ?? process.env,
    ...(specification.directory === undefined ? {} : { cwd: specification.directory }),
    ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) {
    const cause = await new Promise<Error>((resolve) => child.once('error', resolve));
    throw new ProcessFailedError(name, `cannot be started: ${cause.message}`, { cause });
  }
  if (specification.niceness !== undefined) standBack(pid, specification.niceness);
  let ended = false;
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = true;
      // What the process started and left behind goes with it.
      signalGroup(pid, 'SIGKILL');
      place.ledger.remove(pid);
      resolve({ code, signal });
    });
  });
  const end = (): Promise<ProcessExit> => stop(pid, exited, stopSignal, graceMs);
  const identity = processIdentity(pid) ?? { pid };
  const rank = specification.rank ?? 0;
  place.ledger.add({ name, signal: stopSignal, graceMs, rank, ...identity }, end);
  return { name, pid, logFile, exited, hasExited: () => ended, stop: end };
}

async function stop(
  pid: number,
  exited: Promise<ProcessExit>,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<ProcessExit> {
  signalGroup(pid, signal);
  const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
  try {
    return await exited;
  } finally {
    clearTimeout(timer);
  }
}

const SHOWN_LOG_LINES = 5;

/** The error of a process that ended too early, with the last lines that it wrote. */
export function endedTooEarly(process: ManagedProcess, exit: ProcessExit): ProcessFailedError {
  const how = exit.signal === null ? `with code ${exit.code}` : `by ${exit.signal}`;
  const tail = readTail(process.logFile, SHOWN_LOG_LINES);
  const written = tail === '' ? '' : `\n${tail}`;
  return new ProcessFailedError(
    process.name,
    `ended ${how} before it was ready; its log is ${process.logFile}${written}`,
  );
}
