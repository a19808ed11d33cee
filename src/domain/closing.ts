// The close of a test: expected stamps, exactly the table's events, latencies. Facts in, row out.
import type { ClockOffsets } from './clock.js';
import {
  emittedEvents,
  expectedStamps,
  type FrameEvent,
  type FrameStamp,
  isRefundable,
} from './contract.js';
import {
  COMPLETED_EVENT_TYPE,
  formatEventId,
  type StoredEvent,
  sameEvent,
  type TransferEventType,
  VALIDATED_EVENT_TYPES,
} from './event.js';
import { examine, impossibleStamp } from './examination.js';
import type { Finding } from './finding.js';
import type { FrameId } from './frame.js';
import { latenciesOf } from './latency.js';
import type { Closing } from './result.js';
import { type Stamp, type StampName, stampNameOf, stampOf } from './stamp.js';
import type { CanaryTest } from './test.js';
import type { Outcome } from './verdict.js';

/** An event as one frame's EventStore answered it. */
export interface FrameStoredEvent {
  readonly frame: FrameId;
  readonly stored: StoredEvent;
}

export interface CloseFacts {
  readonly outcome: Outcome;
  readonly firedAtMs: number | undefined;
  readonly stamps: readonly Stamp[];
  /** All events of the transfer, own and foreign, that the frames' EventStores hold. */
  readonly events: readonly FrameStoredEvent[];
  readonly frames: readonly FrameId[];
  /** Those of them whose EventStore could not be asked, or not in whole. */
  readonly unaskedFrames: readonly FrameId[];
  readonly offsets: ClockOffsets;
}

/** The expected stamps that no validator has brought yet; only a passed test expects any. */
export function outstandingStamps(
  test: CanaryTest,
  stamps: readonly Stamp[],
  frames: readonly FrameId[],
): readonly FrameStamp[] {
  return expectedStamps(test.path, frames).filter((expected) => !isAmong(expected, stamps));
}

/** Everything the close stores about a test (design, decision 9). */
export function closeTest(test: CanaryTest, facts: CloseFacts, closedAtMs: number): Closing {
  const passed = facts.outcome === 'passed';
  const outstanding = passed ? outstandingStamps(test, facts.stamps, facts.frames) : [];
  const inStore = stampsInStore(test, facts.events);
  // Only a frame that was asked can lack anything; what was not asked is unknown.
  const wasAsked = ({ frame }: FrameStamp | FrameEvent) => !facts.unaskedFrames.includes(frame);
  const absent = outstanding.filter((one) => !isAmong(one, inStore)).filter(wasAsked);
  const absentEvents = passed ? missingEvents(test, facts.events).filter(wasAsked) : [];
  return {
    unaskedFrames: facts.unaskedFrames,
    absent,
    absentEvents,
    unobserved: outstanding.filter((expected) => isAmong(expected, inStore)),
    degraded: absent.length > 0 || absentEvents.length > 0,
    latencies:
      passed && facts.firedAtMs !== undefined
        ? latenciesOf(test, facts.stamps, facts.firedAtMs, facts.offsets)
        : { totalMs: undefined, committedMs: undefined, observerShareMs: undefined },
    stamps: facts.stamps,
    findings: eventFindings(test, inOrder(facts.events, facts.stamps)),
    closedAtMs,
  };
}

/**
 * The stamps that stored events would have raised, had a validator seen them: for the look-back.
 * An event that differs from the registered test raises none.
 */
export function stampsInStore(
  test: CanaryTest,
  events: readonly FrameStoredEvent[],
): readonly Stamp[] {
  return events.flatMap((one) => {
    const name = raisedBy(test, one);
    return name === undefined ? [] : [stampOf(one.stored, name, one.frame, one.stored.storedAtMs)];
  });
}

/**
 * The transfer that stored events tell of: by an event that fits the test where there is one, for
 * anybody may write a canary's memo into a transfer of his own.
 */
export function transferIdIn(
  test: CanaryTest,
  events: readonly FrameStoredEvent[],
): string | undefined {
  const fitting = events.find(({ stored }) => examine(test, stored.event).length === 0);
  return (fitting ?? events[0])?.stored.event.transferId;
}

