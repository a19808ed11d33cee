// The worker's process at its start: what it cannot have is named, with what to set; and it ends
// when told to, whatever is away.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { splitListen } from '../../src/listen.js';
import { createProductPlace, type ProductPlace, tokensOf } from '../support/product-process.js';
import { until } from '../support/until.js';

const PATIENT_MS = 240_000;
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function placeWith(tokens = tokensOf('token')): Promise<ProductPlace> {
  const place = await createProductPlace({ tokens });
  closers.push(() => place.close());
  return place;
}

describe('a taken address', { timeout: PATIENT_MS }, () => {
  test.each([
    ['worker', 'CANARY_WORKER_LISTEN'],
    ['sdkMetrics', 'CANARY_SDK_METRICS_LISTEN'],
  ] as const)('for %s ends it with 1', async (name, variable) => {
    const place = await placeWith();
    const server = createServer().listen(splitListen(place.listen[name]));
    closers.push(() => server.close());
    await once(server, 'listening');
    const worker = place.start('src/workers/entry.ts');
    expect(await worker.ended()).toBe(1);
    expect(worker.said()).toContain(`cannot listen on ${place.listen[name]}; set ${variable}`);
  });
});

test('an agent without a token ends it with 3', { timeout: PATIENT_MS }, async () => {
  const worker = (await placeWith('{"A1:canary-1":"x"}')).start('src/workers/entry.ts');
  expect(await worker.ended()).toBe(3);
  expect(worker.said()).toContain('has no token for A1:canary-2');
});

test('SIGTERM while it waits for Temporal ends it with 0', { timeout: PATIENT_MS }, async () => {
  const worker = (await placeWith()).start('src/workers/entry.ts');
  await until(() => {
    if (!worker.said().includes('waiting for Temporal')) throw new Error(worker.said());
  }, PATIENT_MS / 2);
  worker.signal('SIGTERM');
  expect(await worker.ended()).toBe(0);
});
