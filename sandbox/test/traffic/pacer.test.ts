// The pacer: its bound on work under way, and that it ends when the work does.
import { expect, test } from 'vitest';
import { systemClock } from '../../src/service/clock.js';
import { createLogger } from '../../src/service/logger.js';
import { startPacer } from '../../src/traffic/pacer.js';
import { eventually } from '../service/test-platform.js';

const common = { clock: systemClock, logger: createLogger('test', 'silent') };

test('what hangs does not pile up: further turns are skipped', async () => {
  const waiting: (() => void)[] = [];
  let skipped = 0;
  let isStopped = false;
  const pacer = startPacer({
    ...common,
    ratePerSecond: 500,
    maxInFlight: 3,
    work: () => new Promise<void>((resolve) => waiting.push(resolve)),
    onSkipped: () => {
      skipped += 1;
    },
  });
  await eventually(() => (skipped > 5 ? true : undefined));
  expect(waiting.length).toBe(3);
  const stopping = pacer.stop().then(() => {
    isStopped = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isStopped).toBe(false);
  for (const end of waiting) end();
  await stopping;
  expect(waiting.length).toBe(3);
});

test('work that throws makes room for the next', async () => {
  let runs = 0;
  const pacer = startPacer({
    ...common,
    ratePerSecond: 500,
    maxInFlight: 1,
    work: () => {
      runs += 1;
      return Promise.reject(new Error('on purpose'));
    },
    onSkipped: () => undefined,
  });
  await eventually(() => (runs > 3 ? true : undefined));
  await pacer.stop();
});

test('at rate 0 nothing starts until the rate is changed', async () => {
  let runs = 0;
  const work = async () => {
    runs += 1;
  };
  const pacer = startPacer({
    ...{ ...common, ratePerSecond: 0, maxInFlight: 1, work },
    onSkipped: () => undefined,
  });
  pacer.setRate(200);
  expect(runs).toBe(0);
  await eventually(() => (runs > 0 ? true : undefined));
  await pacer.stop();
});
