// Every fault of the EventStore: what subscribers or readers see of it, that the log is right, and
// that the oracle tells of it.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startEventStore } from '../../src/event-store/event-store.js';
import { FAULT_KIND_NAMES, FAULT_KINDS, type ServiceName } from '../../src/names.js';
import { createEventPipe } from '../../src/pipe/create-event-pipe.js';
import type { EventPipe } from '../../src/pipe/event-pipe.js';
import type { RunningService } from '../../src/service/context.js';
import { createTestPlatform, eventually, type TestPlatform } from '../service/test-platform.js';
import { record } from './events.js';
import { createStoreClient, type StoreClient } from './store-client.js';

/** Kinds with a case in this file; cuts of the broadcast have their own file. */
const COVERED = new Set(['cut_broadcast']);

let platform: TestPlatform;
let store: RunningService;
let sender: EventPipe;
let client: StoreClient;
let frame: string;
let position = 0;

beforeAll(async () => {
  platform = await createTestPlatform({ pipe: 'direct' });
  [frame = ''] = platform.frameIds;
  store = await startEventStore(platform.context, frame);
  sender = createEventPipe(platform.context);
  client = createStoreClient(platform, frame);
});

afterAll(async () => {
  await sender.close();
  await store.close();
  await platform.remove();
});

/** The faults that the current case has added, by id. */
const added = new Map<string, string>();

afterEach(async () => {
  await client.clearFaults();
  for (const [id, kind] of added) {
    expect(new Set(await client.strikesOf(id))).toEqual(new Set([kind]));
  }
  added.clear();
});

async function publish(event_type = 'TokensIssued', data = {}): Promise<number> {
  position += 1;
  await sender.publish(frame, [record({ position, event_type, data })]);
  return position;
}

async function fault(kind: string, fields: Record<string, unknown> = {}): Promise<string> {
  COVERED.add(kind);
  const id = await client.fault({ kind, ...fields });
  added.set(id, kind);
  return id;
}

async function inTheLog(): Promise<readonly number[]> {
  return (await client.readAll()).map((event) => event.position);
}

