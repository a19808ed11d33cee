// Ends the stack's processes when the supervisor is gone, even by kill -9: its standard input is a
// pipe that only the supervisor holds. Plain JavaScript without dependencies: it is up at once.
// Usage: node watchdog.mjs, then one JSON line for each process, either {"remove":pid} or
// {"add":{name,pid,startTime,signal,graceMs}}. At the end of the input it ends what was added and
// not removed, last one first.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;
const START_TIME_FIELD = 19;

const processes = new Map();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.add) processes.set(message.add.pid, message.add);
  else processes.delete(message.remove);
}

const left = [...processes.values()].reverse().filter(isRunning);
for (const entry of left) {
  process.stderr.write(`the supervisor is gone: ending ${entry.name} (pid ${entry.pid})\n`);
  signalGroup(entry.pid, entry.signal);
}
const deadline = performance.now() + Math.max(0, ...left.map(({ graceMs }) => graceMs));
while (performance.now() < deadline && left.some(isRunning)) await sleep(POLL_MS);
for (const entry of left) signalGroup(entry.pid, 'SIGKILL');

function isRunning({ pid, startTime }) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] !== 'Z' && fields[START_TIME_FIELD] === startTime;
  } catch {
    return false;
  }
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}
