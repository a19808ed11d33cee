// The whole reactor for end-to-end cases: a stack of its own on free ports, with short deadlines,
// and the doors that a case needs: cycles, faults, the oracle, the stored rows.
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type OpenedDependencies, openDependencies } from '../../src/admin/compose.js';
import { loadConfig } from '../../src/config.js';
import type { Scoreboard } from '../../src/domain/scoreboard.js';
import { SEARCH_ATTRIBUTES } from '../../src/names.js';
import type { StoredResult } from '../../src/ports.js';
import { DEFAULT_STACK_DIRECTORY, stackDirectory } from '../../stack/directories.js';
import { freePortBase } from '../../stack/ports.js';
import { isProcessAlive } from '../../stack/processes/process-table.js';
import { type Stack, startStack } from '../../stack/stack.js';
import { until } from '../support/until.js';
import { createPlatformDoors, type PlatformDoors } from './platform-doors.js';

export interface Reactor extends PlatformDoors {
  readonly stack: Stack;
  readonly admin: OpenedDependencies;
  /** Fires every path, or those given, and waits until the cycle is closed. */
  cycle(pathIds?: readonly string[]): Promise<Scoreboard>;
  /** Fires every path, or those given, and answers the cycle's id at once. */
  begin(pathIds?: readonly string[]): Promise<string>;
  /** Waits until a cycle is closed. */
  closed(cycleId: string): Promise<Scoreboard>;
  /** Waits until so many tests of a cycle have their verdict stored. */
  settled(cycleId: string, count: number): Promise<void>;
  /** Fires one path and answers its row, closed. */
  fire(pathId: string): Promise<StoredResult>;
  /** SIGKILL to the worker; its supervisor starts it again. */
  killWorker(): void;
  stop(): Promise<void>;
}

export interface ReactorOptions {
  readonly registries: readonly string[];
  readonly sandbox?: Readonly<Record<string, unknown>>;
  readonly product?: Readonly<Record<string, unknown>>;
  /** Settings of single frames, such as the feed that counts. */
  readonly frames?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly withKafka?: boolean;
  readonly sandboxNiceness?: number;
  readonly withMonitoring?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Cases shorten the platform's deadlines, and so must not slow the platform. */
const EQUAL = 0;

/**
 * Refunds come after 5 s here, and async's final deadline lies past them, as in production. Users
 * are fewer, so that the machine has time for the cases.
 */
const SANDBOX = {
  refundAfterMs: 5_000,
  sweepIntervalMs: 500,
  twoPhaseLimitMs: 3_000,
  traffic: { transfersPerSecond: 3 },
};

/** Users' traffic as it is where nobody sets it. */
export const ALL_USERS = { traffic: {} };

/** No schedule fires while a case counts: every cycle is fired by hand. */
const PRODUCT = {
  cycle: { interval: '24h', spread: '1s', amount: '0.010000' },
  deadlines: {
    intra: { soft: '6s', final: '12s' },
    async: { soft: '8s', final: '25s' },
    '2pc': { soft: '6s', final: '15s' },
  },
};

/** As it was before a stack of ours put its own Temporal into it. */
const ENVIRONMENT = { ...process.env };

const CYCLE_MS_MAX = 300_000;

export async function startReactor(options: ReactorOptions): Promise<Reactor> {
  await removeAbandoned();
  const root = join(DEFAULT_STACK_DIRECTORY, `e2e-${process.pid}-${randomUUID().slice(0, 8)}`);
  const start = startStack({
    directory: stackDirectory(root),
    portBase: await freePortBase(),
    environment: { ...ENVIRONMENT, ...options.environment },
    registries: options.registries,
    withKafka: options.withKafka ?? true,
    withMonitoring: options.withMonitoring ?? false,
    searchAttributes: Object.fromEntries(
      Object.values(SEARCH_ATTRIBUTES).map((name) => [name, 'Keyword']),
    ),
    progress: {
      show: async (steps) => void (await Promise.allSettled(steps.map(({ done }) => done))),
      say: () => undefined,
    },
    sandbox: { ...SANDBOX, ...options.sandbox },
    sandboxNiceness: options.sandboxNiceness ?? EQUAL,
    product: { ...PRODUCT, ...options.product },
    frames: options.frames ?? {},
  });
  const stack = await start.ready;
  process.env.TEMPORAL_ADDRESS = stack.productEnvironment.TEMPORAL_ADDRESS;
  const admin = openDependencies(loadConfig(stack.productEnvironment));
  const reactor = reactorOf(stack, admin, async () => {
    await admin.close();
    const stopped = start.stop();
    // Nothing is left for it to hand over, which takes seconds; its own cases see it end in order.
    killWorker(stack);
    await stopped;
    await rm(root, { recursive: true, force: true });
  });
  await validatorsCaughtUp(admin);
  return reactor;
}

/** What runs that were killed could not remove: the directory's name says whose it was. */
async function removeAbandoned(): Promise<void> {
  await mkdir(DEFAULT_STACK_DIRECTORY, { recursive: true });
  for (const name of await readdir(DEFAULT_STACK_DIRECTORY)) {
    const owner = /^e2e-(\d+)-/.exec(name)?.[1];
    if (owner === undefined || isProcessAlive(Number(owner))) continue;
    await rm(join(DEFAULT_STACK_DIRECTORY, name), { recursive: true, force: true });
  }
}

function reactorOf(stack: Stack, admin: OpenedDependencies, stop: () => Promise<void>): Reactor {
  const begin = async (pathIds: readonly string[] = []): Promise<string> => {
    const cycleId = `hand-${randomUUID().slice(0, 8)}`;
    await admin.cycles.start(cycleId, pathIds);
    return cycleId;
  };
  const closed = (cycleId: string): Promise<Scoreboard> =>
    until(async () => {
      const stored = (await admin.results.cycles(50)).find((one) => one.cycleId === cycleId);
      if (stored?.scoreboard === undefined) throw new Error(`cycle ${cycleId} is not closed`);
      return stored.scoreboard;
    }, CYCLE_MS_MAX);
  const cycle = async (pathIds: readonly string[] = []) => closed(await begin(pathIds));
  return {
    ...createPlatformDoors(stack.topology),
    stack,
    admin,
    begin,
    cycle,
    closed,
    async settled(cycleId, count) {
      await until(async () => {
        const results = await admin.results.resultsOfCycle(cycleId);
        if (results.length < count) throw new Error(`${results.length}/${count} verdicts`);
      }, CYCLE_MS_MAX);
    },
    killWorker: () => killWorker(stack),
    async fire(pathId) {
      const { cycleId } = await cycle([pathId]);
      const [result] = await admin.results.resultsOfCycle(cycleId);
      if (result === undefined) throw new Error(`no result of ${pathId} in cycle ${cycleId}`);
      return result;
    },
    stop,
  };
}

function killWorker(stack: Stack): void {
  const pid = stack.service('worker').pid();
  if (pid === undefined) throw new Error('no worker runs');
  process.kill(pid, 'SIGKILL');
}

/** A case begins when every validator follows its events. */
async function validatorsCaughtUp(admin: OpenedDependencies): Promise<void> {
  const expected = admin.config.topology.frames.length * 5;
  await until(async () => {
    const states = await admin.validators.states();
    const ready = states.filter((one) => one.caughtUp && one.stream === 'open');
    if (ready.length < expected)
      throw new Error(`${ready.length}/${expected} validators follow: ${JSON.stringify(states)}`);
  }, 90_000);
}
