// Starts the components that test cases run against, once for a whole run of vitest: PostgreSQL,
// Redis, Kafka and Temporal on free ports, and the programs that some cases call. A component
// whose address is in the environment is used as it is.
import type { TestProject } from 'vitest/node';
import { SEARCH_ATTRIBUTES } from '../src/names.js';
import { ENTRIES, type Entry, prepareBundles } from '../stack/bundles.js';
import { ComponentUnavailableError } from '../stack/components/component.js';
import {
  type DisposableInfrastructure,
  startDisposableInfrastructure,
} from '../stack/disposable-infrastructure.js';
import { provideProgram } from '../stack/infrastructure.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** An administrator's URL: create a database of your own and drop it afterwards. */
    readonly postgresUrl: string;
    readonly redisUrl: string;
    /** Empty where there is no Java, except in CI, where that is a failure. */
    readonly kafkaBrokers: readonly string[];
    /** A development server with the search attributes of the product. */
    readonly temporalAddress: string;
    /** The Temporal CLI. */
    readonly temporalPath: string;
    /** The time-skipping server, for `createTimeSkipping`. */
    readonly testServerPath: string;
    /** Undefined where it cannot be had, except in CI, where that is a failure. */
    readonly promtoolPath: string | undefined;
    /** Node's arguments for each program of ours, before its own, as `npm start` runs it. */
    readonly entries: Entries;
  }
}

type Entries = Readonly<Record<Entry, readonly string[]>>;

interface TestRun {
  readonly infrastructure: DisposableInfrastructure;
  readonly temporalPath: string;
  readonly testServerPath: string;
  readonly promtoolPath: string | undefined;
  readonly entries: Entries;
}

/** Projects of one run share one set of components; vitest loads this file anew for each. */
const SHARED = Symbol.for('canary-reactor.test-run');
const shared = globalThis as { [SHARED]?: { readonly run: Promise<TestRun>; users: number } };

export async function setup(project: TestProject): Promise<void> {
  const current = shared[SHARED] ?? { run: startRun(), users: 0 };
  shared[SHARED] = current;
  current.users += 1;
  const { infrastructure, ...programs } = await current.run;
  const { postgres, redis, kafka, temporal } = infrastructure.services;
  project.provide('postgresUrl', postgres?.url ?? '');
  project.provide('redisUrl', redis?.url ?? '');
  project.provide('kafkaBrokers', kafka === undefined ? [] : kafka.url.split(','));
  project.provide('temporalAddress', temporal?.url ?? '');
  project.provide('temporalPath', programs.temporalPath);
  project.provide('testServerPath', programs.testServerPath);
  project.provide('promtoolPath', programs.promtoolPath);
  project.provide('entries', programs.entries);
}

export async function teardown(): Promise<void> {
  const current = shared[SHARED];
  if (current === undefined) return;
  current.users -= 1;
  if (current.users > 0) return;
  delete shared[SHARED];
  const { infrastructure } = await current.run;
  await infrastructure.stop();
}

const MAY_BE_MISSING = new Set(['kafka', 'promtool']);

async function startRun(): Promise<TestRun> {
  const options = { environment: process.env, report };
  const [temporalPath, testServerPath, promtoolPath, entries] = await Promise.all([
    provideProgram('temporal', options),
    provideProgram('temporal-test-server', options),
    provideProgram('promtool', options).catch(tolerate),
    bundledEntries(),
  ]);
  const searchAttributes = Object.fromEntries(
    Object.values(SEARCH_ATTRIBUTES).map((name) => [name, 'Keyword']),
  );
  const infrastructure = await startDisposableInfrastructure({
    ...options,
    purpose: 'test',
    searchAttributes,
  });
  try {
    for (const missing of Object.values(infrastructure.missing)) tolerate(missing);
  } catch (error) {
    await infrastructure.stop();
    throw error;
  }
  return { infrastructure, temporalPath, testServerPath, promtoolPath, entries };
}

async function bundledEntries(): Promise<Entries> {
  const run = await prepareBundles();
  return Object.fromEntries(ENTRIES.map((entry) => [entry, run(entry, [])])) as Entries;
}

/**
 * What may be missing on a developer's machine is said; anything else, and all in CI, is thrown.
 */
function tolerate(error: unknown): undefined {
  const isTolerable =
    error instanceof ComponentUnavailableError && MAY_BE_MISSING.has(error.component);
  if (!isTolerable || (process.env.CI ?? '') !== '') throw error;
  report(`${error.message}. Cases that need it are skipped.`);
  return undefined;
}

function report(text: string): void {
  process.stderr.write(`${text}\n`);
}
