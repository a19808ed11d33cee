// What the kernel knows of other processes, so that a pid used again is not taken for an old one.
import { existsSync, readFileSync } from 'node:fs';

/** One process of this boot; pids are used again, pid and start time together are not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In clock ticks since boot; undefined where there is no /proc. */
  readonly startTime?: string;
}

const HAS_PROC = existsSync('/proc/self/stat');

/** Names this boot of the machine; start times of another boot mean nothing. */
export function bootId(): string {
  return readOrEmpty('/proc/sys/kernel/random/boot_id').trim();
}

/** The identity of a running process; undefined when there is none, or only its remains. */
export function processIdentity(pid: number): ProcessIdentity | undefined {
  if (!HAS_PROC) return isProcessAlive(pid) ? { pid } : undefined;
  const startTime = startTimeOf(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** Whether that very process still runs; one that ended but was not yet waited for does not. */
export function isSameProcess(identity: ProcessIdentity): boolean {
  const there = processIdentity(identity.pid);
  return there !== undefined && there.startTime === identity.startTime;
}

export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Sends a signal to a process group; false when it is gone. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Fields of /proc/<pid>/stat after the name in parentheses, which may itself hold spaces. */
const STATE = 0;
const START_TIME = 19;

function startTimeOf(pid: number): string | undefined {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[STATE] === 'Z' ? undefined : fields[START_TIME];
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
