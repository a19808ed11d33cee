// Tests per second with many in flight, next to bare workflows with as many history events.
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { createTemporalTestWorkflows } from '../src/adapters/temporal-test-workflows.js';
import { planTest } from '../src/domain/plan.js';
import { testWorkflowId } from '../src/names.js';
import type { Reactor } from '../test/e2e/reactor.js';
import { type BareRunner, ratePerSecond } from './bare-runner.js';
import type { BenchRow } from './report.js';

const COUNT = 150;
const IN_FLIGHT = 25;

/** Rounds of both, interleaved. */
export async function benchSaturation(
  reactor: Reactor,
  client: Client,
  bare: BareRunner,
  rounds: number,
): Promise<readonly BenchRow[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const ourRate = await ratePerSecond(COUNT, IN_FLIGHT, runTest(reactor, client));
    const bareRate = await bare.perSecond(COUNT, IN_FLIGHT);
    // The first round warms both up.
    if (round === 0) continue;
    ours.push(ourRate);
    theirs.push(bareRate);
  }
  const ratios = ours.map((rate, index) => rate / (theirs[index] ?? Number.NaN));
  return [
    { name: 'canary tests at saturation, 25 in flight', unit: 'tests/s', samples: ours },
    { name: 'bare workflows at saturation, 25 in flight', unit: 'workflows/s', samples: theirs },
    { name: 'tests / bare workflows', unit: 'ratio (goal >= 0.7)', samples: ratios },
  ];
}

/** One test of the next path, from its start to its outcome. */
function runTest(reactor: Reactor, client: Client) {
  const { config } = reactor.admin;
  const tests = createTemporalTestWorkflows(client);
  const settings = {
    amountBaseUnits: config.amountBaseUnits,
    feeBasisPoints: config.platform.feeBasisPoints,
    deadlines: config.deadlinesByBackend,
  };
  return async (index: number): Promise<void> => {
    const path = config.paths[index % config.paths.length];
    if (path === undefined) throw new Error('the configuration has no path');
    const test = planTest(`bench-${randomUUID()}`, path, settings, false);
    await tests.start(test);
    const outcome = await client.workflow.getHandle(testWorkflowId(test.testId)).result();
    if (outcome !== 'passed') throw new Error(`${test.testId} ended as ${String(outcome)}`);
  };
}
