// Before an event may stamp a test, it is compared with what was registered (design, decision 7).
import { formatAmount } from './amount.js';
import { emitterOf, isImpossible } from './contract.js';
import { formatEventId, type TransferEvent } from './event.js';
import type { Finding, FindingKind } from './finding.js';
import type { FrameId } from './frame.js';
import type { StampName } from './stamp.js';
import type { CanaryTest } from './test.js';

interface Comparison {
  readonly kind: FindingKind;
  readonly found: string | undefined;
  readonly registered: string;
}

/**
 * The differences between an event and the registered test. Any of them keeps the event from
 * stamping; each is a finding with what was seen and what was registered.
 */
export function examine(test: CanaryTest, event: TransferEvent): readonly Finding[] {
  const comparisons =
    event.eventType === 'TransactionFeeCollected'
      ? feeComparisons(test, event)
      : transferComparisons(test, event);
  return comparisons
    .filter(({ found, registered }) => found !== registered)
    .map(({ kind, found, registered }) => ({
      kind,
      testId: test.testId,
      subject: formatEventId(event.id),
      evidence: `${event.eventType}: found ${found ?? 'nothing'}, registered ${registered}`,
    }));
}

/**
 * The finding for a stamp that this frame can never see, or never from there: of Settled, any frame
 * but the own one would look right. The stamp still counts by its name.
 */
export function impossibleStamp(
  test: CanaryTest,
  frame: FrameId,
  name: StampName,
  event: TransferEvent,
): Finding | undefined {
  const never = neverRaised(test, frame, name, event);
  if (never === undefined) return undefined;
  return {
    kind: 'impossible_stamp',
    testId: test.testId,
    subject: `${frame}/${name}`,
    evidence:
      `${event.eventType} ${formatEventId(event.id)} with source_frame ${event.sourceFrame} ` +
      `raised ${name} at frame ${frame}, ${never}`,
  };
}

function neverRaised(
  { path }: CanaryTest,
  frame: FrameId,
  name: StampName,
  event: TransferEvent,
): string | undefined {
  if (isImpossible(path, frame, name)) return `which path ${path.id} can never raise there`;
  const emitter = emitterOf(path, event.eventType);
  return emitter === event.sourceFrame
    ? undefined
    : `and path ${path.id} has it of frame ${emitter}`;
}

/**
 * The finding for a second event where a frame has already stamped another one. Its subject is the
 * close's own for the same event, so that the fact is stored and counted once.
 */
export function secondEvent(
  test: CanaryTest,
  frame: FrameId,
  name: StampName,
  firstEventId: string,
  event: TransferEvent,
): Finding {
  return {
    kind: 'second_event',
    testId: test.testId,
    subject: `${frame}/${event.eventType}/${formatEventId(event.id)}`,
    evidence: `${name} at frame ${frame} was raised by ${firstEventId} already`,
  };
}

function feeComparisons(test: CanaryTest, event: TransferEvent): readonly Comparison[] {
  return [
    { kind: 'wrong_sender', found: event.payer, registered: test.path.sender },
    amountComparison('wrong_fee', event, test.fee),
    { kind: 'wrong_backend', found: event.backend, registered: test.path.backend },
  ];
}

function transferComparisons(test: CanaryTest, event: TransferEvent): readonly Comparison[] {
  return [
    { kind: 'wrong_sender', found: event.sender, registered: test.path.sender },
    { kind: 'wrong_receiver', found: event.receiver, registered: test.path.receiver },
    amountComparison('wrong_amount', event, test.amount),
    { kind: 'wrong_backend', found: event.backend, registered: test.path.backend },
  ];
}

function amountComparison(kind: FindingKind, event: TransferEvent, registered: string): Comparison {
  return {
    kind,
    found: formatAmount(event.amountBaseUnits),
    registered: formatAmount(BigInt(registered)),
  };
}
