// The infrastructure of one run of tests or benchmarks: on free ports, in a directory of its own,
// everything removed afterwards.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ComponentUnavailableError } from './components/component.js';
import { DEFAULT_STACK_DIRECTORY, stackDirectory } from './directories.js';
import {
  INFRASTRUCTURE,
  type InfrastructureName,
  type InfrastructurePorts,
  launchService,
  provideInfrastructure,
} from './infrastructure.js';
import { freePorts } from './ports.js';
import { boundLogFiles } from './processes/log-file.js';
import { openProcessLedger } from './processes/process-ledger.js';
import { isProcessAlive } from './processes/process-table.js';
import type { Service } from './services/service.js';
import { substituteFor } from './services/unprivileged.js';

export interface DisposableOptions {
  /** The first part of the directory's name, e.g. `test`. */
  readonly purpose: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly searchAttributes: Readonly<Record<string, string>>;
  readonly report: (text: string) => void;
  /** All unless said otherwise. */
  readonly wanted?: readonly InfrastructureName[];
}

export interface DisposableInfrastructure {
  readonly services: Readonly<Partial<Record<InfrastructureName, Service>>>;
  /** Why a service is not there. */
  readonly missing: Readonly<Partial<Record<InfrastructureName, ComponentUnavailableError>>>;
  stop(): Promise<void>;
}

/** What cannot be had is in `missing`; every other failure ends what was started and is thrown. */
export async function startDisposableInfrastructure(
  options: DisposableOptions,
): Promise<DisposableInfrastructure> {
  const { wanted = INFRASTRUCTURE } = options;
  await sweepFormerRuns(options.purpose);
  const path = join(DEFAULT_STACK_DIRECTORY, `${options.purpose}-${process.pid}`);
  const directory = stackDirectory(path);
  await mkdir(directory.data, { recursive: true });
  const ledger = await openProcessLedger(directory, options.report);
  const unbound = boundLogFiles(directory.logs);
  const provided = await provideInfrastructure(wanted, options);
  const settings = { ...options, directory, ledger, ports: await choosePorts() };
  const services: Partial<Record<InfrastructureName, Service>> = {};
  const missing: Partial<Record<InfrastructureName, ComponentUnavailableError>> = {};
  const stop = async (): Promise<void> => {
    await Promise.all(Object.values(services).map((service) => service.stop()));
    await ledger.endAll();
    unbound();
    await rm(directory.root, { recursive: true, force: true });
  };
  const launch = async (name: InfrastructureName): Promise<void> => {
    const one = provided[name];
    if (one instanceof ComponentUnavailableError) missing[name] = one;
    else if (one !== undefined)
      services[name] = await launchService(name, one, { ...settings, isDisposable: true });
  };
  const starts = await Promise.allSettled(wanted.map(launch));
  const failure = starts.find((start) => start.status === 'rejected');
  if (failure === undefined) return { services, missing, stop };
  await stop();
  throw failure.reason;
}

async function choosePorts(): Promise<InfrastructurePorts> {
  const next = freePorts();
  return {
    postgres: await next(),
    redis: await next(),
    kafka: await next(),
    kafkaController: await next(),
    temporal: await next(),
    temporalUi: await next(),
    temporalMetrics: await next(),
  };
}

/** Removes what runs that were killed left behind; the watchdog has ended their processes. */
async function sweepFormerRuns(purpose: string): Promise<void> {
  await mkdir(DEFAULT_STACK_DIRECTORY, { recursive: true });
  for (const name of await readdir(DEFAULT_STACK_DIRECTORY)) {
    const [prefix, pid] = name.split(/-(?=\d+$)/);
    if (prefix !== purpose || pid === undefined || isProcessAlive(Number(pid))) continue;
    const directory = stackDirectory(join(DEFAULT_STACK_DIRECTORY, name));
    const moved = await substituteFor(join(directory.data, 'postgres'));
    await rm(moved, { recursive: true, force: true });
    await rm(directory.root, { recursive: true, force: true });
  }
}
