// What can be killed or away in the middle of a cycle, as a table; each heals before it returns.
import { until } from '../support/until.js';
import type { Reactor } from './reactor.js';

export interface Disruption {
  readonly name: string;
  /** Strikes, sees that /readyz and /metrics say so, heals, and sees that they say that, too. */
  readonly strike: (reactor: Reactor) => Promise<void>;
}

/** Service of the stack -> how the worker's /readyz, and with it /metrics, names it. */
const SERVICES: Readonly<Record<string, string>> = {
  redis: 'redis',
  postgres: 'postgres',
  kafka: 'kafka',
  temporal: 'temporal',
  'event-store-a': 'event-store/A',
  'teg-b': 'teg/B',
};

/** How long a part stays away once it is seen to be: OUTAGE_SECONDS=60 is the long campaign. */
const AWAY_MS = Number(process.env.OUTAGE_SECONDS ?? '0') * 1_000;
const SEEN_WITHIN_MS = 60_000;

export const DISRUPTIONS: readonly Disruption[] = [
  { name: 'worker killed', strike: async (reactor) => reactor.killWorker() },
  ...Object.entries(SERVICES).map(([name, dependency]) => ({
    name: `${name} stopped and started again`,
    strike: (reactor: Reactor) => stopAndStart(reactor, name, dependency),
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

async function stopAndStart(reactor: Reactor, name: string, dependency: string) {
  const service = reactor.stack.service(name);
  // The exporter knows the workers by what it last read in Redis, as at every scrape before.
  await seen(reactor, dependency, true);
  await service.stop();
  try {
    await seen(reactor, dependency, false);
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
    await seen(reactor, dependency, false);
  } finally {
    await service.start();
  }
  await seen(reactor, dependency, true);
}

interface Readiness {
  readonly dependencies: readonly {
    readonly name: string;
    readonly ready: boolean;
    readonly problem?: string;
  }[];
}

/** Waits until /readyz and /metrics both say so of a part, and the worker is alive to say it. */
async function seen(reactor: Reactor, name: string, ready: boolean): Promise<void> {
  const { worker, metrics = '' } = reactor.stack.addresses;
  await until(async () => {
    const answer = await fetch(`${worker}/readyz`);
    const { dependencies } = (await answer.json()) as Readiness;
    const state = dependencies.find((one) => one.name === name);
    const said = `/readyz answers ${answer.status}, ${name}: ${JSON.stringify(state)}`;
    if (state?.ready !== ready) throw new Error(said);
    if (!ready && (answer.status !== 503 || !state.problem)) throw new Error(said);
    if ((await fetch(`${worker}/healthz`)).status !== 200) throw new Error('/healthz is not 200');
  }, SEEN_WITHIN_MS);
  await until(async () => {
    const page = await (await fetch(metrics)).text();
    const series = page
      .split('\n')
      .filter((line) => line.startsWith('canary_worker_dependency_up{'))
      .filter((line) => line.includes(`dependency="${name}"`));
    if (!series.some((line) => line.endsWith(ready ? ' 1' : ' 0'))) {
      throw new Error(`/metrics says of ${name}: ${series.join('; ') || 'nothing'}`);
    }
  }, SEEN_WITHIN_MS);
}
