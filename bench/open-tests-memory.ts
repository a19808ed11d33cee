// The worker's memory with 2,000 open tests: fired, accepted, and waiting for events that do not
// come.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Client } from '@temporalio/client';
import { createTemporalTestWorkflows } from '../src/adapters/temporal-test-workflows.js';
import { planTest } from '../src/domain/plan.js';
import type { Reactor } from '../test/e2e/reactor.js';
import { until } from '../test/support/until.js';
import { ratePerSecond } from './bare-runner.js';
import type { BenchRow } from './report.js';

const OPEN_TESTS = 2_000;
const STARTS_IN_FLIGHT = 10;
const LONG = { softMs: 3_600_000, finalMs: 7_200_000 };
const KIB_PER_MIB = 1_024;
const OPENING_MS_MAX = 600_000;

/** Resident memory before the first, and with all of them open. */
export async function benchOpenTestsMemory(
  reactor: Reactor,
  client: Client,
): Promise<readonly BenchRow[]> {
  for (const frame of ['A', 'B']) {
    for (const kind of ['stall_stream', 'poll_unavailable']) {
      await reactor.fault({ at: 'event-store', frame, kind });
    }
  }
  const before = residentMib(reactor);
  await ratePerSecond(OPEN_TESTS, STARTS_IN_FLIGHT, startTest(reactor, client));
  await until(async () => {
    const open = (await reactor.admin.stamps.openTests()).length;
    if (open < OPEN_TESTS) throw new Error(`${open} tests are open`);
  }, OPENING_MS_MAX);
  return [
    { name: 'worker memory before', unit: 'MiB resident', samples: [before] },
    {
      name: `worker memory with ${OPEN_TESTS} open tests (goal <= 600)`,
      unit: 'MiB resident',
      samples: [residentMib(reactor)],
    },
  ];
}

function startTest(reactor: Reactor, client: Client) {
  const { config } = reactor.admin;
  const tests = createTemporalTestWorkflows(client);
  const settings = {
    amountBaseUnits: config.amountBaseUnits,
    feeBasisPoints: config.platform.feeBasisPoints,
    deadlines: { intra: LONG, async: LONG, '2pc': LONG },
  };
  const paths = config.paths.filter(({ backend }) => backend === 'intra');
  return async (index: number): Promise<void> => {
    const path = paths[index % paths.length];
    if (path === undefined) throw new Error('the configuration has no intra path');
    await tests.start(planTest(`bench-${randomUUID()}`, path, settings, false));
  };
}

function residentMib(reactor: Reactor): number {
  const pid = reactor.stack.service('worker').pid();
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / KIB_PER_MIB;
}
