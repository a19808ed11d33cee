// PostgreSQL away: the store stays up, says 503, loses nothing, and goes on by itself.
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { startEventStore } from '../../src/event-store/event-store.js';
import { createEventPipe } from '../../src/pipe/create-event-pipe.js';
import type { EventPipe } from '../../src/pipe/event-pipe.js';
import type { RunningService } from '../../src/service/context.js';
import { createTcpProxy, type TcpProxy, through } from '../service/tcp-proxy.js';
import {
  createTestPlatform,
  eventually,
  hasKafka,
  LONG_TEST_MS,
  type TestPlatform,
} from '../service/test-platform.js';
import { records } from './events.js';
import { createStoreClient, type StoreClient } from './store-client.js';

let proxy: TcpProxy;
let platform: TestPlatform;
let store: RunningService;
let sender: EventPipe;
let client: StoreClient;

async function start(pipe: 'kafka' | 'direct') {
  platform = await createTestPlatform({ pipe, postgresUrl: through(proxy, inject('postgresUrl')) });
  const [frame = ''] = platform.frameIds;
  store = await startEventStore(platform.context, frame);
  sender = createEventPipe(platform.context);
  client = createStoreClient(platform, frame);
  return frame;
}

beforeEach(async () => {
  const { hostname, port } = new URL(inject('postgresUrl'));
  proxy = await createTcpProxy({ host: hostname, port: Number(port) });
});

afterEach(async () => {
  await sender.close();
  await store.close();
  await proxy.close();
  await platform.remove();
});

const KINDS = hasKafka ? (['kafka', 'direct'] as const) : (['direct'] as const);

test.each(KINDS)('over the %s pipe', { timeout: LONG_TEST_MS }, async (kind) => {
  const frame = await start(kind);
  await sender.publish(frame, records(1, 5));
  await client.headReaches(5);
  const subscriber = await client.subscribe();
  await proxy.cut();
  const publishing = sender.publish(frame, records(4, 12));
  const polled = await client.get('/api/v1/events?after=0');
  expect([polled.status, (await client.get('/healthz')).status]).toEqual([503, 200]);
  expect(await subscriber.nextHeartbeat()).toBe(5);
  await proxy.restore();
  await publishing;
  await eventually(async () => {
    const answer = await client.get('/api/v1/head');
    return answer.ok || undefined;
  });
  await client.headReaches(12);
  const positions = (await client.readAll()).map((event) => event.position);
  expect(positions).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  await subscriber.gets(7);
  expect(subscriber.positions()).toEqual(positions.slice(5));
  subscriber.close();
});
