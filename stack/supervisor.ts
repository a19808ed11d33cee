// Keeps one application process running: started again after a crash, with pauses that grow.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Application } from './applications.js';
import type { Runner } from './bundles.js';
import { PROJECT_ROOT } from './directories.js';
import { assertPortFree } from './ports.js';
import {
  type ManagedProcess,
  type ProcessExit,
  type ProcessSpecification,
  startProcess,
} from './processes/managed-process.js';
import type { ProcessLedger } from './processes/process-ledger.js';
import { untilReady } from './processes/readiness.js';

/** A process that is kept running, and how others find out that it does its work. */
export interface SupervisedProcess {
  readonly url: string;
  /** Answers 200 when the process does its work. */
  readonly readyUrl: string;
  /** All that it listens on. */
  readonly ports: readonly number[];
  readonly specification: ProcessSpecification;
}

export interface SupervisorOptions {
  readonly logs: string;
  readonly ledger: ProcessLedger;
  readonly report: (text: string) => void;
  /** Aborted when the whole stack is ended. */
  readonly signal: AbortSignal;
}

/** A service that can be ended and started again, as tests do. */
export interface StackService {
  readonly name: string;
  readonly url: string;
  /** The pid of its process, the number of its group, too; undefined while there is none. */
  pid(): number | undefined;
  /** Ends it for good, or until `start`. */
  stop(): Promise<void>;
  /** Starts it after `stop`; resolves when it is ready. */
  start(): Promise<void>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** A process that lived this long has earned the shortest pause again. */
const STEADY_MS = 60_000;

const PROBE_TIMEOUT_MS = 2_000;

/** Starts an application and waits until it is ready; throws what the first start throws. */
export async function superviseApplication(
  application: Application,
  options: SupervisorOptions & { readonly runner: Runner },
): Promise<StackService> {
  const specification = specificationOf(application, options.runner);
  return superviseProcess({ ...application, specification }, options);
}

/** Starts any process of the stack's; as `superviseApplication`. */
export async function superviseProcess(
  { url, readyUrl, ports, specification }: SupervisedProcess,
  options: SupervisorOptions,
): Promise<StackService> {
  const { name } = specification;
  for (const port of ports) await assertPortFree(port, name);
  let running: ManagedProcess | undefined;
  let stopping = new AbortController();

  const launch = async (): Promise<ManagedProcess> => {
    const started = await startProcess(specification, options);
    running = started;
    return started;
  };
  const begin = async (): Promise<void> => {
    stopping = new AbortController();
    const first = await launch();
    try {
      await untilReady(first, () => answersReady(readyUrl));
    } catch (error) {
      await first.stop();
      throw error;
    }
    const signal = AbortSignal.any([stopping.signal, options.signal]);
    void keepRunning(name, first, launch, { report: options.report, signal });
  };
  await begin();
  return {
    name,
    url,
    pid: () => (running?.hasExited() === false ? running.pid : undefined),
    start: begin,
    stop: async () => {
      stopping.abort();
      await running?.stop();
    },
  };
}

/** Waits for the process's end and starts it again, until the signal says that it shall end. */
async function keepRunning(
  name: string,
  first: ManagedProcess,
  launch: () => Promise<ManagedProcess>,
  { report, signal }: Pick<SupervisorOptions, 'report' | 'signal'>,
): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  for (let running: ManagedProcess | undefined = first; !signal.aborted; ) {
    const startedAt = performance.now();
    const how = running === undefined ? 'did not start' : describeExit(await running.exited);
    if (signal.aborted) return;
    if (performance.now() - startedAt >= STEADY_MS) pauseMs = FIRST_PAUSE_MS;
    report(`${name} ${how}: starting it again in ${pauseMs} ms`);
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    running = await launch().catch(() => undefined);
    if (signal.aborted) await running?.stop();
  }
}

function describeExit({ code, signal }: ProcessExit): string {
  return signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
}

function specificationOf(application: Application, runner: Runner): ProcessSpecification {
  return {
    name: application.name,
    command: process.execPath,
    args: [...runner(application.entry, application.args)],
    directory: PROJECT_ROOT,
    environment: application.environment,
    rank: application.rank,
    niceness: application.niceness,
  };
}

/** Throws unless the URL answers 200. */
async function answersReady(url: string): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${body.slice(0, 400)}`);
}
