// The smallest platform that has all three backends: one frame with two registries. The pruning is
// seen here as well. One registry alone is in the cases of `npm start`.
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCHEDULE_IDS } from '../../src/names.js';
import { until } from '../support/until.js';
import { type Reactor, startReactor } from './reactor.js';

const PATHS = 12;

let reactor: Reactor;

beforeAll(async () => {
  // The schedule is triggered by hand, so that nothing is gone before it was looked at.
  const retention = { interval: '24h', passed: '1ms' };
  reactor = await startReactor({ registries: ['A1', 'A2'], product: { retention } });
});
afterAll(() => reactor.stop());

test('all three backends pass within one frame', async () => {
  expect(await reactor.cycle()).toMatchObject({
    planned: PATHS,
    outcomes: { passed: PATHS },
    clean: true,
  });
});

test('what passed is pruned, and what failed is kept', async () => {
  const [path] = reactor.admin.config.paths;
  await reactor.fault({ at: 'teg', frame: 'A', kind: 'refuse_transfer' });
  const failed = await reactor.fire(path?.id ?? '');
  expect(failed.outcome).toBe('failed');
  const kept = async () => (await reactor.admin.results.recent({ limit: 100 })).map(idOf);
  expect(await kept()).toHaveLength(PATHS + 1);
  await trigger(SCHEDULE_IDS.retention);
  await until(async () => expect(await kept()).toEqual([failed.testId]), 60_000);
  const cycles = async () => (await reactor.admin.results.cycles(10)).map((one) => one.cycleId);
  await until(async () => expect(await cycles()).toEqual([failed.cycleId]), 60_000);
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
