// Where a topic's log ends, and where a moment lies in it: short questions to the brokers.
import type { Admin, Kafka } from 'kafkajs';

/** The contract's topics have one partition. */
export const PARTITION = 0;

/** The offset after the last record. Throws kafkajs' errors. */
export function logEnd(kafka: Kafka, topic: string): Promise<number> {
  return withAdmin(kafka, (admin) => offsetAfterLast(admin, topic));
}

/** The same, over a connection that is there. */
export async function offsetAfterLast(admin: Admin, topic: string): Promise<number> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsetOf(topic, offsets.find(({ partition }) => partition === PARTITION)?.high);
}

/** The last offset whose record is older than a time, or -1. Throws kafkajs' errors. */
export function offsetBefore(kafka: Kafka, topic: string, timeMs: number): Promise<number> {
  return withAdmin(kafka, async (admin) => {
    const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, timeMs);
    const first = offsets.find(({ partition }) => partition === PARTITION)?.offset;
    return offsetOf(topic, first) - 1;
  });
}

function offsetOf(topic: string, text: string | undefined): number {
  const offset = Number(text);
  if (text === undefined || !Number.isSafeInteger(offset)) {
    throw new Error(`topic ${topic} answers no offset for partition ${PARTITION}: ${text}`);
  }
  return offset;
}

async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
