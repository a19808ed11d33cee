// Whether Kafka answers: one short connection of its own, so that no feed is in its way.
import { Kafka, logLevel } from 'kafkajs';

const PING_TIMEOUT_MS = 1_500;

/** One question to the cluster, no retry; throws kafkajs' error, which names the broker. */
export async function pingKafka(brokers: readonly string[]): Promise<void> {
  const kafka = new Kafka({
    clientId: 'canary-reactor-ping',
    brokers: [...brokers],
    connectionTimeout: PING_TIMEOUT_MS,
    requestTimeout: PING_TIMEOUT_MS,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.describeCluster();
  } finally {
    await admin.disconnect();
  }
}
