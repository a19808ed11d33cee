// A topic of one test on the real broker: one partition, as the platform contract has it.
import { randomUUID } from 'node:crypto';
import { type Admin, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import type { WireEnvelope } from './wire-events.js';

export interface KafkaTopic {
  readonly name: string;
  readonly admin: Admin;
  /** Appends records of any content. */
  send(records: readonly TopicRecord[]): Promise<void>;
  /** Deletes the records before an offset, as retention does. */
  forgetBefore(offset: number): Promise<void>;
  drop(): Promise<void>;
}

export interface TopicRecord {
  readonly value: string | null;
  readonly timestampMs?: number;
  readonly foreignFrom?: string;
}

export async function createKafkaTopic(brokers: readonly string[]): Promise<KafkaTopic> {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const name = `test-${randomUUID()}`;
  const admin = kafka.admin();
  const producer: Producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({ topics: [{ topic: name, numPartitions: 1 }], waitForLeaders: true });
  return {
    name,
    admin,
    async send(records) {
      if (records.length === 0) return;
      await producer.send({ topic: name, acks: -1, messages: records.map(messageOf) });
    },
    async forgetBefore(offset) {
      // The deletion finds the partition's leader only in metadata that another call has loaded.
      await admin.fetchTopicOffsets(name);
      const partitions = [{ partition: 0, offset: String(offset) }];
      await admin.deleteTopicRecords({ topic: name, partitions });
    },
    async drop() {
      await admin.deleteTopics({ topics: [name] });
      await Promise.all([admin.disconnect(), producer.disconnect()]);
    },
  };
}

export function recordOf(envelope: WireEnvelope, foreignFrom?: string): TopicRecord {
  const value = JSON.stringify(envelope);
  return foreignFrom === undefined ? { value } : { value, foreignFrom };
}

function messageOf({ value, timestampMs, foreignFrom }: TopicRecord) {
  return {
    value,
    partition: 0,
    ...(timestampMs === undefined ? {} : { timestamp: String(timestampMs) }),
    ...(foreignFrom === undefined ? {} : { headers: { foreign_from: foreignFrom } }),
  };
}
