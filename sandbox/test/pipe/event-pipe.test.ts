// One contract for both pipes: order, redelivery, patience, and what is consumed stays consumed.
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addPeerRoutes } from '../../src/event-store/peer-routes.js';
import { createEventPipe } from '../../src/pipe/create-event-pipe.js';
import type { EventPipe, OnBatch, PipeRecord } from '../../src/pipe/event-pipe.js';
import { sleep } from '../../src/service/back-off.js';
import { createHttpService, listenOn } from '../../src/service/http-service.js';
import { deriveTokens } from '../../src/service/tokens.js';
import { eventStorePort } from '../../src/topology.js';
import {
  createTestPlatform,
  eventually,
  hasKafka,
  LONG_TEST_MS,
  type TestPlatform,
} from '../service/test-platform.js';

const KINDS = hasKafka ? (['kafka', 'direct'] as const) : (['direct'] as const);

describe.each(KINDS)('the %s pipe', { timeout: LONG_TEST_MS }, (kind) => {
  let platform: TestPlatform;
  let sender: EventPipe;
  let closers: (() => Promise<unknown>)[];
  const frame = () => platform.frameIds[0] ?? '';

  beforeEach(async () => {
    platform = await createTestPlatform({ pipe: kind });
    sender = createEventPipe(platform.context);
    closers = [() => sender.close()];
  });

  afterEach(async () => {
    for (const close of closers.reverse()) await close();
    await platform.remove();
  });

  /** The receiving process of the frame, with the ingest door where the pipe needs one. */
  async function receiver(onBatch: OnBatch) {
    const pipe = createEventPipe(platform.context);
    const tokens = deriveTokens(platform.topology.secretSeed);
    const service = await createHttpService({
      ...{ service: 'event-store', frame: frame(), tokens, registry: new Registry() },
      ...platform.context,
    });
    addPeerRoutes(service, { frameId: frame(), peerFrames: [], tokens, pipe });
    await listenOn(service, platform.topology.host, eventStorePort(platform.topology, frame()));
    const consumer = await pipe.consume(frame(), onBatch);
    const close = async () => {
      await consumer.close();
      await service.close();
      await pipe.close();
    };
    closers.push(close);
    return { close };
  }

  test('delivers records whole and in order, over many publishes', async () => {
    const got: PipeRecord[] = [];
    await receiver(async (records) => void got.push(...records));
    const sent: PipeRecord[] = [
      { key: 'transfer-1', value: '{"memo":"ä€😀 \\n"}' },
      { key: '', value: 'not json', foreignFrom: 'B' },
      ...numbered(1, 1_200),
    ];
    for (let start = 0; start < sent.length; start += 100) {
      await sender.publish(frame(), sent.slice(start, start + 100));
    }
    await sender.publish(frame(), numbered(1_201, 2_400));
    sent.push(...numbered(1_201, 2_400));
    await eventually(() => (got.length >= sent.length ? true : undefined));
    expect(got).toEqual(sent);
  });

  test('keeps the order of publishes that did not wait for each other', async () => {
    const got: string[] = [];
    await receiver(async (records) => void got.push(...records.map(({ value }) => value)));
    const numbers = Array.from({ length: 50 }, (_, index) => index + 1);
    await Promise.all(numbers.map((number) => sender.publish(frame(), numbered(number, number))));
    await eventually(() => (got.length >= 50 ? true : undefined));
    expect(got).toEqual(numbers.map(String));
  });

  test('brings a batch again until it is stored, before any later one', async () => {
    const stored: string[] = [];
    let refusals = 3;
    await receiver(async (records) => {
      if (refusals-- > 0) throw new Error('the store is away');
      stored.push(...records.map(({ value }) => value));
    });
    await sender.publish(frame(), numbered(1, 3));
    await sender.publish(frame(), numbered(4, 5));
    await eventually(() => (stored.length >= 5 ? true : undefined));
    expect(stored).toEqual(['1', '2', '3', '4', '5']);
    expect(refusals).toBeLessThan(0);
  });

  test('waits for a receiver that comes later', async () => {
    const publishing = sender.publish(frame(), numbered(1, 3));
    // Kafka keeps what nobody follows yet; without it the publisher itself keeps on trying.
    if (kind === 'kafka') await publishing;
    const got: string[] = [];
    await receiver(async (records) => void got.push(...records.map(({ value }) => value)));
    await publishing;
    await eventually(() => (got.length >= 3 ? true : undefined));
    expect(got).toEqual(['1', '2', '3']);
  });

  test('goes on after a restart of the receiver, without a hole', async () => {
    const got: string[] = [];
    const onBatch: OnBatch = async (records) => void got.push(...records.map(({ value }) => value));
    const first = await receiver(onBatch);
    await sender.publish(frame(), numbered(1, 3));
    await eventually(() => (got.length >= 3 ? true : undefined));
    await first.close();
    const publishing = sender.publish(frame(), numbered(4, 6));
    await receiver(onBatch);
    await publishing;
    await eventually(() => (got.includes('6') ? true : undefined));
    expect(got).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  test('closes at any moment of its start', async () => {
    for (const waitMs of [0, 1, 5, 20, 60, 150]) {
      const { close } = await receiver(async () => undefined);
      await sleep(waitMs);
      await close();
      closers.pop();
    }
  });

  test('gives up only when told to, and goes on with the next publish', async () => {
    const away = await createTestPlatform({ pipe: kind, kafkaBrokers: ['127.0.0.1:1'] });
    const pipe = createEventPipe(away.context);
    const stop = new AbortController();
    const records = numbered(1, 1);
    const first = pipe.publish(away.frameIds[0] ?? '', records, { signal: stop.signal });
    const second = pipe.publish(away.frameIds[0] ?? '', records);
    const outcome = Promise.allSettled([first, second]);
    stop.abort();
    await expect(first).rejects.toThrow('given up');
    await pipe.close();
    await expect(second).rejects.toThrow('given up');
    await outcome;
  });
});

function numbered(from: number, to: number): readonly PipeRecord[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    key: `transfer-${from + index}`,
    value: String(from + index),
  }));
}
