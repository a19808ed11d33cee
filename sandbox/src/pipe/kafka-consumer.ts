// Follows one frame's topic for ever: joins, delivers batches, and joins anew after any failure.
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { FOREIGN_FROM_HEADER } from '../names.js';
import { type BackOff, createBackOff, sleep } from '../service/back-off.js';
import type { Logger } from '../service/logger.js';
import { withSignal } from '../service/with-signal.js';
import { topicName } from '../topology.js';
import type { OnBatch, PipeRecord } from './event-pipe.js';

export interface ConsumerDeps {
  readonly kafka: Kafka;
  readonly logger: Logger;
  readonly random: () => number;
  readonly ensureTopic: (topic: string) => Promise<void>;
  readonly frameId: string;
  readonly onBatch: OnBatch;
}

// A member that was killed holds the group for the session timeout: the broker's least allowed.
const SESSION_TIMEOUT_MS = 6_000;
const HEARTBEAT_INTERVAL_MS = 1_500;

/** How long the broker holds an empty fetch; a record that comes ends the wait at once. */
const LONG_POLL_MS = 500;
const LONGEST_WAIT_MS = 2_000;

export function consumeTopic(deps: ConsumerDeps): { close(): Promise<void> } {
  const closing = new AbortController();
  const finished = follow(deps, closing.signal);
  return {
    close: async () => {
      closing.abort();
      await finished;
    },
  };
}

async function follow(deps: ConsumerDeps, stop: AbortSignal): Promise<void> {
  const backOff = createBackOff(deps.random, LONGEST_WAIT_MS);
  while (!stop.aborted) {
    try {
      await withSignal({ stop: [stop] }, (attempt) => followUntilCrash(deps, backOff, attempt));
    } catch (error) {
      deps.logger.warn({ err: error, frame: deps.frameId }, 'the topic is away, joining again');
    }
    if (!stop.aborted) await backOff.wait(stop);
  }
}

async function followUntilCrash(
  deps: ConsumerDeps,
  backOff: BackOff,
  stop: AbortSignal,
): Promise<void> {
  const topic = topicName(deps.frameId);
  await deps.ensureTopic(topic);
  const consumer = deps.kafka.consumer({
    groupId: `event-store-${deps.frameId.toLowerCase()}`,
    sessionTimeout: SESSION_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_INTERVAL_MS,
    maxWaitTimeInMs: LONG_POLL_MS,
    // A crashed consumer is replaced by this file's loop, not revived by kafkajs.
    retry: { restartOnFailure: async () => false },
  });
  const over = new Promise<void>((resolve) => {
    consumer.on('consumer.crash', () => resolve());
    stop.addEventListener('abort', () => resolve(), { once: true });
    if (stop.aborted) resolve();
  });
  const commits = createOffsetCommits(consumer, topic, deps.logger);
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async (payload) => {
        await deliver(payload, deps, stop);
        backOff.reset();
        commits.commit(payload.batch.lastOffset());
      },
    });
    await over;
    await commits.finish();
  } finally {
    await consumer.disconnect();
  }
}

/** Offers the batch again until it is stored; keeps the group membership alive meanwhile. */
async function deliver(payload: EachBatchPayload, deps: ConsumerDeps, stop: AbortSignal) {
  const records = payload.batch.messages.map(recordOf);
  const backOff = createBackOff(deps.random, LONGEST_WAIT_MS);
  for (;;) {
    try {
      await deps.onBatch(records);
      return payload.resolveOffset(payload.batch.lastOffset());
    } catch (error) {
      if (stop.aborted || !payload.isRunning() || payload.isStale()) throw error;
      deps.logger.warn({ err: error, frame: deps.frameId }, 'a batch was not stored, trying again');
    }
    await backOff.wait(stop);
    await payload.heartbeat();
  }
}

/** Commits the latest offset beside the consuming, not between two fetches, once a second. */
function createOffsetCommits(consumer: Consumer, topic: string, logger: Logger) {
  let timer: NodeJS.Timeout | undefined;
  let wanted: bigint | undefined;

  async function commitLatest(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (wanted === undefined) return;
    const offset = String(wanted);
    wanted = undefined;
    try {
      await consumer.commitOffsets([{ topic, partition: 0, offset }]);
    } catch (error) {
      // The batch is stored already: what is not committed comes again and is recognised.
      logger.info({ err: error, topic, offset }, 'an offset was not committed');
    }
  }

  return {
    commit: (lastOffset: string) => {
      wanted = BigInt(lastOffset) + 1n;
      timer ??= setTimeout(() => void commitLatest(), COMMIT_INTERVAL_MS);
    },
    /** Commits what is still wanted, but does not hold up the close for long. */
    finish: () => Promise.race([commitLatest(), sleep(FINISH_LIMIT_MS)]),
  };
}

const COMMIT_INTERVAL_MS = 1_000;
const FINISH_LIMIT_MS = 2_000;

function recordOf(message: KafkaMessage): PipeRecord {
  const foreignFrom = headerText(message);
  return {
    key: message.key?.toString() ?? '',
    value: message.value?.toString() ?? '',
    ...(foreignFrom !== undefined && { foreignFrom }),
  };
}

function headerText(message: KafkaMessage): string | undefined {
  const header = message.headers?.[FOREIGN_FROM_HEADER];
  return Array.isArray(header) ? header.join(',') : header?.toString();
}
