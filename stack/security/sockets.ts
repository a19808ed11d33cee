// The sockets of processes, by Linux's own tables: whom they speak to beyond this machine.
import { readdir, readFile, readlink } from 'node:fs/promises';

const TABLES = ['tcp', 'tcp6', 'udp', 'udp6'];

/** Of the processes of these groups, the far ends that are not on loopback, in Linux's form. */
export async function foreignPeers(groups: readonly number[]): Promise<readonly string[]> {
  const inodes = new Set<string>();
  for (const pid of await membersOf(new Set(groups))) {
    for (const inode of await socketsOf(pid)) inodes.add(inode);
  }
  const lines: string[] = [];
  for (const table of TABLES) {
    const text = await readFile(`/proc/net/${table}`, 'utf8').catch(() => '');
    lines.push(...text.split('\n').slice(1));
  }
  return foreignAmong(lines, inodes);
}

/** Lines of the tables in /proc/net; the far end is the third column, the inode the tenth. */
export function foreignAmong(
  lines: readonly string[],
  inodes: ReadonlySet<string>,
): readonly string[] {
  return lines.flatMap((line) => {
    const columns = line.trim().split(/\s+/);
    const [far = '', inode = ''] = [columns[2], columns[9]];
    return inodes.has(inode) && !isLocal(far) ? [far] : [];
  });
}

/** Nobody at all, 127.0.0.0/8, ::1, or 127.0.0.0/8 written as IPv6; bytes are in reverse. */
function isLocal(far: string): boolean {
  const [address = ''] = far.split(':');
  return (
    /^0*$/.test(address) ||
    /^(0{16}FFFF0000)?[0-9A-F]{6}7F$/.test(address) ||
    address === '00000000000000000000000001000000'
  );
}

async function membersOf(groups: ReadonlySet<number>): Promise<readonly string[]> {
  const members: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // Behind the name, which may hold anything, come state, parent and group.
    const group = stat.slice(stat.lastIndexOf(')')).split(' ')[3];
    if (groups.has(Number(group))) members.push(pid);
  }
  return members;
}

async function socketsOf(pid: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
    const target = await readlink(`/proc/${pid}/fd/${name}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined) found.push(inode);
  }
  return found;
}
