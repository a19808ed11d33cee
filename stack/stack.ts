// A whole stack: infrastructure, the sandbox's services, the worker and the exporter, brought up as
// far in parallel as each needs the others, and ended in reverse order.
import type { Topology } from '../sandbox/src/topology.js';
import { type Addresses, writeAddresses } from './addresses.js';
import type { Application } from './applications.js';
import { prepareBundles, type Runner } from './bundles.js';
import type { Provided } from './components/component.js';
import { ensureDatabase } from './database.js';
import { type InfrastructureName, launchService } from './infrastructure.js';
import { planMonitoring, startMonitoring } from './monitoring/monitoring.js';
import { provideMonitoring } from './monitoring/programs.js';
import { preparePage } from './page.js';
import { boundLogFiles } from './processes/log-file.js';
import type { ProcessPlace } from './processes/managed-process.js';
import { openProcessLedger, type ProcessLedger } from './processes/process-ledger.js';
import type { Progress } from './progress.js';
import {
  PRODUCT_DATABASE,
  planStack,
  type StackPlan,
  type StackPlanOptions,
} from './stack-plan.js';
import { type StackService, superviseApplication } from './supervisor.js';

export interface StackOptions extends StackPlanOptions {
  /** Whether Prometheus, Alertmanager, the exporters and what belongs to them run, too. */
  readonly withMonitoring?: boolean;
  readonly searchAttributes: Readonly<Record<string, string>>;
  readonly progress: Progress;
}

export interface Stack {
  readonly addresses: Addresses;
  /** Where other programs read the addresses. */
  readonly addressFile: string;
  /** For processes that shall end with the stack. */
  readonly place: ProcessPlace;
  /** How the product's own command is run. */
  readonly runner: Runner;
  readonly topology: Topology;
  /** What a command of the product needs in its environment to talk to this stack. */
  readonly productEnvironment: NodeJS.ProcessEnv;
  /** One of the running services; throws a `RangeError` for an unknown name. */
  service(name: string): StackService;
}

export interface StackStart {
  /** Resolves when every service is ready; rejects with the first failure, all being ended. */
  readonly ready: Promise<Stack>;
  /** Ends everything, also half-way through the start. */
  stop(): Promise<void>;
  /** SIGKILL to everything, for a user who does not want to wait. */
  kill(): void;
}

export function startStack(options: StackOptions): StackStart {
  const stopping = new AbortController();
  let ledger: ProcessLedger | undefined;
  const open = async (): Promise<ProcessLedger> => {
    ledger = await openProcessLedger(options.directory, options.progress.say);
    return ledger;
  };
  const opened = open();
  const unbound = opened.then(() => boundLogFiles(options.directory.logs));
  const end = async (): Promise<void> => {
    stopping.abort();
    await (await opened.catch(() => undefined))?.endAll();
    (await unbound.catch(() => undefined))?.();
  };
  const ready = opened
    .then((opening) => bringUp(options, opening, { signal: stopping.signal, end }))
    .catch(async (error: unknown) => {
      await end();
      throw error;
    });
  return { ready, stop: end, kill: () => ledger?.killAll() };
}

interface Starting {
  readonly name: string;
  readonly service: Promise<StackService>;
}

/** What is built from our own sources: the processes, and the page that one of them serves. */
async function prepareOwnPrograms(): Promise<Runner> {
  const [runner] = await Promise.all([prepareBundles(), preparePage()]);
  return runner;
}

