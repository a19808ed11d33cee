// Kafka's records as raw events: the frame's topic carries every type, a subscription some.
import type { Batch, KafkaMessage } from 'kafkajs';
import type { FetchedBatch, WindowEvent } from './kafka-window.js';

/** Set on copies that another frame's EventStore sent (platform contract, Kafka). */
const FOREIGN_HEADER = 'foreign_from';
const EVENT_TYPE_PATTERN = /"event_type"\s*:\s*"([^"\\]*)"/;

/** A fetch as the window takes it, with the events of some types. */
export function fetchedBatchOf(batch: Batch, eventTypes: readonly string[]): FetchedBatch {
  return {
    firstOffset: Number(batch.firstOffset()),
    lastOffset: Number(batch.lastOffset()),
    logEnd: Number(batch.highWatermark),
    events: batch.messages.map(rawEventOf).filter(({ text }) => mayBe(text, eventTypes)),
  };
}

function rawEventOf(message: KafkaMessage): WindowEvent {
  const foreignFrom = message.headers?.[FOREIGN_HEADER]?.toString();
  return {
    text: message.value?.toString('utf8') ?? '',
    offset: Number(message.offset),
    timestampMs: Number(message.timestamp),
    ...(foreignFrom === undefined ? {} : { foreignFrom }),
  };
}

/** Not for certain another type: a record that names none is delivered, so that it is counted. */
function mayBe(text: string, eventTypes: readonly string[]): boolean {
  const named = EVENT_TYPE_PATTERN.exec(text)?.[1];
  return named === undefined || eventTypes.includes(named);
}
