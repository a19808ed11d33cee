// One topic read from a given offset, over and over: kafkajs consumes, this supervises. Nothing is
// committed; the caller's next offset is the only truth about what was consumed.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { StreamState } from '../ports.js';
import type { BackOff } from './back-off.js';
import { logEnd, PARTITION } from './kafka-offsets.js';

export interface TopicReaderOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly groupPrefix: string;
  /** No fetch was answered for this long: silent, and connected anew. */
  readonly silentAfterMs: number;
  readonly backOff: BackOff;
  /** The offset to read next; asked whenever the reader joins or jumps. */
  readonly nextOffset: () => number;
  readonly onBatch: (payload: EachBatchPayload) => void;
  /** The offset after the last record, told on every joining. */
  readonly onLogEnd: (offset: number) => void;
  readonly onState: (state: StreamState) => void;
  readonly onTrouble: (error: unknown) => void;
}

export interface TopicReader {
  /** Continues from the caller's next offset, dropping what is under way. */
  jump(): void;
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

/** How long a fetch waits for news at the broker; an answer without news is a sign of life, too. */
const LONG_POLL_MS = 500;
const GROUP_HEARTBEAT_MS = 3_000;
const GROUP_SESSION_MS = 30_000;
/** The longest that joining may take before the consumer is given up. */
const JOIN_TIMEOUT_MS = 30_000;
/** Leaving is a courtesy: the next consumer has a group of its own and waits no longer for it. */
const LEAVE_TIMEOUT_MS = 1_000;

/** A reader's own life, shared by its consumers. */
interface Reading {
  readonly options: TopicReaderOptions;
  readonly closing: AbortSignal;
  tell(state: StreamState): void;
  /** The consumer that has joined and can be steered, if there is one. */
  joined: Consumer | undefined;
}

/** Reads until `close`; every failure ends in a new consumer after a back-off. */
export function openTopicReader(options: TopicReaderOptions): TopicReader {
  const closing = new AbortController();
  let told: StreamState | undefined;
  const reading: Reading = {
    options,
    closing: closing.signal,
    joined: undefined,
    tell(state) {
      if (closing.signal.aborted || state === told) return;
      told = state;
      options.onState(state);
    },
  };
  const ended = supervise(reading);
  const partitions = [{ topic: options.topic, partitions: [PARTITION] }];
  return {
    jump: () => steer(reading, (consumer) => seekNext(options, consumer)),
    pause: () => steer(reading, (consumer) => consumer.pause(partitions)),
    resume: () => steer(reading, (consumer) => consumer.resume(partitions)),
    async close() {
      closing.abort();
      await ended;
    },
  };
}

async function supervise(reading: Reading): Promise<void> {
  const { options, closing } = reading;
  while (!closing.aborted) {
    try {
      await readOnce(reading);
    } catch (error) {
      options.onTrouble(error);
      reading.tell(error instanceof SilenceError ? 'silent' : 'closed');
    }
    await pause(options.backOff.nextMs(), closing);
  }
}

/** One consumer from joining to its end. Returns when closed; throws on every other end. */
async function readOnce(reading: Reading): Promise<void> {
  const { options } = reading;
  // A group of its own each time: no rebalance waits for a member that died, nothing is shared.
  const consumer = options.kafka.consumer({
    groupId: `${options.groupPrefix}-${randomUUID()}`,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: LONG_POLL_MS,
    heartbeatInterval: GROUP_HEARTBEAT_MS,
    sessionTimeout: GROUP_SESSION_MS,
    retry: { retries: 2, restartOnFailure: async () => false },
  });
  const life = watchLife(reading, consumer);
  try {
    await Promise.race([join(options, consumer, life), life.end]);
    await life.end;
  } finally {
    reading.joined = undefined;
    life.leave();
    await leave(consumer);
  }
}

async function join(options: TopicReaderOptions, consumer: Consumer, life: Life): Promise<void> {
  const { kafka, topic } = options;
  const steps = [
    async () => options.onLogEnd(await logEnd(kafka, topic)),
    () => consumer.connect(),
    () => consumer.subscribe({ topic, fromBeginning: true }),
    () => consumer.run({ autoCommit: false, eachBatch: async (batch) => take(batch) }),
  ];
  const take = (payload: EachBatchPayload) => {
    if (!life.isOver()) options.onBatch(payload);
  };
  for (const step of steps) {
    await step();
    // Given up meanwhile: what this step has opened is closed here, for nobody else knows of it.
    if (life.isOver()) return consumer.disconnect();
  }
}

interface Life {
  /** Resolves at closing, rejects at a crash or a silence. */
  readonly end: Promise<void>;
  /** A consumer that is left may still speak for a while; nobody listens to it any more. */
  isOver(): boolean;
  leave(): void;
}

function watchLife(reading: Reading, consumer: Consumer): Life {
  const { options, closing } = reading;
  const { CRASH, FETCH, GROUP_JOIN } = consumer.events;
  const over = new AbortController();
  const { signal } = over;
  let silence: NodeJS.Timeout | undefined;
  const end = new Promise<void>((resolve, reject) => {
    const expectWithin = (ms: number) => {
      clearTimeout(silence);
      silence = setTimeout(() => reject(new SilenceError(options.topic, ms)), ms);
    };
    expectWithin(JOIN_TIMEOUT_MS);
    closing.addEventListener('abort', () => resolve(), { signal });
    consumer.on(CRASH, ({ payload }) => reject(payload.error));
    consumer.on(GROUP_JOIN, () => {
      if (signal.aborted) return;
      reading.joined = consumer;
      // Joining forgets the place; without this the consumer would begin at the topic's start.
      seekNext(options, consumer);
    });
    consumer.on(FETCH, () => {
      if (signal.aborted) return;
      expectWithin(options.silentAfterMs);
      options.backOff.reset();
      reading.tell('open');
    });
  });
  // Joining may fail first, and then nobody waits for this end any more.
  end.catch(() => undefined);
  return {
    end,
    isOver: () => signal.aborted,
    leave() {
      over.abort();
      clearTimeout(silence);
    },
  };
}

function seekNext(options: TopicReaderOptions, consumer: Consumer): void {
  const offset = String(options.nextOffset());
  consumer.seek({ topic: options.topic, partition: PARTITION, offset });
}

/** Steers the consumer if there is one; one that has just ended refuses, and the next one seeks. */
function steer({ joined, options }: Reading, action: (consumer: Consumer) => void): void {
  if (joined === undefined) return;
  try {
    action(joined);
  } catch (error) {
    options.onTrouble(error);
  }
}

async function leave(consumer: Consumer): Promise<void> {
  const patience = new AbortController();
  const left = consumer.disconnect().then(
    () => patience.abort(),
    () => patience.abort(),
  );
  await Promise.race([left, pause(LEAVE_TIMEOUT_MS, patience.signal)]);
}

/** A wait that an abort cuts short. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** A consumer that is connected and gets no answers. */
class SilenceError extends Error {
  constructor(topic: string, ms: number) {
    super(`no fetch of ${topic} was answered within ${ms} ms`);
    this.name = 'SilenceError';
  }
}
