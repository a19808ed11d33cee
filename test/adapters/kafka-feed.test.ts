// The event feed's contract over Kafka; and what only Kafka does: records of every type and of no
// form, a bounded window, a topic that forgets, brokers that go away.
import { connect, type Socket } from 'node:net';
import type { ISocketFactoryArgs } from 'kafkajs';
import { pino } from 'pino';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { createKafkaFeed, type KafkaFeedOptions } from '../../src/adapters/kafka-feed.js';
import { PlatformUnavailableError } from '../../src/adapters/platform-unavailable-error.js';
import { createKafkaTopic, type KafkaTopic, recordOf } from '../support/kafka-topic.js';
import { until } from '../support/until.js';
import { feeEnvelope, markerEnvelope, transferEnvelope } from '../support/wire-events.js';
import { eventFeedContract, listen, pollAll } from './event-feed.contract.js';

const brokers = inject('kafkaBrokers');
const logger = pino({ level: 'silent' });

function feedOf(topic: string, changes: Partial<KafkaFeedOptions> = {}) {
  return createKafkaFeed({
    frame: 'A',
    brokers,
    topic,
    requestTimeoutMs: 3_000,
    silentAfterMs: 5_000,
    backOff: { firstMs: 20, maxMs: 200, random: Math.random },
    bufferedEventsMax: 1_000,
    logger,
    ...changes,
  });
}