describe('after the store: the log stays whole, subscribers see', () => {
  test('drop_event: all but the dropped one', async () => {
    const subscriber = await client.subscribe();
    await fault('drop_event', { at: 'after_store', count: 1, memo_prefix: 'canary-' });
    const [dropped, next] = [await publish(), await publish()];
    await subscriber.gets(1);
    expect(subscriber.positions()).toEqual([next]);
    expect(await inTheLog()).toEqual(expect.arrayContaining([dropped, next]));
    subscriber.close();
  });

  test('duplicate_event: the event twice', async () => {
    const subscriber = await client.subscribe();
    await fault('duplicate_event', { count: 1 });
    const [twice, once] = [await publish(), await publish()];
    await subscriber.gets(3);
    expect(subscriber.positions()).toEqual([twice, twice, once]);
    expect((await inTheLog()).filter((each) => each === twice)).toEqual([twice]);
    subscriber.close();
  });

  test('delay_event: the event later than its time, others at once', async () => {
    const subscriber = await client.subscribe();
    await fault('delay_event', { count: 1, params: { delay_ms: 300 } });
    const [late, prompt] = [await publish(), await publish()];
    await subscriber.gets(2);
    expect(subscriber.positions()).toEqual([prompt, late]);
    subscriber.close();
  });

  test('reorder_event: the event after its successor, or alone after a while', async () => {
    const subscriber = await client.subscribe();
    await fault('reorder_event', { count: 1 });
    const [first, second, third] = [await publish(), await publish(), await publish()];
    await subscriber.gets(3);
    expect(subscriber.positions()).toEqual([second, first, third]);
    await fault('reorder_event', { count: 1 });
    const alone = await publish();
    await subscriber.gets(4);
    expect(subscriber.positions()).toEqual([second, first, third, alone]);
    subscriber.close();
  });

  test('a fault of one event type strikes no other', async () => {
    const subscriber = await client.subscribe();
    await fault('drop_event', { event_type: 'SupplyMarker', frame });
    const [issued] = [await publish('TokensIssued'), await publish('SupplyMarker')];
    const last = await publish('TokensIssued');
    await subscriber.gets(2);
    expect(subscriber.positions()).toEqual([issued, last]);
    subscriber.close();
  });

  test('silence_stream: heartbeats with a growing head, but no events', async () => {
    const subscriber = await client.subscribe();
    const id = await fault('silence_stream');
    await publish();
    const { head } = await client.poll('');
    await eventually(async () => (await subscriber.nextHeartbeat()) === head || undefined);
    expect(subscriber.events).toEqual([]);
    await removeFault(id);
    const heard = await publish();
    await subscriber.gets(1);
    expect(subscriber.positions()).toEqual([heard]);
    subscriber.close();
  });

  test('stall_stream: nothing at all, on a socket that stays open and unread', async () => {
    const subscriber = await client.subscribe();
    const witness = await client.subscribe('?types=SupplyMarker');
    await subscriber.nextHeartbeat();
    const id = await fault('stall_stream', { event_type: 'SupplyMarker' });
    // Only the socket of that one type is stalled; the other one lives on and shows the time.
    const before = witness.heartbeats.length;
    for (let beat = 0; beat < 2; beat += 1) await subscriber.nextHeartbeat();
    await publish('SupplyMarker');
    witness.socket.ping();
    await subscriber.nextHeartbeat();
    expect(witness.heartbeats.length).toBeLessThanOrEqual(before + 1);
    expect([witness.events.length, witness.pongs(), witness.isOpen()]).toEqual([0, 0, true]);
    await removeFault(id);
    const marker = await publish('SupplyMarker');
    await witness.gets(1);
    await eventually(() => (witness.pongs() > 0 ? true : undefined));
    expect(witness.positions()).toEqual([marker]);
    subscriber.close();
    witness.close();
  });
});

test('lose_event: the log never gets it, not even when the pipe brings it again', async () => {
  await fault('lose_event', { count: 1 });
  const lost = await publish();
  const kept = await publish();
  await sender.publish(frame, [record({ position: lost, event_type: 'TokensIssued' })]);
  const log = await inTheLog();
  expect(log).toContain(kept);
  expect(log).not.toContain(lost);
});

describe('readers get 503 while', () => {
  test('poll_unavailable, but lookups work', async () => {
    await fault('poll_unavailable');
    expect(await status('after=0')).toEqual([503, 'unavailable', '1']);
    expect((await status('memo=none'))[0]).toBe(200);
  });

  test('poll_unavailable of one type, for polls of that type alone', async () => {
    await fault('poll_unavailable', { event_type: 'TokensIssued' });
    expect((await status('types=TokensIssued'))[0]).toBe(503);
    expect((await status('types=SupplyMarker'))[0]).toBe(200);
  });

  test('lookup_unavailable, but polls work', async () => {
    await fault('lookup_unavailable');
    expect(await status('memo=none')).toEqual([503, 'unavailable', '1']);
    expect(await status('transfer_id=none')).toEqual([503, 'unavailable', '1']);
    expect((await status('after=0'))[0]).toBe(200);
  });
});

test('every fault kind of the EventStore had a case', () => {
  const kinds = FAULT_KIND_NAMES.filter((kind) => {
    const services: readonly ServiceName[] = FAULT_KINDS[kind].services;
    return services.includes('event-store');
  });
  expect([...COVERED].sort()).toEqual([...kinds].sort());
});

async function status(query: string) {
  const answer = await client.get(`/api/v1/events?${query}`);
  const body = z.object({ error: z.object({ code: z.string() }).optional() });
  const { error } = body.parse(await answer.json());
  return [answer.status, error?.code, answer.headers.get('retry-after')];
}

async function removeFault(id: string): Promise<void> {
  await fetch(`${client.url}/control/faults/${id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${client.tokens.control}` },
  });
}
