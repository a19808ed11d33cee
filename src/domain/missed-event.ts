// What the evidence feed tells: an event of a test that one feed brought and the other has lost.
import { formatEventId, type StoredEvent } from './event.js';
import { type FeedKind, otherFeed } from './feed-kind.js';
import type { Finding, FindingKind } from './finding.js';
import type { FrameId } from './frame.js';
import type { TestId } from './test.js';

/** An event that is on one feed of a frame, and not on the other up to a later place. */
export interface MissedEvent {
  readonly missing: FeedKind;
  /** The event where the other feed brought it. */
  readonly stored: StoredEvent;
  /** The place up to which the feed that misses the event has proved itself complete. */
  readonly provenThrough: number;
}

const KIND_OF: Readonly<Record<FeedKind, FindingKind>> = {
  'event-store': 'missing_in_event_store',
  kafka: 'missing_in_kafka',
};

const NAME_OF: Readonly<Record<FeedKind, string>> = {
  'event-store': 'the EventStore',
  kafka: 'Kafka',
};

const FEED_OF = new Map<FindingKind, FeedKind>([
  [KIND_OF['event-store'], 'event-store'],
  [KIND_OF.kafka, 'kafka'],
]);

/** The finding on the test whose event it is, with the event's id and its places as evidence. */
export function missedEventFinding(
  testId: TestId,
  frame: FrameId,
  { missing, stored, provenThrough }: MissedEvent,
): Finding {
  const { event, sequence, storedAtMs } = stored;
  const id = formatEventId(event.id);
  return {
    kind: KIND_OF[missing],
    testId,
    subject: `${frame}/${event.eventType}/${id}`,
    evidence:
      `${event.eventType} ${id} of transfer ${event.transferId}: ` +
      `${NAME_OF[otherFeed(missing)]} brought it to frame ${frame} at place ${sequence}, ` +
      `${new Date(storedAtMs).toISOString()}; ` +
      `${NAME_OF[missing]}, complete through ${provenThrough}, never showed it`,
  };
}

/** The labels under which a finding counts as a missed event; `undefined` for other findings. */
export function missedEventLabels({ kind, subject }: Finding) {
  const missing = FEED_OF.get(kind);
  const [frame, eventType] = subject.split('/');
  if (missing === undefined || frame === undefined || eventType === undefined) return undefined;
  return { frame, event_type: eventType, missing };
}
