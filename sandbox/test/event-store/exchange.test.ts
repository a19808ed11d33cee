// What frames have sent each other, in count and time: whole, behind a cut, and after a restart.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEventStore } from '../../src/event-store/event-store.js';
import { createDirectPipe } from '../../src/pipe/direct-pipe.js';
import type { EventPipe } from '../../src/pipe/event-pipe.js';
import type { RunningService } from '../../src/service/context.js';
import {
  createTestPlatform,
  eventually,
  LONG_TEST_MS,
  type TestPlatform,
} from '../service/test-platform.js';
import { record } from './events.js';
import { createStoreClient, type StoreClient } from './store-client.js';

const INITIATED = 'CrossFrameTransferInitiated';

let platform: TestPlatform;
let sender: EventPipe;
let here: RunningService;
let there: RunningService;
let clients: { readonly here: StoreClient; readonly there: StoreClient };

beforeAll(async () => {
  platform = await createTestPlatform({ pipe: 'direct', frames: 2 });
  const [one = '', other = ''] = platform.frameIds;
  sender = createDirectPipe(platform.context);
  here = await startEventStore(platform.context, one);
  there = await startEventStore(platform.context, other);
  clients = {
    here: createStoreClient(platform, one),
    there: createStoreClient(platform, other),
  };
}, LONG_TEST_MS);
afterAll(async () => {
  await sender.close();
  await Promise.all([here.close(), there.close()]);
  await platform.remove();
}, LONG_TEST_MS);

let lastPosition = 0;
async function emit(committed_at: string, event_type = INITIATED): Promise<void> {
  lastPosition += 1;
  const fields = { position: lastPosition, event_type, committed_at };
  await sender.publish(platform.frameIds[0] ?? '', [record(fields)]);
}

interface Counted {
  readonly events: number;
  readonly newest_committed_at: string | null;
}

async function exchange(side: keyof typeof clients) {
  const body = (await clients[side].json('/api/v1/federation/exchange')) as {
    peers: readonly [Readonly<Record<'emitted' | 'sent' | 'received', Counted>>];
  };
  return body.peers[0];
}

const counted = (events: number, second: number | null): Counted => ({
  events,
  newest_committed_at: second === null ? null : `2026-11-23T10:00:0${second}.000Z`,
});

/** Waits for both sides, for a broadcast takes its time; a count that never comes fails. */
async function check(expected: Readonly<Record<'emitted' | 'sent' | 'received', Counted>>) {
  const { emitted, sent, received } = expected;
  await eventually(async () => {
    const is = { here: await exchange('here'), there: await exchange('there') };
    const isSent = is.here.sent.events === sent.events;
    return (isSent && is.there.received.events === received.events) || undefined;
  });
  expect(await exchange('here')).toMatchObject({ emitted, sent, received: counted(0, null) });
  expect(await exchange('there')).toMatchObject({
    ...{ emitted: counted(0, null), sent: counted(0, null), received },
  });
}

test('nothing has been sent at first', async () => {
  await check({ emitted: counted(0, null), sent: counted(0, null), received: counted(0, null) });
});

test('what is broadcast counts at both ends, what is not at none', async () => {
  await emit('2026-11-23T10:00:01.000Z');
  await emit('2026-11-23T10:00:03.000Z');
  await emit('2026-11-23T10:00:04.000Z', 'TokensTransferred');
  await check({ emitted: counted(2, 3), sent: counted(2, 3), received: counted(2, 3) });
});

test('what a fault holds back is emitted, but neither sent nor received', async () => {
  await clients.here.fault({ kind: 'cut_broadcast', params: { mode: 'hold' } });
  await emit('2026-11-23T10:00:05.000Z');
  await clients.here.headReaches(lastPosition);
  await check({ emitted: counted(3, 5), sent: counted(2, 3), received: counted(2, 3) });
  await clients.here.clearFaults();
  await check({ emitted: counted(3, 5), sent: counted(3, 5), received: counted(3, 5) });
});

test('what a fault loses for ever is missing at the other end', async () => {
  await clients.here.fault({ kind: 'cut_broadcast', count: 1 });
  await emit('2026-11-23T10:00:06.000Z');
  await check({ emitted: counted(4, 6), sent: counted(4, 6), received: counted(3, 5) });
});

test('a restart counts on from the log', async () => {
  await Promise.all([here.close(), there.close()]);
  const [one = '', other = ''] = platform.frameIds;
  here = await startEventStore(platform.context, one);
  there = await startEventStore(platform.context, other);
  await emit('2026-11-23T10:00:07.000Z');
  await check({ emitted: counted(5, 7), sent: counted(5, 7), received: counted(4, 7) });
});
