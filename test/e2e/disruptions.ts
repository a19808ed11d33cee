// What can be killed or away in the middle of a cycle, as a table; each heals before it returns.
import { until } from '../support/until.js';
import type { Reactor } from './reactor.js';

export interface Disruption {
  readonly name: string;
  /** Strikes, sees that the worker says so where it can, and heals. */
  readonly strike: (reactor: Reactor) => Promise<void>;
}

/** Service of the stack -> how the worker's /readyz names it; Kafka is the platform's own. */
const SERVICES: Readonly<Record<string, string | undefined>> = {
  redis: 'redis',
  postgres: 'postgres',
  kafka: undefined,
  temporal: 'temporal',
  'event-store-a': 'event-store A',
  'teg-b': 'teg B',
};

export const DISRUPTIONS: readonly Disruption[] = [
  { name: 'worker killed', strike: async (reactor) => reactor.killWorker() },
  ...Object.entries(SERVICES).map(([name, readyName]) => ({
    name: `${name} stopped and started again`,
    strike: (reactor: Reactor) => stopAndStart(reactor, name, readyName),
  })),
];

/** Long enough for a worker, or a store, to be gone and come back on a busy machine. */
export const PATIENT = {
  cycle: { interval: '24h', spread: '10s', amount: '0.010000' },
  deadlines: {
    intra: { soft: '60s', final: '120s' },
    async: { soft: '60s', final: '150s' },
    '2pc': { soft: '60s', final: '120s' },
  },
};

/** Below the deadlines, so that no outage of a case turns into a refund. */
export const PATIENT_SANDBOX = { refundAfterMs: 100_000 };

/** What is not as it must be after a disrupted cycle; empty when every test passed, fired once. */
export async function violationsOf(reactor: Reactor, cycleId: string): Promise<readonly string[]> {
  const { outcomes, planned, lost } = await reactor.closed(cycleId);
  const violations = outcomes.passed === planned ? [] : [`${outcomes.passed}/${planned} passed`];
  if (lost > 0) violations.push(`${lost} lost`);
  for (const { testId, pathId, reason } of await reactor.admin.results.resultsOfCycle(cycleId)) {
    if (reason !== '') violations.push(`${testId}: ${reason}`);
    const path = reactor.admin.config.paths.find(({ id }) => id === pathId);
    if (path === undefined) throw new Error(`${testId} is of the unknown path ${pathId}`);
    const transfers = await reactor.transfersOf(path.senderFrame, testId, path.sender);
    if (transfers.length !== 1) violations.push(`${testId}: ${transfers.length} transfers`);
  }
  return violations;
}

async function stopAndStart(reactor: Reactor, name: string, readyName: string | undefined) {
  const service = reactor.stack.service(name);
  await service.stop();
  if (readyName !== undefined) await seenAway(reactor, readyName);
  await service.start();
}

interface Readiness {
  readonly dependencies: readonly { readonly name: string; readonly ready: boolean }[];
}

/** Waits until the worker says that the part is away, and is alive to say so. */
async function seenAway(reactor: Reactor, name: string): Promise<void> {
  await until(async () => {
    const answer = await fetch(`${reactor.stack.addresses.worker}/readyz`);
    const { dependencies } = (await answer.json()) as Readiness;
    const state = dependencies.find((one) => one.name === name);
    if (answer.status !== 503 || state?.ready !== false) {
      throw new Error(`/readyz answers ${answer.status}, ${name} ready: ${state?.ready}`);
    }
  }, 30_000);
}
