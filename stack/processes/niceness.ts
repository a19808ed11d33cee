// How far a process stands back when others want the same cores.
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * Lets a process stand back: 0 is equal, 19 gives way to everybody (setpriority(2)). A session of
 * its own is scheduled as one task where the kernel groups by session (sched(7), "The autogroup
 * feature"), and there only the group's own niceness counts. Neither is worth a failed start.
 */
export function standBack(pid: number, niceness: number): void {
  try {
    setPriority(pid, niceness);
    writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
  } catch {
    // It has ended already, or the kernel has no such groups.
  }
}
