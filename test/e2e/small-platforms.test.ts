// The set-ups with less than two frames: one frame with two registries, and one registry alone,
// where the pruning is seen as well.
import { Client, Connection } from '@temporalio/client';
import { expect, test } from 'vitest';
import { SCHEDULE_IDS } from '../../src/names.js';
import { until } from '../support/until.js';
import { type Reactor, type ReactorOptions, startReactor } from './reactor.js';

async function withReactor(
  options: ReactorOptions,
  work: (reactor: Reactor) => Promise<void>,
): Promise<void> {
  const reactor = await startReactor(options);
  try {
    await work(reactor);
  } finally {
    await reactor.stop();
  }
}

async function expectAllPass(reactor: Reactor, paths: number): Promise<void> {
  expect(await reactor.cycle()).toMatchObject({
    planned: paths,
    outcomes: { passed: paths },
    clean: true,
  });
}

test('one frame with two registries has all three backends', () =>
  withReactor({ registries: ['A1', 'A2'] }, (reactor) => expectAllPass(reactor, 12)));

test('one registry alone, without Kafka; what passed is pruned, and what failed is kept', () => {
  // The schedule is triggered by hand, so that nothing is gone before it was looked at.
  const retention = { interval: '24h', passed: '1ms' };
  const options = { registries: ['A1'], withKafka: false, product: { retention } };
  return withReactor(options, async (reactor) => {
    await expectAllPass(reactor, 2);
    const [path] = reactor.admin.config.paths;
    await reactor.fault({ at: 'teg', frame: 'A', kind: 'refuse_transfer' });
    const failed = await reactor.fire(path?.id ?? '');
    expect(failed.outcome).toBe('failed');
    const kept = async () => (await reactor.admin.results.recent({ limit: 10 })).map(idOf);
    expect(await kept()).toHaveLength(3);
    await trigger(SCHEDULE_IDS.retention);
    await until(async () => expect(await kept()).toEqual([failed.testId]), 60_000);
    const cycles = async () => (await reactor.admin.results.cycles(10)).map((one) => one.cycleId);
    await until(async () => expect(await cycles()).toEqual([failed.cycleId]), 60_000);
  });
});

const idOf = ({ testId }: { readonly testId: string }): string => testId;

async function trigger(scheduleId: string): Promise<void> {
  const connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS ?? '' });
  try {
    await new Client({ connection }).schedule.getHandle(scheduleId).trigger();
  } finally {
    await connection.close();
  }
}
