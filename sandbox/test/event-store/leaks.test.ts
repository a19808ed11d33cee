// Leaks inside the EventStore: a stored event erased or forged, one lost at the door; the log
// shows each, and the oracle knows which event it was.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { canonicalJson } from '../../src/event-store/canonical-json.js';
import { startEventStore } from '../../src/event-store/event-store.js';
import { chainedHash } from '../../src/event-store/hash-chain.js';
import { createDirectPipe } from '../../src/pipe/direct-pipe.js';
import type { RunningService } from '../../src/service/context.js';
import type { LeakRecord } from '../../src/service/leak-wire.js';
import { createTestPlatform, eventually, type TestPlatform } from '../service/test-platform.js';
import { record } from './events.js';
import { createStoreClient, type StoreClient, type StoredEventAnswer } from './store-client.js';

let platform: TestPlatform;
let frame = '';
let store: RunningService;
let client: StoreClient;
const sent = new Map<number, string>();

beforeAll(async () => {
  platform = await createTestPlatform({ pipe: 'direct' });
  frame = platform.frameIds[0] ?? '';
  store = await startEventStore(platform.context, frame);
  client = createStoreClient(platform, frame);
});
afterAll(async () => {
  await store.close();
  await platform.remove();
});

async function send(position: number): Promise<void> {
  const one = record({ position });
  sent.set(position, one.value);
  const pipe = createDirectPipe(platform.context);
  await pipe.publish(frame, [one], { signal: AbortSignal.timeout(10_000) });
  await pipe.close();
}

const call = async (token: string, method: string, path: string, body?: unknown) => {
  const answer = await fetch(client.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as { leaks: LeakRecord[] } };
};

const leak = (body: unknown) => call(client.tokens.control, 'POST', '/control/leaks', body);

async function leaks(): Promise<readonly LeakRecord[]> {
  return (await call(client.tokens.oracle, 'GET', '/oracle/leaks')).body.leaks;
}

/** Sequences whose hash is not what their content and predecessor give. */
function brokenLinks(events: readonly StoredEventAnswer[]): readonly number[] {
  return events
    .filter((event) => {
      const { sequence, stored_at, foreign_from, prev_hash, hash, ...envelope } = event;
      const canonical = canonicalJson(envelope as Parameters<typeof canonicalJson>[0]);
      return chainedHash(prev_hash, sequence, canonical) !== hash;
    })
    .map(({ sequence }) => sequence);
}

test('an erased event is gone from the log and leaves a gap', async () => {
  for (const position of [1, 2, 3]) await send(position);
  await client.headReaches(3);
  expect(await leak({ kind: 'erase', sequence: 2 })).toEqual({
    status: 201,
    body: { kind: 'erase', sequence: 2 },
  });
  expect((await client.readAll()).map(({ sequence }) => sequence)).toEqual([1, 3]);
  expect(await leaks()).toMatchObject([
    {
      ...{ kind: 'erase', frame, amount: '0.010000', transfer_id: 'transfer-2' },
      ...{ first_position: 2, last_position: 2 },
    },
  ]);
  expect((await leaks())[0]?.accounts).toContain('A1:canary-1');
});

test('a forged event names another amount under the old hash', async () => {
  await send(4);
  await client.headReaches(4);
  expect(await leak({ kind: 'forge' })).toMatchObject({ status: 201, body: { sequence: 4 } });
  const events = await client.readAll();
  expect(events.at(-1)?.data).toMatchObject({ amount: '0.010001' });
  expect(brokenLinks(events)).toEqual([4]);
  expect((await leaks()).at(-1)).toMatchObject({
    ...{ kind: 'forge', amount: '0.000001', first_position: 4, transfer_id: 'transfer-4' },
  });
});

test('the log goes on after a leak', async () => {
  await send(5);
  await client.headReaches(5);
  expect(brokenLinks(await client.readAll())).toEqual([4]);
});

test('an event lost at the door is a leak, too', async () => {
  await client.fault({ kind: 'lose_event', count: 1 });
  await send(6);
  const lost = await eventually(async () =>
    (await leaks()).find((one) => one.kind === 'lose_event'),
  );
  expect(lost).toMatchObject({
    ...{ frame, amount: '0.010000', transfer_id: 'transfer-6' },
    ...{ first_position: 6, last_position: 6 },
  });
});

test.each([
  [{ kind: 'erase', sequence: 99 }, 404],
  [{ kind: 'forge', sequence: 0 }, 400],
  [{ kind: 'create' }, 400],
])('%j is refused with %i', async (body, status) => {
  expect((await leak(body)).status).toBe(status);
});

test('who has not the control token learns nothing', async () => {
  expect((await call(client.tokens.oracle, 'POST', '/control/leaks', {})).status).toBe(403);
});
