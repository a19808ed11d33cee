// The nine eventstore_* families: names and labels as the platform's queries use them.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEventStore } from '../../src/event-store/event-store.js';
import { createEventPipe } from '../../src/pipe/create-event-pipe.js';
import type { RunningService } from '../../src/service/context.js';
import { createTestPlatform, type TestPlatform } from '../service/test-platform.js';
import { record, records } from './events.js';
import { createStoreClient, type StoreClient } from './store-client.js';

const FAMILIES = [
  'eventstore_events_total',
  'eventstore_events_by_type',
  'eventstore_unique_agents',
  'eventstore_ledger_age_seconds',
  'eventstore_ledger_freshness_seconds',
  'eventstore_events_ingested_total',
  'eventstore_kafka_consumer_batches_total',
  'eventstore_kafka_batch_size',
  'eventstore_info',
];

const START = Date.parse('2026-11-23T18:31:00.000Z');
let nowMs = START;
let platform: TestPlatform;
let store: RunningService;
let client: StoreClient;
let frame: string;
let peer: string;

beforeAll(async () => {
  const context = { clock: { nowMs: () => nowMs } };
  platform = await createTestPlatform({ pipe: 'direct', frames: 2, context });
  [frame = '', peer = ''] = platform.frameIds;
  store = await startEventStore(platform.context, frame);
  client = createStoreClient(platform, frame);
});

afterAll(async () => {
  await store.close();
  await platform.remove();
});

/** Series of the eventstore_* families, name and labels -> value. */
async function series(): Promise<ReadonlyMap<string, number>> {
  const lines = (await client.metrics()).split('\n').filter((line) => /^eventstore_/.test(line));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

test('all nine families and all their series exist before the first event', async () => {
  const text = await client.metrics();
  const families = [...text.matchAll(/^# TYPE (eventstore_\w+)/gm)].map((match) => match[1]);
  expect([...families].sort()).toEqual([...FAMILIES].sort());
  const empty = await series();
  expect(empty.get('eventstore_events_by_type{event_type="TokensTransferred",origin="own"}')).toBe(
    0,
  );
  expect(empty.get('eventstore_ledger_freshness_seconds')).toBe(0);
  nowMs += 5_000;
  expect((await series()).get('eventstore_ledger_freshness_seconds')).toBe(5);
});

test('they count what the log holds, and go on counting after a restart', async () => {
  const before = await series();
  const sender = createEventPipe(platform.context);
  await sender.publish(frame, [...records(1, 4), ...records(2, 2), { key: '', value: '?' }]);
  await sender.publish(frame, [record({ position: 9, producer: 'teg-p' }, peer)]);
  const data = { account: 'A1:user-09', sender: 'treasury/A' };
  await sender.publish(frame, [
    record({ position: 5, event_type: 'StakeMoved' }),
    record({ position: 6, event_type: 'TokensIssued', data }),
  ]);
  await sender.close();
  nowMs += 30_000;
  const expected = {
    'eventstore_events_total{origin="own"}': 6,
    'eventstore_events_total{origin="foreign"}': 1,
    'eventstore_events_by_type{event_type="TokensTransferred",origin="own"}': 4,
    'eventstore_events_by_type{event_type="TokensTransferred",origin="foreign"}': 1,
    'eventstore_events_by_type{event_type="other",origin="own"}': 1,
    eventstore_unique_agents: 3,
    eventstore_ledger_freshness_seconds: 30,
    eventstore_ledger_age_seconds: (nowMs - Date.parse('2026-11-23T18:30:36.123Z')) / 1000,
    [`eventstore_info{version="1.0.0",frame="${frame}",pipe="direct"}`]: 1,
  };
  const ingested = {
    'eventstore_events_ingested_total{outcome="stored"}': 7,
    'eventstore_events_ingested_total{outcome="duplicate"}': 1,
    'eventstore_events_ingested_total{outcome="rejected"}': 1,
    eventstore_kafka_consumer_batches_total: 3,
    eventstore_kafka_batch_size_count: 3,
    eventstore_kafka_batch_size_sum: 9,
  };
  const after = await series();
  expect(Object.fromEntries(after)).toMatchObject({ ...expected, ...ingested });
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
  await store.close();
  store = await startEventStore(platform.context, frame);
  expect(Object.fromEntries(await series())).toMatchObject(expected);
});