async function bringUp(
  options: StackOptions,
  ledger: ProcessLedger,
  { signal, end }: { readonly signal: AbortSignal; readonly end: () => Promise<void> },
): Promise<Stack> {
  const { progress } = options;
  const preparing = prepareOwnPrograms();
  // Its failure is that of every application, which wait for it.
  preparing.catch(() => undefined);
  const [plan, programs] = await Promise.all([
    planStack(options, progress.say, signal),
    options.withMonitoring === true
      ? provideMonitoring({ environment: options.environment, report: progress.say, signal })
      : undefined,
  ]);
  const monitoring = programs && (await planMonitoring({ ...options, ...plan, programs }));
  const infrastructure = startInfrastructure(plan, options, ledger, signal);
  const { logs } = options.directory;
  const supervision = { logs, ledger, report: progress.say, signal };
  const applications = startApplications(plan, infrastructure, (application, after) =>
    Promise.all([preparing, after]).then(([runner]) =>
      superviseApplication(application, { runner, ...supervision }),
    ),
  );
  const services = [...infrastructure, ...applications];
  const starting = [
    ...services,
    ...(monitoring === undefined
      ? []
      : startMonitoring(monitoring, {
          ...supervision,
          runner: preparing,
          others: Promise.all(services.map(({ service }) => service)),
        })),
  ];
  const shown = progress.show(
    starting.map(({ name, service }) => ({ title: name, done: service.then(({ url }) => url) })),
  );
  const started = await Promise.all(starting.map(({ service }) => service)).catch(
    async (error: unknown) => {
      // What waits for the one that failed is not worth waiting for.
      await end();
      await shown;
      throw error;
    },
  );
  await shown;
  const addresses = { ...plan.addresses, ...monitoring?.addresses };
  writeAddresses(options.directory.addresses, addresses);
  return {
    addresses,
    addressFile: options.directory.addresses,
    place: { logs: options.directory.logs, ledger },
    runner: await preparing,
    topology: plan.topology,
    productEnvironment: plan.productEnvironment,
    service: (name) => serviceNamed(name, started),
  };
}

function serviceNamed(name: string, services: readonly StackService[]): StackService {
  const found = services.find((service) => service.name === name);
  if (found !== undefined) return found;
  const known = services.map((service) => service.name).join(', ');
  throw new RangeError(`no service ${JSON.stringify(name)}: ${known}`);
}

function startInfrastructure(
  plan: StackPlan,
  options: StackOptions,
  ledger: ProcessLedger,
  signal: AbortSignal,
): readonly Starting[] {
  const chosen = Object.entries(plan.infrastructure) as [InfrastructureName, Provided][];
  return chosen.map(([name, provided]) => ({
    name,
    service: startOne(name, () =>
      launchService(name, provided, { ...options, ports: plan.ports, ledger }),
    ),
  }));

  async function startOne(
    name: InfrastructureName,
    launch: () => ReturnType<typeof launchService>,
  ): Promise<StackService> {
    let running = await launch();
    const watch = (): void => {
      void running.process?.exited.then(({ code }) => {
        if (!signal.aborted) options.progress.say(`${name} has ended with code ${code}`);
      });
    };
    watch();
    return {
      name,
      url: running.url,
      pid: () => running.process?.pid,
      stop: () => running.stop(),
      start: async () => {
        running = await launch();
        watch();
      },
    };
  }
}

/** Starts each application once what it waits for is there: the essentials, or all the others. */
function startApplications(
  plan: StackPlan,
  infrastructure: readonly Starting[],
  start: (application: Application, after: Promise<unknown>) => Promise<StackService>,
): readonly Starting[] {
  const startThose = (isLast: boolean, after: Promise<unknown>): readonly Starting[] =>
    plan.applications
      .filter((application) => application.isLast === isLast)
      .map((application) => ({ name: application.name, service: start(application, after) }));
  const first = startThose(false, essentials(infrastructure));
  const others = Promise.all([...infrastructure, ...first].map(({ service }) => service));
  // Its failure is that of one of them, which is told already.
  others.catch(() => undefined);
  return [...first, ...startThose(true, others)];
}

/**
 * Resolves when the product's database and Temporal are there: applications wait for them. They
 * would try again by themselves, but with pauses, and two cores start one thing after another best.
 */
async function essentials(infrastructure: readonly Starting[]): Promise<void> {
  const named = (wanted: InfrastructureName) =>
    infrastructure.find(({ name }) => name === wanted)?.service;
  const [postgres] = await Promise.all([named('postgres'), named('temporal')]);
  if (postgres === undefined) throw new TypeError('every stack has a PostgreSQL');
  await ensureDatabase(postgres.url, PRODUCT_DATABASE);
}
