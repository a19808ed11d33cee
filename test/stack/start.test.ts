// `npm start` itself on real processes, for one registry alone: everything comes up, the first
// cycle passes, kill -9 of the supervisor leaves nothing, the next start goes on with the same
// data, and Ctrl-C ends all of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { JOBS } from '../../monitoring/src/names.js';
import { freePortBase } from '../../stack/ports.js';
import { processIdentity } from '../../stack/processes/process-table.js';
import { PRODUCT_DATABASE } from '../../stack/stack-plan.js';
import { fromSource, temporaryDirectory, until } from './support.js';

const UP_TIMEOUT_MS = 180_000;

interface Started {
  readonly process: ChildProcess;
  readonly addresses: Readonly<Record<string, string>>;
  /** Of the supervisor's processes. */
  readonly pids: readonly number[];
  readonly exited: Promise<number | null>;
}

async function start(
  root: string,
  portBase: number,
  more: readonly string[] = [],
): Promise<Started> {
  const args = ['--data', root, '--port-base', String(portBase), '--registries', 'A1', ...more];
  const monitoring = join(root, 'monitoring-times.json');
  writeFileSync(monitoring, JSON.stringify({ times: { scrapeSeconds: 3 } }));
  const child = spawn(process.execPath, [...fromSource('stack/start.ts', args)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, CANARY_CYCLE_SPREAD: '1s', CANARY_MONITORING_CONFIG: monitoring },
  });
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += data.toString();
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  const isUp = () => said.includes('everything is up') || child.exitCode !== null;
  await until('everything is up', isUp, UP_TIMEOUT_MS);
  expect(said).toContain('everything is up');
  const { processes } = readJson(join(root, 'processes.json')) as {
    readonly processes: readonly { readonly pid: number }[];
  };
  return {
    process: child,
    addresses: readJson(join(root, 'addresses.json')) as Record<string, string>,
    pids: processes.map(({ pid }) => pid),
    exited,
  };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

const running = (pids: readonly number[]) =>
  pids.filter((pid) => processIdentity(pid) !== undefined);

async function count(addresses: Started['addresses'], database: string, what: string) {
  const url = new URL(addresses.postgres ?? '');
  url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  const { rows } = await client.query<{ count: string }>(`select count(*) from ${what}`);
  await client.end();
  return Number(rows[0]?.count);
}

const countTransfers = (addresses: Started['addresses']) =>
  count(addresses, 'frame_a_teg', 'transfers');

const PASSED = "canary_test_results where outcome = 'passed' and clean and closed_at is not null";

interface Targets {
  readonly data: {
    readonly activeTargets: readonly {
      readonly health: string;
      readonly labels: { readonly job: string };
    }[];
  };
}

/** Every target that a single frame without containers has; samples are kept for longer. */
async function expectMonitored(addresses: Started['addresses']): Promise<void> {
  const { prometheus, 'victoria-metrics': store } = addresses;
  const targets = async () => {
    const answer = await fetch(`${prometheus}/api/v1/targets`);
    return ((await answer.json()) as Targets).data.activeTargets;
  };
  const areAllUp = async () => {
    const states = (await targets()).map(({ health }) => health);
    return states.length > 0 && states.every((health) => health === 'up');
  };
  await until('every target is up', areAllUp, UP_TIMEOUT_MS);
  const jobs = new Set((await targets()).map(({ labels }) => labels.job));
  const missing = Object.values(JOBS).filter((job) => !jobs.has(job));
  const absent = [JOBS.peerRegistry, JOBS.cadvisor, JOBS.crowdsec, JOBS.crowdsecBouncer];
  expect(new Set(missing)).toEqual(new Set(absent));
  const isKept = async () => {
    const answer = await fetch(`${store}/api/v1/series?match[]=up`);
    return (await answer.text()).includes('"job":"event-store"');
  };
  await until('samples are kept for longer', isKept, UP_TIMEOUT_MS);
}

test('a stack comes up, is killed, comes up again where it was, and ends on Ctrl-C', async () => {
  const root = temporaryDirectory();
  const portBase = await freePortBase();
  const first = await start(root, portBase);
  const expected = [
    'teg-a',
    'event-store-a',
    'registry-a1',
    'traffic',
    'worker',
    'exporter',
    'web',
  ];
  expect(Object.keys(first.addresses)).toEqual(
    expect.arrayContaining([
      ...expected,
      'metrics',
      'temporal-ui',
      'postgres',
      'redis',
      'temporal',
    ]),
  );
  for (const url of Object.values(first.addresses)) expect(() => new URL(url)).not.toThrow();
  expect(running(first.pids)).toHaveLength(first.pids.length);
  await until('money has moved', async () => (await countTransfers(first.addresses)) > 0, 60_000);
  const passed = async () => (await count(first.addresses, PRODUCT_DATABASE, PASSED)) === 2;
  await until('both paths of one registry have passed', passed, 120_000);
  const before = await countTransfers(first.addresses);

  first.process.kill('SIGKILL');
  await first.exited;
  await until('nothing is left', () => running(first.pids).length === 0, 60_000);

  const second = await start(root, portBase, ['--with', 'monitoring']);
  expect(await countTransfers(second.addresses)).toBeGreaterThanOrEqual(before);
  await expectMonitored(second.addresses);
  second.process.kill('SIGINT');
  expect(await second.exited).toBe(0);
  expect(running(second.pids)).toEqual([]);
  expect(existsSync(join(root, 'processes.json'))).toBe(false);
});
