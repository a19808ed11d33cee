// Starts one named service: `teg:A`, `event-store:A`, `registry:A1` or `traffic`.
import { SERVICE_NAMES, type ServiceName } from './names.js';
import { systemClock } from './service/clock.js';
import type { RunningService, ServiceContext } from './service/context.js';
import { createLogger } from './service/logger.js';
import { loadTopology } from './topology.js';

type Start = (context: ServiceContext, id: string) => Promise<RunningService>;

/** Imported only when asked for, so that one service's code never loads another's. */
const STARTS: Readonly<Record<ServiceName, () => Promise<Start>>> = {
  teg: async () => (await import('./teg/teg.js')).startTeg,
  'event-store': async () => (await import('./event-store/event-store.js')).startEventStore,
  registry: async () => (await import('./registry/registry.js')).startRegistry,
  traffic: async () => (await import('./traffic/traffic.js')).startTraffic,
};

const [, , argument = ''] = process.argv;
const [name = '', id = ''] = argument.split(':');
const logger = createLogger(argument, process.env.LOG_LEVEL ?? 'info');

function isServiceName(text: string): text is ServiceName {
  return SERVICE_NAMES.some((known) => known === text);
}

async function start(): Promise<void> {
  if (!isServiceName(name) || (id === '') !== (name === 'traffic')) {
    throw new Error(`unknown service "${argument}": teg:A, event-store:A, registry:A1 or traffic`);
  }
  const topology = loadTopology({ SANDBOX_CONFIG: process.env.SANDBOX_CONFIG });
  const startService = await STARTS[name]();
  const context = { topology, logger, clock: systemClock, random: Math.random };
  closeOnSignal(await startService(context, id));
}

function closeOnSignal(service: RunningService): void {
  let isClosing = false;
  const close = async (signal: string) => {
    // A second signal does not cut short what the first one began.
    if (isClosing) return;
    isClosing = true;
    logger.info({ signal }, 'closing');
    await service.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      close(signal).catch(fail);
    });
  }
}

function fail(error: unknown): void {
  logger.fatal({ err: error }, 'the service cannot go on');
  process.exit(1);
}

start().catch(fail);