function raisedBy(test: CanaryTest, { frame, stored }: FrameStoredEvent): StampName | undefined {
  const eventType = VALIDATED_EVENT_TYPES.find((type) => type === stored.event.eventType);
  if (eventType === undefined || examine(test, stored.event).length > 0) return undefined;
  return stampNameOf(eventType, stored.event.sourceFrame, frame);
}

function isAmong(expected: FrameStamp, stamps: readonly Stamp[]): boolean {
  return stamps.some((one) => one.frame === expected.frame && one.name === expected.stamp);
}

function ownEvents(events: readonly FrameStoredEvent[]): readonly FrameStoredEvent[] {
  return events.filter(({ stored }) => stored.foreignFrom === undefined);
}

function missingEvents(
  test: CanaryTest,
  events: readonly FrameStoredEvent[],
): readonly FrameEvent[] {
  const own = ownEvents(events);
  return emittedEvents(test.path).filter(
    (expected) =>
      !own.some(
        ({ frame, stored }) =>
          frame === expected.frame && stored.event.eventType === expected.eventType,
      ),
  );
}

/**
 * The events as validators met them: what stamped comes first, then each log in its own order, so
 * that of two events the close and a validator call the same one the second.
 */
function inOrder(
  events: readonly FrameStoredEvent[],
  stamps: readonly Stamp[],
): readonly FrameStoredEvent[] {
  const stamped = ({ frame, stored }: FrameStoredEvent) =>
    Number(stamps.some((one) => one.frame === frame && sameEvent(one.eventId, stored.event.id)));
  return [...events].sort(
    (one, other) => stamped(other) - stamped(one) || one.stored.sequence - other.stored.sequence,
  );
}

/** What is wrong with the stored events, foreign copies included, each fact once. */
function eventFindings(test: CanaryTest, events: readonly FrameStoredEvent[]): readonly Finding[] {
  const findings = [
    ...events.flatMap(({ stored }) => examine(test, stored.event)),
    ...events.flatMap((one) => impossibleFinding(test, one) ?? []),
    ...events.flatMap((one, index) => extraFinding(test, one, events.slice(0, index))),
  ];
  return [...new Map(findings.map((one) => [`${one.kind} ${one.subject}`, one])).values()];
}

function impossibleFinding(test: CanaryTest, one: FrameStoredEvent): Finding | undefined {
  const name = raisedBy(test, one);
  return name === undefined ? undefined : impossibleStamp(test, one.frame, name, one.stored.event);
}

/** An event beyond the table's: the second of its kind, or of a kind never emitted there. */
function extraFinding(
  test: CanaryTest,
  { frame, stored }: FrameStoredEvent,
  earlier: readonly FrameStoredEvent[],
): readonly Finding[] {
  const { eventType, id } = stored.event;
  const first = earlier.find(
    (other) => other.frame === frame && other.stored.event.eventType === eventType,
  );
  const subject = `${frame}/${eventType}/${formatEventId(id)}`;
  if (first !== undefined) {
    const firstId = formatEventId(first.stored.event.id);
    const evidence = `a second ${eventType} at frame ${frame} after ${firstId}`;
    return [{ kind: 'second_event', testId: test.testId, subject, evidence }];
  }
  const foreign = stored.foreignFrom !== undefined;
  if (foreign ? raisesStamp(eventType) : mayEmit(test, frame, eventType)) return [];
  const did = foreign ? 'was sent' : 'emitted';
  const evidence = `frame ${frame} ${did} ${eventType} for a transfer of path ${test.path.id}`;
  return [{ kind: 'unexpected_event', testId: test.testId, subject, evidence }];
}

/** A copy is judged by the stamp that it raises; Completed raises none and is never broadcast. */
function raisesStamp(eventType: TransferEventType): boolean {
  return eventType !== COMPLETED_EVENT_TYPE;
}

/** Whether the table has the frame emit the event, or allows it to: a refund at the sender's. */
function mayEmit(test: CanaryTest, frame: FrameId, eventType: TransferEventType): boolean {
  if (eventType === 'CrossFrameTransferRefunded') {
    return isRefundable(test.path.backend) && frame === test.path.senderFrame;
  }
  return emittedEvents(test.path).some(
    (expected) => expected.frame === frame && expected.eventType === eventType,
  );
}
