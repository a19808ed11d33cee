// A frame's events from its Kafka topic: the stream and the proof are the same consumption.
import { type ISocketFactory, Kafka, logLevel } from 'kafkajs';
import type { Logger } from 'pino';
import type { FrameId } from '../domain/frame.js';
import { KAFKA_CLIENT_ID } from '../names.js';
import type { EventFeed, FeedOptions, FeedSubscription, StreamState } from '../ports.js';
import { type BackOffOptions, createBackOff } from './back-off.js';
import { offsetBefore } from './kafka-offsets.js';
import { fetchedBatchOf } from './kafka-records.js';
import { openTopicReader } from './kafka-topic-reader.js';
import { createKafkaWindow } from './kafka-window.js';
import { parseRecord } from './ledger-event-wire.js';
import { PlatformUnavailableError } from './platform-unavailable-error.js';

export interface KafkaFeedOptions {
  readonly frame: FrameId;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly requestTimeoutMs: number;
  /** No fetch was answered for this long: silent, and connected anew. */
  readonly silentAfterMs: number;
  readonly backOff: BackOffOptions;
  /** Events kept for the next poll; at this many the consumption rests. */
  readonly bufferedEventsMax: number;
  readonly logger: Logger;
  /** For brokers behind something that plain TCP or TLS does not reach. */
  readonly socketFactory?: ISocketFactory;
}

/**
 * The feed of one frame. Subscribing never fails; while Kafka is away the state says so and polls
 * throw. The head of a page is the one that the last fetch told.
 */
export function createKafkaFeed(options: KafkaFeedOptions): EventFeed {
  const kafka = createClient(options);
  return {
    kind: 'kafka',
    subscribe: async (feedOptions) => subscribe(options, kafka, feedOptions),
    async positionBefore(timeMs) {
      try {
        return await offsetBefore(kafka, options.topic, timeMs);
      } catch (cause) {
        throw unavailable(options, cause instanceof Error ? cause.message : String(cause), cause);
      }
    },
    parse: parseRecord,
  };
}

function subscribe(
  options: KafkaFeedOptions,
  kafka: Kafka,
  { eventTypes, after, onEvent, onState }: FeedOptions,
): FeedSubscription {
  const { topic, logger, bufferedEventsMax } = options;
  const window = createKafkaWindow(after);
  let state: StreamState = 'closed';
  let resting = false;
  let jumpedTo: number | undefined;

  const reader = openTopicReader({
    kafka,
    topic,
    groupPrefix: `${KAFKA_CLIENT_ID}-${eventTypes.join('+')}`,
    silentAfterMs: options.silentAfterMs,
    backOff: createBackOff(options.backOff),
    nextOffset: window.next,
    onLogEnd: window.noteLogEnd,
    onBatch({ batch, isStale }) {
      if (isStale()) return;
      const fetched = fetchedBatchOf(batch, eventTypes);
      if (fetched.firstOffset > window.next() && !expired(fetched.firstOffset)) return;
      for (const raw of window.take(fetched)) onEvent(raw);
      if (window.size() < bufferedEventsMax) return;
      resting = true;
      reader.pause();
    },
    onState(next) {
      state = next;
      onState(next);
    },
    onTrouble: (error) => logger.warn({ err: error, topic, eventTypes }, 'kafka feed interrupted'),
  });

  /** A batch that begins late is asked for once more; begun late again, the broker has no more. */
  function expired(firstOffset: number): boolean {
    const wanted = window.next();
    if (jumpedTo !== wanted) {
      jumpedTo = wanted;
      reader.jump();
      return false;
    }
    logger.error(
      { topic, eventTypes, wanted, firstOffset },
      'the topic holds no more records here',
    );
    window.skipTo(firstOffset);
    return true;
  }

  return {
    async poll(place, limit) {
      if (state !== 'open') throw unavailable(options, `its consumer is ${state}`);
      if (!window.covers(place)) {
        window.rewind(place);
        reader.jump();
      }
      const page = window.page(place, limit);
      if (resting && window.size() < bufferedEventsMax / 2) {
        resting = false;
        reader.resume();
      }
      return page;
    },
    close: () => reader.close(),
  };
}

function createClient(options: KafkaFeedOptions): Kafka {
  const { logger, requestTimeoutMs, socketFactory } = options;
  return new Kafka({
    clientId: KAFKA_CLIENT_ID,
    brokers: [...options.brokers],
    connectionTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000 },
    // What matters of it we say ourselves; the rest is for those who look for a fault in kafkajs.
    logLevel: logLevel.INFO,
    logCreator:
      () =>
      ({ namespace, log }) =>
        logger.debug({ namespace, ...log }, 'kafkajs'),
    ...(socketFactory === undefined ? {} : { socketFactory }),
  });
}

function unavailable(
  { frame, topic, brokers }: KafkaFeedOptions,
  why: string,
  cause?: unknown,
): PlatformUnavailableError {
  return new PlatformUnavailableError(frame, `kafka ${brokers.join(',')} ${topic}`, why, { cause });
}
