// What processes have used of the processor, from /proc/<pid>/stat of proc(5).
import { readFileSync } from 'node:fs';

/** USER_HZ, the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
/** Places of `utime` and `stime` behind the name in parentheses, which may itself hold spaces. */
const USER = 11;
const SYSTEM = 12;

/** Used since the process began, seconds. Throws where there is no such process. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER]) + Number(fields[SYSTEM])) / TICKS_PER_SECOND;
}
