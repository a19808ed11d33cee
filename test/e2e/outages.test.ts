// What is killed or away in the middle of a cycle: nothing is lost, nothing is fired twice.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../support/until.js';
import { type Reactor, startReactor } from './reactor.js';

let reactor: Reactor;

/** Long enough for a worker, or a store, to be gone and come back on a busy machine. */
const PATIENT = {
  cycle: { interval: '24h', spread: '10s', amount: '0.010000' },
  deadlines: {
    intra: { soft: '60s', final: '120s' },
    async: { soft: '60s', final: '150s' },
    '2pc': { soft: '60s', final: '120s' },
  },
};

beforeAll(async () => {
  reactor = await startReactor({
    registries: ['A1', 'A2', 'B1'],
    sandbox: { refundAfterMs: 100_000 },
    product: PATIENT,
  });
});
afterEach(() => reactor.clearFaults());
afterAll(() => reactor.stop());

test('a killed worker loses no test and fires none twice', async () => {
  const cycleId = await reactor.begin();
  await reactor.settled(cycleId, 3);
  reactor.killWorker();
  await expectAllPassedOnce(cycleId);
});

const SERVICES = ['redis', 'postgres', 'kafka', 'temporal', 'event-store-a', 'teg-b'] as const;

/** How the worker's /readyz names the part; Kafka is the platform's own and not asked for. */
const READY_NAMES: Readonly<Partial<Record<(typeof SERVICES)[number], string>>> = {
  redis: 'redis',
  postgres: 'postgres',
  temporal: 'temporal',
  'event-store-a': 'event-store A',
  'teg-b': 'teg B',
};

describe('a part that is away in the middle of a cycle', () => {
  for (const name of SERVICES) {
    test(`${name} stopped and started again`, async () => {
      const cycleId = await reactor.begin();
      await reactor.settled(cycleId, 3);
      const service = reactor.stack.service(name);
      await service.stop();
      if (READY_NAMES[name] !== undefined) await unready(READY_NAMES[name]);
      await service.start();
      await expectAllPassedOnce(cycleId);
    });
  }
});

async function expectAllPassedOnce(cycleId: string): Promise<void> {
  const scoreboard = await reactor.closed(cycleId);
  expect(scoreboard).toMatchObject({ outcomes: { passed: 30 }, lost: 0 });
  for (const { testId, pathId } of await reactor.admin.results.resultsOfCycle(cycleId)) {
    const path = reactor.admin.config.paths.find(({ id }) => id === pathId);
    if (path === undefined) throw new Error(`${testId} is of the unknown path ${pathId}`);
    expect(await reactor.transfersOf(path.senderFrame, testId, path.sender)).toHaveLength(1);
  }
}

/** Waits until the worker says that the part is away, and is alive to say so. */
async function unready(name: string): Promise<void> {
  const { worker } = reactor.stack.addresses;
  await until(async () => {
    const answer = await fetch(`${worker}/readyz`);
    const { dependencies } = (await answer.json()) as Readiness;
    const state = dependencies.find((one) => one.name === name);
    expect(answer.status).toBe(503);
    expect(state).toMatchObject({ name, ready: false });
  }, 30_000);
}

interface Readiness {
  readonly dependencies: readonly { readonly name: string; readonly ready: boolean }[];
}
