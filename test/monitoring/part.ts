// A part of the embedded monitoring by itself: its files, its supervised processes, no platform.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { parseTopology } from '../../sandbox/src/topology.js';
import { stackDirectory } from '../../stack/directories.js';
import { planMonitoring, startMonitoring } from '../../stack/monitoring/monitoring.js';
import type { MonitoringPrograms } from '../../stack/monitoring/programs.js';
import { freePortBase, portTable } from '../../stack/ports.js';
import { openProcessLedger } from '../../stack/processes/process-ledger.js';
import type { StackService } from '../../stack/supervisor.js';
import { fromSource, temporaryDirectory } from '../stack/support.js';

export interface Part {
  /** The URL of a process of it. */
  url(name: string): string;
  service(name: string): StackService;
}

export interface PartOptions {
  readonly programs: MonitoringPrograms;
  /** What the configuration sets differently. */
  readonly config?: object;
  readonly postgresUrl?: string;
}

/** Nothing listens there. */
const NOWHERE = '127.0.0.1:9';

/** Resolves when all of it is ready; it ends with the case. */
export async function startPart({ programs, config, postgresUrl }: PartOptions): Promise<Part> {
  const directory = stackDirectory(temporaryDirectory());
  mkdirSync(directory.data, { recursive: true });
  const file = join(directory.root, 'overrides.yaml');
  writeFileSync(file, stringify(config ?? {}));
  const ports = portTable(await freePortBase());
  const ledger = await openProcessLedger(directory, () => {});
  const stopping = new AbortController();
  onTestFinished(async () => {
    stopping.abort();
    await ledger.endAll();
  });
  const plan = await planMonitoring({
    programs,
    topology: parseTopology({ frames: [{ id: 'A', registries: ['A1'] }], portBase: ports.sandbox }),
    ports,
    directory,
    environment: { CANARY_MONITORING_CONFIG: file },
    urls: {
      postgres: postgresUrl ?? `postgres://postgres@${NOWHERE}/postgres`,
      redis: `redis://${NOWHERE}`,
    },
  });
  const starting = startMonitoring(plan, {
    logs: directory.logs,
    ledger,
    report: () => {},
    signal: stopping.signal,
    runner: Promise.resolve(fromSource),
    others: Promise.resolve(),
  });
  const services = await Promise.all(starting.map(({ service }) => service));
  const service = (name: string): StackService => {
    const found = services.find((one) => one.name === name);
    if (found === undefined) throw new RangeError(`no ${name}`);
    return found;
  };
  return { url: (name) => service(name).url, service };
}

/** The JSON that an address answers. */
export async function readJson<T>(url: string): Promise<T> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  return (await answer.json()) as T;
}
