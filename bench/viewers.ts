// What 200 live viewers cost: the verdict delay of cycles with and without them, turn by turn in
// one run, and what worker, web and the viewers themselves use of the processor meanwhile.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { standBack } from '../stack/processes/niceness.js';
import type { Reactor } from '../test/e2e/reactor.js';
import type { BareRunner } from './bare-runner.js';
import { cpuSeconds } from './cpu-seconds.js';
import type { BenchRow } from './report.js';
import { benchVerdictLatency } from './verdict-latency.js';
import type { Seen } from './viewer-clients.js';
import { residentBytes } from './web-process.js';

const VIEWERS = 200;
const TURNS = 3;
const LAST = 19;
const MIB = 1024 ** 2;
const CLIENTS = fileURLToPath(new URL('./viewer-clients.ts', import.meta.url));
const SERVICES = ['worker', 'web'] as const;

export async function benchViewers(
  reactor: Reactor,
  bare: BareRunner,
): Promise<readonly BenchRow[]> {
  const without: BenchRow[] = [];
  const beside: BenchRow[] = [];
  const seen: Seen[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    without.push(...(await measureCycle(reactor, bare)));
    const viewers = await openViewers(`${webUrl(reactor)}/api/v1`);
    beside.push(...(await measureCycle(reactor, bare)));
    seen.push(await viewers.close());
  }
  const perViewer = (count: (one: Seen) => number) => seen.map((one) => count(one) / VIEWERS);
  return [
    ...named(without, 'no viewer'),
    ...named(beside, `${VIEWERS} viewers`),
    { name: 'the viewers themselves, CPU', unit: 's', samples: seen.map(({ cpuS }) => cpuS) },
    { name: 'events a viewer heard', unit: '1', samples: perViewer(({ heard }) => heard) },
    { name: 'readings a viewer had', unit: '1', samples: perViewer(({ answered }) => answered) },
    { name: 'readings refused or lost', unit: '1', samples: seen.map(({ lost }) => lost) },
  ];
}

/** One cycle's delays, and what worker and web used while it ran. */
async function measureCycle(reactor: Reactor, bare: BareRunner): Promise<readonly BenchRow[]> {
  const pidOf = (name: string) => reactor.stack.service(name).pid() ?? 0;
  const before = SERVICES.map((name) => cpuSeconds(pidOf(name)));
  const beganAtMs = performance.now();
  const delays = await benchVerdictLatency(reactor, bare, 1);
  const tookS = (performance.now() - beganAtMs) / 1_000;
  return [
    // The share is over all turns.
    ...delays.filter(({ name }) => !/share/.test(name)),
    ...SERVICES.map((name, place) => ({
      name: `${name}, of one core`,
      unit: '%',
      samples: [(100 * (cpuSeconds(pidOf(name)) - (before[place] ?? 0))) / tookS],
    })),
    { name: 'web, resident', unit: 'MiB', samples: [residentBytes(pidOf('web')) / MIB] },
  ];
}

/** The same figure of every turn in one row. */
function named(rows: readonly BenchRow[], how: string): readonly BenchRow[] {
  return [...new Set(rows.map(({ name }) => name))].map((name) => {
    const same = rows.filter((row) => row.name === name);
    const samples = same.flatMap((row) => row.samples);
    return { name: `${how}: ${name}`, unit: same[0]?.unit ?? '', samples };
  });
}

function webUrl({ stack }: Reactor): string {
  const { web } = stack.addresses;
  if (web === undefined) throw new Error('the stack has no web');
  return web;
}

async function openViewers(api: string): Promise<{ close(): Promise<Seen> }> {
  const child = spawn(process.execPath, ['--import', 'tsx', CLIENTS, api, `${VIEWERS}`], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  // They would be on other machines: here they take what is left.
  standBack(child.pid ?? 0, LAST);
  await once(child, 'message');
  return {
    async close() {
      const exit = once(child, 'exit');
      const told = once(child, 'message');
      child.send('close');
      const [seen] = (await told) as [Seen];
      await exit;
      return seen;
    },
  };
}
