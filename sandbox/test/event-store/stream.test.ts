// The stream: what was committed, at once, by type, with a heartbeat; slow readers are cut off.
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { startEventStore } from '../../src/event-store/event-store.js';
import { readRecord } from '../../src/event-store/incoming-event.js';
import { chainAfter } from '../../src/event-store/stored-event.js';
import { createStream } from '../../src/event-store/stream.js';
import { createEventPipe } from '../../src/pipe/create-event-pipe.js';
import type { EventPipe } from '../../src/pipe/event-pipe.js';
import type { RunningService } from '../../src/service/context.js';
import { createFaultEngine } from '../../src/service/faults.js';
import { createTestPlatform, eventually, type TestPlatform } from '../service/test-platform.js';
import { record, records } from './events.js';
import { createStoreClient, type StoreClient } from './store-client.js';

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

afterEach(() => client.clearFaults());

/** Publishes new events of these types and gives their positions. */
async function publish(...types: string[]): Promise<readonly number[]> {
  const batch = types.map((event_type) => ({ position: ++position, event_type }));
  await sender.publish(
    frame,
    batch.map((fields) => record(fields)),
  );
  return batch.map((fields) => fields.position);
}

test('each subscriber gets the events of its types, in order, as polls show them', async () => {
  const all = await client.subscribe();
  const some = await client.subscribe('?types=TokensIssued,SupplyMarker');
  const [, issued, marker] = await publish('TokensDestroyed', 'TokensIssued', 'SupplyMarker');
  await all.gets(3);
  await some.gets(2);
  expect(some.positions()).toEqual([issued, marker]);
  const polled = await client.readAll();
  expect(all.events).toEqual(polled.slice(-3));
  await all.close();
  await some.close();
});

test('a heartbeat tells the head, which no later event can be below', async () => {
  const idle = await client.subscribe('?types=Unheard');
  await publish('TokensIssued');
  const { head } = await client.poll('');
  const seen = await eventually(async () => (await idle.nextHeartbeat()) === head || undefined);
  expect(seen).toBe(true);
  expect(idle.events).toEqual([]);
  idle.close();
});

describe('a door that is none', () => {
  test.each([
    ['/api/v1/nothing', 404],
    ['/api/v1/stream?types=', 400],
    ['/api/v1/stream?types=A%20B', 400],
  ])('%s answers %i', async (path, status) => {
    const socket = new WebSocket(client.url.replace('http', 'ws') + path);
    const answered = new Promise((resolve) => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    });
    socket.on('error', () => undefined);
    expect(await answered).toBe(status);
    socket.terminate();
  });
});

test('whoever comes without an upgrade is told so, and OpenAPI shows the door', async () => {
  const answer = await client.get('/api/v1/stream');
  expect([answer.status, answer.headers.get('upgrade')]).toEqual([426, 'websocket']);
  const openapi = z.object({ paths: z.record(z.string(), z.unknown()) });
  const { paths } = openapi.parse(await client.json('/openapi.json'));
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/api/v1/events', '/api/v1/stream', '/api/v1/head']),
  );
});

test('a subscriber that shouts is disconnected, the others are not', async () => {
  const quiet = await client.subscribe();
  const loud = await client.subscribe();
  loud.socket.send('x'.repeat(5_000));
  await eventually(() => (loud.isOpen() ? undefined : true));
  expect(quiet.isOpen()).toBe(true);
  quiet.close();
});

test('the subscribers are counted, and one that breaks off is forgotten', async () => {
  const count = async (wanted: number) => {
    const health = JSON.stringify(await client.json('/healthz'));
    return health.includes(`"subscribers":${wanted}`) || undefined;
  };
  await eventually(() => count(0));
  const subscriber = await client.subscribe();
  await eventually(() => count(1));
  subscriber.close();
  await eventually(() => count(0));
});

test('a reader that does not read is cut off, and one beside it loses nothing', async () => {
  const faults = createFaultEngine({ clock: platform.context.clock, random: () => 0 });
  const stream = createStream({
    ...{ frameId: 'A', faults, logger: platform.context.logger, head: () => 0 },
    maxBufferedBytes: 100_000,
  });
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const added: WebSocket[] = [];
  server.on('connection', (socket) => {
    added.push(socket);
    stream.add(socket, undefined);
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const stuck = await rawWebSocket(address.port);
  const slow = await eventually(() => added[0]);
  const reader = new WebSocket(`ws://127.0.0.1:${address.port}`);
  let read = 0;
  reader.on('message', () => {
    read += 1;
  });
  await eventually(() => added[1]);
  let sent = 0;
  // Kernel buffers take some megabytes before the first byte waits in the process.
  while (slow.readyState === WebSocket.OPEN && sent < 100_000) {
    stream.publish(storedEvents(200));
    sent += 200;
    await eventually(() => (read >= sent - 1_000 ? true : undefined));
  }
  expect(slow.readyState).not.toBe(WebSocket.OPEN);
  expect(slow.bufferedAmount).toBeLessThan(1_000_000);
  await eventually(() => (read >= sent ? true : undefined));
  expect(reader.readyState).toBe(WebSocket.OPEN);
  stream.close();
  stuck.destroy();
  reader.terminate();
  server.close();
});

function storedEvents(count: number) {
  const read = records(1, count).map((each) => readRecord(each, []));
  const events = read.flatMap((answer) => (answer.ok ? [answer.event] : []));
  return chainAfter({ sequence: 0, hash: '' }, events, 0);
}

/** A client that shakes hands and then never reads again. */
async function rawWebSocket(port: number) {
  const socket = createConnection({ port, host: '127.0.0.1' });
  const handshake = new Promise<void>((resolve) => {
    socket.once('data', () => {
      socket.pause();
      resolve();
    });
  });
  socket.write(
    'GET / HTTP/1.1\r\nhost: test\r\nupgrade: websocket\r\nconnection: Upgrade\r\n' +
      'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await handshake;
  return socket;
}