describe.skipIf(brokers.length === 0)('Kafka', () => {
  eventFeedContract('Kafka', async () => {
    const topic = await createKafkaTopic(brokers);
    return {
      feed: feedOf(topic.name),
      publish: (events) =>
        topic.send(
          events.map(({ envelope, foreign }) =>
            recordOf(envelope, foreign === true ? 'B' : undefined),
          ),
        ),
      close: () => topic.drop(),
    };
  });

  let topics: KafkaTopic[] = [];
  afterEach(async () => {
    await Promise.all(topics.map((topic) => topic.drop()));
    topics = [];
  });

  async function newTopic(): Promise<KafkaTopic> {
    const topic = await createKafkaTopic(brokers);
    topics.push(topic);
    return topic;
  }

  test('records that name no type are delivered to be counted, others’ types are not', async () => {
    const topic = await newTopic();
    const feed = feedOf(topic.name);
    const wanted = transferEnvelope();
    const spaced = JSON.stringify(transferEnvelope(), null, 2);
    const quoting = transferEnvelope({
      data: { ...wanted.data, memo: '"event_type":"TransactionFeeCollected"' },
    });
    const lying = feeEnvelope({ data: { payer: 'CrossFrameTransferInitiated' } });
    await topic.send([
      recordOf(markerEnvelope()),
      { value: '{"event_type' },
      { value: null },
      { value: spaced },
      recordOf(quoting),
      recordOf(lying),
      recordOf(wanted),
    ]);
    const { subscription } = await listen(feed, -1);
    const polled = await pollAll(subscription, -1, 6);
    await subscription.close();
    expect(polled.map(({ text }) => text)).toEqual([
      '{"event_type',
      '',
      spaced,
      JSON.stringify(quoting),
      JSON.stringify(wanted),
    ]);
    expect(polled.map((raw) => feed.parse(raw).kind)).toEqual([
      'malformed',
      'malformed',
      'event',
      'event',
      'event',
    ]);
  });

  test('the place and time of an event are its record’s', async () => {
    const topic = await newTopic();
    const feed = feedOf(topic.name);
    const timestampMs = Date.now() - 30_000;
    await topic.send([
      recordOf(markerEnvelope()),
      { ...recordOf(transferEnvelope()), timestampMs },
    ]);
    const { subscription } = await listen(feed, 0);
    const [raw] = await pollAll(subscription, 0, 1);
    await subscription.close();
    expect(raw).toMatchObject({ offset: 1, timestampMs });
    expect(raw === undefined ? undefined : feed.parse(raw)).toMatchObject({
      stored: { sequence: 1, storedAtMs: timestampMs, foreignFrom: undefined },
    });
  });

  test('a window that nobody polls stops growing, and all comes when it is polled', async () => {
    const topic = await newTopic();
    const { subscription, heard } = await listen(feedOf(topic.name, { bufferedEventsMax: 50 }), -1);
    const other = await listen(feedOf(topic.name), -1);
    for (let batch = 0; batch < 20; batch += 1) {
      await topic.send(Array.from({ length: 20 }, () => recordOf(transferEnvelope())));
      await until(() => expect(other.heard).toHaveLength(20 * (batch + 1)));
    }
    expect(heard.length).toBeGreaterThanOrEqual(50);
    expect(heard.length).toBeLessThan(200);
    expect(await pollAll(subscription, -1, 399, 7)).toHaveLength(400);
    expect(heard).toHaveLength(400);
    await Promise.all([subscription.close(), other.subscription.close()]);
  });

  test('a subscription reads from its place on, not what lies before', async () => {
    const topic = await newTopic();
    const filler = 'x'.repeat(500_000);
    for (let count = 0; count < 10; count += 1) await topic.send([{ value: filler }]);
    const line = cuttableLine();
    const feed = feedOf(topic.name, { socketFactory: line.socketFactory });
    const { subscription, heard } = await listen(feed, 9);
    await topic.send([recordOf(transferEnvelope())]);
    await until(() => expect(heard).toHaveLength(1));
    expect(line.bytesRead()).toBeLessThan(filler.length);
    await subscription.close();
  });

  test('records that the topic has forgotten do not hold up those it still has', async () => {
    const topic = await newTopic();
    await topic.send(Array.from({ length: 30 }, () => recordOf(transferEnvelope())));
    await topic.forgetBefore(20);
    const { subscription } = await listen(feedOf(topic.name), 4);
    const polled = await pollAll(subscription, 4, 29);
    await subscription.close();
    expect(polled.map(({ offset }) => offset)).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
  });

  test('a topic that is not there yet is followed when it comes', async () => {
    const topic = await newTopic();
    await topic.admin.deleteTopics({ topics: [topic.name] });
    const feed = feedOf(topic.name);
    const listening = listen(feed, -1);
    await expect(feed.positionBefore(Date.now())).rejects.toThrow(PlatformUnavailableError);
    await topic.admin.createTopics({ topics: [{ topic: topic.name }], waitForLeaders: true });
    const { subscription } = await listening;
    await until(() => topic.send([recordOf(transferEnvelope())]));
    expect(await pollAll(subscription, -1, 0)).toHaveLength(1);
    await subscription.close();
  });

  test('brokers that go away and come back lose nothing and bring nothing twice', async () => {
    const topic = await newTopic();
    const line = cuttableLine();
    const feed = feedOf(topic.name, { socketFactory: line.socketFactory });
    const { subscription, heard, states } = await listen(feed, -1);
    await topic.send([recordOf(transferEnvelope()), recordOf(transferEnvelope())]);
    expect(await pollAll(subscription, -1, 1)).toHaveLength(2);
    line.cut();
    await until(() => expect(states.at(-1)).toBe('closed'));
    await expect(subscription.poll(1, 10)).rejects.toThrow(PlatformUnavailableError);
    await expect(feed.positionBefore(0)).rejects.toThrow(PlatformUnavailableError);
    await topic.send([recordOf(transferEnvelope())]);
    line.restore();
    await until(() => expect(states.at(-1)).toBe('open'));
    expect((await pollAll(subscription, 1, 2)).map(({ offset }) => offset)).toEqual([2]);
    expect(heard.map(({ offset }) => offset)).toEqual([0, 1, 2]);
    await subscription.close();
  });

  test('brokers that fall silent are left for a new connection', async () => {
    const topic = await newTopic();
    const line = cuttableLine();
    const feed = feedOf(topic.name, {
      socketFactory: line.socketFactory,
      silentAfterMs: 1_500,
      requestTimeoutMs: 20_000,
    });
    const { subscription, states } = await listen(feed, -1);
    line.stall();
    await until(() => expect(states.at(-1)).toBe('silent'));
    line.restore();
    await until(() => expect(states.at(-1)).toBe('open'));
    await topic.send([recordOf(transferEnvelope())]);
    expect(await pollAll(subscription, -1, 0)).toHaveLength(1);
    await subscription.close();
  });
});

/** The network to the brokers, as a test can cut it or let it stall. */
function cuttableLine() {
  const sockets = new Set<Socket>();
  let isCut = false;
  return {
    socketFactory({ host, port, onConnect }: ISocketFactoryArgs): Socket {
      const socket = connect(isCut ? { host: '127.0.0.1', port: 1 } : { host, port }, onConnect);
      sockets.add(socket);
      return socket.on('close', () => sockets.delete(socket));
    },
    bytesRead: () => [...sockets].reduce((sum, socket) => sum + socket.bytesRead, 0),
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    stall() {
      for (const socket of sockets) socket.pause();
    },
    restore() {
      isCut = false;
      for (const socket of sockets) socket.destroy();
    },
  };
}
