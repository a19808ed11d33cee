// How far each consumer group lags behind the platform's topics, as the brokers keep account of it.
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { KAFKA_CLIENT_ID } from '../names.js';
import type { ConsumerLags, KafkaLagReader } from '../ports.js';
import { offsetAfterLast, PARTITION } from './kafka-offsets.js';

export interface KafkaLagOptions {
  readonly brokers: readonly string[];
  readonly topics: readonly string[];
  /** One request; a reading makes a handful of them. */
  readonly timeoutMs: number;
}

/**
 * Each reading is a connection of its own, never retried; it throws an error that names the
 * brokers and why. The reactor's own readers commit nothing and so have no lag of this kind:
 * theirs is the validators' watermark gap.
 */
export function createKafkaLagReader(options: KafkaLagOptions): KafkaLagReader {
  const { brokers, timeoutMs } = options;
  const kafka = new Kafka({
    clientId: `${KAFKA_CLIENT_ID}-lag`,
    brokers: [...brokers],
    connectionTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  });
  return {
    async read() {
      const admin = kafka.admin();
      try {
        await admin.connect();
        return await readLags(admin, options.topics);
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`the lag at ${brokers.join(', ')} cannot be read: ${why}`, { cause });
      } finally {
        await admin.disconnect();
      }
    },
  };
}

/** Committed offsets first: what is produced meanwhile can only add to a lag, never hide one. */
async function readLags(admin: Admin, topics: readonly string[]): Promise<ConsumerLags> {
  const { groups } = await admin.listGroups();
  const others = groups
    .map(({ groupId }) => groupId)
    .filter((groupId) => !groupId.startsWith(`${KAFKA_CLIENT_ID}-`))
    .sort();
  const committed = await Promise.all(
    others.map(async (group) => ({ group, offsets: await committedOf(admin, group, topics) })),
  );
  const ends = await Promise.all(
    topics.map(async (topic) => ({ topic, offset: await offsetAfterLast(admin, topic) })),
  );
  const lags = committed.flatMap(({ group, offsets }) =>
    ends.flatMap(({ topic, offset }) => {
      const next = offsets.get(topic);
      return next === undefined ? [] : [{ group, topic, events: Math.max(0, offset - next) }];
    }),
  );
  return { ends, lags };
}

/** What a group has committed of each topic; a topic that it never read is left out. */
async function committedOf(
  admin: Admin,
  groupId: string,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const fetched = await admin.fetchOffsets({ groupId, topics: [...topics] });
  return new Map(
    fetched.flatMap(({ topic, partitions }) => {
      const offset = Number(partitions.find((one) => one.partition === PARTITION)?.offset ?? -1);
      return offset < 0 ? [] : [[topic, offset] as const];
    }),
  );
}
