// What a validator does with one event: find its test, compare, stamp, and tell the workflow.
import { decides } from '../domain/contract.js';
import {
  formatEventId,
  type StoredEvent,
  sameEvent,
  type ValidatedEventType,
} from '../domain/event.js';
import { examine, impossibleStamp, secondEvent } from '../domain/examination.js';
import type { Finding } from '../domain/finding.js';
import type { FrameId } from '../domain/frame.js';
import { claimsCanary, testIdOf } from '../domain/memo.js';
import { type Stamp, stampNameOf, stampOf } from '../domain/stamp.js';
import type { StampStore, StoredTest, TestSignal, TestWorkflows } from '../ports.js';
import type { RecordLate } from './record-result.js';

/**
 * What became of an event: a stamp, a reason for none, or a fee whose transfer is not known yet.
 * `not_ours` is a payment of users that only looks like a canary's from outside, as one to a canary
 * agent does.
 */
export type Raised =
  | 'stamped'
  | 'finding'
  | 'second'
  | 'unregistered'
  | 'not_ours'
  | 'unknown_transfer';

export interface RaiseDependencies {
  readonly stamps: StampStore;
  readonly tests: Pick<TestWorkflows, 'signal'>;
  readonly recordLate: RecordLate;
}

/**
 * Handles one event of a frame. Returns only when its stamp is stored and its signal acknowledged
 * (design, decision 7); throws when a store or Temporal is away, so that the caller tries again.
 */
export async function raiseStamp(
  deps: RaiseDependencies,
  frame: FrameId,
  eventType: ValidatedEventType,
  stored: StoredEvent,
  seenAtMs: number,
): Promise<Raised> {
  const { event } = stored;
  const testId = await testIdOfEvent(deps.stamps, stored);
  if (testId === undefined) return reasonForNoTest(event.memo);
  const test = await deps.stamps.test(testId);
  if (test === undefined) return 'unregistered';
  const differences = examine(test, event);
  if (differences.length > 0) {
    await deliver(deps, test, undefined, differences);
    return 'finding';
  }
  const name = stampNameOf(eventType, event.sourceFrame, frame);
  if (name === 'tokens_xfer') await deps.stamps.indexTransfer(event.transferId, testId);
  const kept = await deps.stamps.stamp(testId, stampOf(stored, name, frame, seenAtMs));
  if (!sameEvent(kept.eventId, event.id)) {
    const first = formatEventId(kept.eventId);
    await deliver(deps, test, undefined, [secondEvent(test, frame, name, first, event)]);
    return 'second';
  }
  const impossible = impossibleStamp(test, frame, name, event);
  const findings = impossible === undefined ? [] : [impossible];
  const told = decides(test.path.backend, name) ? kept : undefined;
  if (told !== undefined || findings.length > 0) await deliver(deps, test, told, findings);
  return 'stamped';
}

function reasonForNoTest(memo: string | undefined): Raised {
  if (memo === undefined) return 'unknown_transfer';
  return claimsCanary(memo) ? 'unregistered' : 'not_ours';
}

/** By memo, or by transfer where the event carries none; throws while the store is away. */
export async function testIdOfEvent(
  stamps: StampStore,
  { event }: StoredEvent,
): Promise<string | undefined> {
  return event.memo === undefined
    ? stamps.testIdOfTransfer(event.transferId)
    : testIdOf(event.memo);
}

/** To the workflow while it lives, else into the record; throws while that one is away. */
export async function deliver(
  deps: RaiseDependencies,
  test: StoredTest,
  stamp: Stamp | undefined,
  findings: readonly Finding[],
): Promise<void> {
  if (test.outcome !== undefined && isExplained(test, stamp, findings)) return;
  const signal: TestSignal = { stamp, findings, firedAtMs: test.firedAtMs };
  if ((await deps.tests.signal(test.testId, signal)) === 'delivered') return;
  await deps.recordLate(test.testId, {
    stamps: stamp === undefined ? [] : [stamp],
    findings,
  });
}

/** A completion of a test that has passed is no news: most stamps of other frames are such. */
function isExplained(
  test: StoredTest,
  stamp: Stamp | undefined,
  findings: readonly Finding[],
): boolean {
  return (
    findings.length === 0 &&
    stamp?.name !== 'cf_refunded' &&
    (test.outcome === 'passed' || test.outcome === 'observer')
  );
}
