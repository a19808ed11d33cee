// The log, filled over each pipe: gapless, chained, each event once, append-only.
import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { startEventStore } from '../../src/event-store/event-store.js';
import { createEventPipe } from '../../src/pipe/create-event-pipe.js';
import type { EventPipe, PipeRecord } from '../../src/pipe/event-pipe.js';
import type { RunningService } from '../../src/service/context.js';
import { databaseUrl } from '../../src/service/postgres.js';
import { databaseName } from '../../src/topology.js';
import {
  createTestPlatform,
  eventually,
  hasKafka,
  LONG_TEST_MS,
  type TestPlatform,
} from '../service/test-platform.js';
import { envelope, record, records } from './events.js';
import { createStoreClient, type StoreClient, type StoredEventAnswer } from './store-client.js';

const KINDS = hasKafka ? (['kafka', 'direct'] as const) : (['direct'] as const);

describe.each(KINDS)('the log behind the %s pipe', { timeout: LONG_TEST_MS }, (kind) => {
  let platform: TestPlatform;
  let store: RunningService;
  let sender: EventPipe;
  let client: StoreClient;
  let frame: string;
  let peer: string;

  beforeEach(async () => {
    platform = await createTestPlatform({ pipe: kind, frames: 2 });
    [frame = '', peer = ''] = platform.frameIds;
    store = await startEventStore(platform.context, frame);
    client = createStoreClient(platform, frame);
    sender = createEventPipe(platform.context);
  });

  afterEach(async () => {
    await sender.close();
    await store.close();
    await platform.remove();
  });

  const publish = (batch: readonly PipeRecord[]) => sender.publish(frame, batch);

  test('is gapless and chained under producers that race', async () => {
    const producers = ['teg-a', 'teg-b', 'teg-c', 'teg-d'];
    await Promise.all(
      producers.map(async (producer) => {
        for (let from = 1; from <= 91; from += 10) {
          const foreign = producer === 'teg-d' && { foreignFrom: peer };
          const batch = records(from, from + 9, { producer });
          await publish(batch.map((each) => ({ ...each, ...foreign })));
        }
      }),
    );
    await client.headReaches(400);
    const events = await client.readAll();
    expect(events.length).toBe(400);
    checkChain(events);
    for (const producer of producers) {
      const own = events.filter((event) => event.producer === producer);
      expect(own.map((event) => event.position)).toEqual(numbersTo(100));
      expect(new Set(own.map((event) => event.foreign_from))).toEqual(
        new Set([producer === 'teg-d' ? peer : null]),
      );
    }
    const last = events.at(-1);
    expect(await client.json('/api/v1/head')).toMatchObject({ head: 400, hash: last?.hash });
  });

  test('takes a redelivered event once, alone and among new ones', async () => {
    await publish(records(1, 5));
    await publish(records(3, 8));
    await publish([...records(8, 9), ...records(9, 9), ...records(1, 1)]);
    await client.headReaches(9);
    await ingested(client, 'duplicate', 6);
    const events = await client.readAll();
    expect(events.map((event) => event.position)).toEqual(numbersTo(9));
    checkChain(events);
  });

  test('keeps the first of two contents and records the clash', async () => {
    const forged = (position: number) => record({ position, data: { amount: '9.000000' } });
    await publish(records(1, 2));
    await publish([forged(2), ...records(3, 3), forged(3), forged(2)]);
    await ingested(client, 'conflict', 3);
    const events = await client.readAll();
    expect(events.map((event) => event.data)).toEqual(
      [1, 2, 3].map((position) => envelope({ position }).data),
    );
    const clashes = await query('SELECT position, kept_sequence FROM ingest_conflicts ORDER BY 1');
    expect(clashes).toEqual([
      { position: '2', kept_sequence: '2' },
      { position: '3', kept_sequence: '3' },
    ]);
  });

  test('puts a malformed record aside and goes on', async () => {
    const broken = { key: 'k', value: '{"producer":' };
    const foreign = { ...record({ position: 7 }), foreignFrom: 'NOWHERE' };
    await publish([...records(1, 1), broken, foreign, ...records(2, 2)]);
    await publish([broken]);
    await publish(records(3, 3));
    await client.headReaches(3);
    await ingested(client, 'rejected', 3);
    expect((await client.readAll()).map((event) => event.position)).toEqual([1, 2, 3]);
    const rejected = await query(
      "SELECT convert_from(value, 'UTF8') AS value, times FROM rejected_records ORDER BY times",
    );
    expect(rejected).toEqual([
      { value: foreign.value, times: '1' },
      { value: broken.value, times: '2' },
    ]);
  });

  test('goes on after a restart in the middle', async () => {
    const publishing = (async () => {
      for (let from = 1; from <= 181; from += 20) await publish(records(from, from + 19));
    })();
    await client.headReaches(20);
    await store.close();
    store = await startEventStore(platform.context, frame);
    await publishing;
    await client.headReaches(200);
    const events = await client.readAll();
    expect(events.map((event) => event.position)).toEqual(numbersTo(200));
    checkChain(events);
    const metrics = await client.metrics();
    expect(metrics).toContain('eventstore_events_total{origin="own"} 200');
  });

  test('is one log even under two writers', async () => {
    // A second process on the same database: its configuration only swaps the frames' ports.
    const topology = { ...platform.topology, frames: [...platform.topology.frames].reverse() };
    const context = { ...platform.context, topology };
    const other = await startEventStore(context, frame);
    const otherSender = createEventPipe(context);
    await Promise.all(
      [sender, otherSender].map(async (pipe, index) => {
        for (let from = 1; from <= 46; from += 5) {
          await pipe.publish(frame, records(from, from + 4, { producer: `teg-${index}` }));
        }
      }),
    );
    await client.headReaches(100);
    await otherSender.close();
    await other.close();
    const events = await client.readAll();
    expect(events.length).toBe(100);
    checkChain(events);
  });

  test('refuses every change, own and foreign', async () => {
    await publish([...records(1, 1), { ...record({ position: 2 }), foreignFrom: peer }]);
    await client.headReaches(2);
    for (const statement of [
      'UPDATE log SET canonical = canonical',
      'UPDATE events SET hash = hash',
      'DELETE FROM log WHERE sequence = 1',
      'DELETE FROM foreign_events',
      'TRUNCATE log',
      'TRUNCATE events',
      'TRUNCATE foreign_events',
    ]) {
      await expect(query(statement), statement).rejects.toThrow('append-only');
    }
    const counts = 'SELECT count(*)::int AS rows FROM';
    expect(await query(`${counts} events`)).toEqual([{ rows: 1 }]);
    expect(await query(`${counts} foreign_events`)).toEqual([{ rows: 1 }]);
  });

  test('is found by memo, as stored, and by transfer id, own and foreign', async () => {
    const transfer_id = 'shared';
    const fee = { position: 4, event_type: 'TransactionFeeCollected', data: { memo: undefined } };
    await publish([
      ...records(1, 2),
      record({ position: 3, transfer_id, data: { memo: 'cross_registry:canary-x' } }),
      record({ ...fee, transfer_id }),
      { ...record({ position: 5, transfer_id, data: { memo: 'canary-x' } }), foreignFrom: peer },
    ]);
    await client.headReaches(5);
    const found = async (search: string) => {
      const { events, head } = await client.lookUp(search);
      expect(head).toBe(5);
      return events.map((event) => event.position);
    };
    expect(await found('memo=canary-x')).toEqual([5]);
    expect(await found('memo=cross_registry:canary-x')).toEqual([3]);
    expect(await found('memo=canary-')).toEqual([]);
    expect(await found('memo=%00')).toEqual([]);
    expect(await found(`transfer_id=${transfer_id}`)).toEqual([3, 4, 5]);
  });

  async function query(statement: string): Promise<unknown[]> {
    const database = databaseName(frame, 'event_store');
    const connectionString = databaseUrl(inject('postgresUrl'), database);
    const connection = new pg.Client({ connectionString });
    await connection.connect();
    try {
      return (await connection.query(statement)).rows;
    } finally {
      await connection.end();
    }
  }
});

async function ingested(client: StoreClient, outcome: string, count: number): Promise<void> {
  const line = `eventstore_events_ingested_total{outcome="${outcome}"} ${count}\n`;
  await eventually(async () => ((await client.metrics()).includes(line) ? true : undefined));
}

function numbersTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

/** Recomputes the chain from the answers alone, as the contract page describes it. */
function checkChain(events: readonly StoredEventAnswer[]): void {
  let previous = '0'.repeat(64);
  for (const [index, event] of events.entries()) {
    const { sequence, stored_at, foreign_from, prev_hash, hash, ...own } = event;
    expect([typeof stored_at, foreign_from === undefined]).toEqual(['string', false]);
    expect([sequence, prev_hash]).toEqual([index + 1, previous]);
    const text = `${previous}\n${sequence}\n${JSON.stringify(sorted(own))}`;
    expect(hash).toBe(createHash('sha256').update(text).digest('hex'));
    previous = hash;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(Reflect.get(value, key))]));
}
