// Whether Kafka answers: one short connection of its own, so that no feed is in its way.
import { Kafka, logLevel } from 'kafkajs';

const PING_TIMEOUT_MS = 1_500;

/** One question to the cluster, no retry; throws an error that names the brokers and why. */
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
  } catch (cause) {
    // Where a connection breaks at the wrong moment, kafkajs stumbles over an answer that is not.
    const isTold = cause instanceof Error && cause.name.startsWith('KafkaJS');
    const why = isTold ? cause.message : 'no answer';
    throw new Error(`no broker of ${brokers.join(', ')} answers: ${why}`, { cause });
  } finally {
    await admin.disconnect();
  }
}
