// The event pipe over Kafka: one topic with one partition per frame.
import { type Admin, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { FOREIGN_FROM_HEADER } from '../names.js';
import type { ServiceContext } from '../service/context.js';
import { topicName } from '../topology.js';
import type { EventPipe, PipeRecord } from './event-pipe.js';
import { consumeTopic } from './kafka-consumer.js';
import { kafkaLogCreator } from './kafka-log.js';
import { createPublisher } from './publish-for-ever.js';

const CONNECT_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 10_000;

/** Own retries of kafkajs per call; the loops above it go on for ever. */
const RETRY = { initialRetryTime: 50, maxRetryTime: 1_000, retries: 3 };

/** Acknowledgement by all in-sync replicas. */
const ACKS_ALL = -1;

export function createKafkaPipe(
  context: Pick<ServiceContext, 'topology' | 'logger' | 'random'>,
): EventPipe {
  const kafka = new Kafka({
    clientId: 'sandbox',
    brokers: [...context.topology.kafkaBrokers],
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: RETRY,
    logLevel: logLevel.WARN,
    logCreator: kafkaLogCreator(context.logger),
  });
  const topics = createTopics(() => kafka.admin());
  const producer = connectedProducer(kafka);
  const publisher = createPublisher(context);
  const consumers = new Set<{ close(): Promise<void> }>();
  return {
    kind: 'kafka',
    publish: (frameId, records, options) =>
      publisher.publish(
        frameId,
        async () => {
          const topic = topicName(frameId);
          const messages = records.map(messageOf);
          try {
            await topics.ensure(topic);
            await (await producer.get()).send({ topic, acks: ACKS_ALL, messages });
          } catch (error) {
            topics.forget(topic);
            throw error;
          }
        },
        options?.signal,
      ),
    consume: async (frameId, onBatch) => {
      const ensureTopic = topics.ensure;
      const consumer = consumeTopic({ ...context, kafka, ensureTopic, frameId, onBatch });
      consumers.add(consumer);
      return consumer;
    },
    close: async () => {
      publisher.close();
      await Promise.all([...consumers].map((consumer) => consumer.close()));
      await producer.close();
    },
  };
}

/**
 * Not idempotent on purpose: the store takes each (producer, position) once, so a second copy is
 * harmless, while the broker-side state of an idempotent producer can be lost under it.
 * One request in flight keeps the order.
 */
function connectedProducer(kafka: Kafka) {
  const producer: Producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    idempotent: false,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  });
  let connected: Promise<void> | undefined;
  return {
    get: async (): Promise<Producer> => {
      connected ??= producer.connect().catch((error: unknown) => {
        connected = undefined;
        throw error;
      });
      await connected;
      return producer;
    },
    close: () => producer.disconnect(),
  };
}

/** Creates topics with one partition; asks the broker once per topic until told to forget it. */
function createTopics(admin: () => Admin) {
  const known = new Set<string>();
  return {
    ensure: async (topic: string): Promise<void> => {
      if (known.has(topic)) return;
      const client = admin();
      try {
        await client.connect();
        const topics = [{ topic, numPartitions: 1 }];
        // Asked first: creating one that is there works too, but leaves an error in both logs.
        const isThere = (await client.listTopics()).includes(topic);
        if (!isThere) await client.createTopics({ topics, waitForLeaders: true });
        known.add(topic);
      } finally {
        await client.disconnect();
      }
    },
    /** A publish failed: the topic may be gone, so look again. */
    forget: (topic: string): void => {
      known.delete(topic);
    },
  };
}

function messageOf(record: PipeRecord) {
  return {
    key: record.key === '' ? null : record.key,
    value: record.value,
    partition: 0,
    ...(record.foreignFrom !== undefined && {
      headers: { [FOREIGN_FROM_HEADER]: record.foreignFrom },
    }),
  };
}
