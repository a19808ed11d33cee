// Consumer lag on the real broker: what a group has committed against where its topic ends.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createKafkaLagReader } from '../../src/adapters/kafka-lag.js';
import { createKafkaTopic, type KafkaTopic } from '../support/kafka-topic.js';

const brokers = inject('kafkaBrokers');
const TIMEOUT_MS = 5_000;

describe.skipIf(brokers.length === 0)('consumer lag', () => {
  const [behind, level] = [`behind-${randomUUID()}`, `level-${randomUUID()}`];
  const groups = [behind, level, `canary-reactor-${randomUUID()}`];
  let topic: KafkaTopic;
  let untouched: KafkaTopic;

  beforeAll(async () => {
    topic = await createKafkaTopic(brokers);
    untouched = await createKafkaTopic(brokers);
    await topic.send([1, 2, 3, 4, 5].map((one) => ({ value: String(one) })));
    for (const [index, groupId] of groups.entries()) {
      const offset = index === 1 ? '5' : '2';
      const partitions = [{ partition: 0, offset }];
      await topic.admin.setOffsets({ groupId, topic: topic.name, partitions });
    }
  });

  afterAll(async () => {
    await topic.admin.deleteGroups(groups);
    await Promise.all([topic.drop(), untouched.drop()]);
  });

  test('is counted per group and topic, our own readers and other topics left out', async () => {
    const topics = [topic.name, untouched.name];
    const { ends, lags } = await createKafkaLagReader({
      ...{ brokers, topics, timeoutMs: TIMEOUT_MS },
    }).read();
    expect(ends).toEqual([
      { topic: topic.name, offset: 5 },
      { topic: untouched.name, offset: 0 },
    ]);
    expect(lags).toEqual([
      { group: behind, topic: topic.name, events: 3 },
      { group: level, topic: topic.name, events: 0 },
    ]);
  });

  test('of a Kafka that is away names its brokers', async () => {
    const options = { brokers: ['127.0.0.1:9'], topics: [topic.name], timeoutMs: TIMEOUT_MS };
    await expect(createKafkaLagReader(options).read()).rejects.toThrow('127.0.0.1:9');
  });
});
