// One canary test: fire, wait for what validators signal, look back before any failure, record.
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import {
  CancellationScope,
  condition,
  defineSignal,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { FireActivities } from '../activities/fire-transfer.js';
import type { LookBackActivities } from '../activities/look-back.js';
import type { RecordActivities } from '../activities/record-result.js';
import { ASSUMED_CLOCK_ERROR_MS } from '../domain/clock.js';
import type { CanaryTest } from '../domain/test.js';
import {
  type DecidedVerdict,
  decide,
  decideAfterLookBack,
  decideCancelled,
  type LookBack,
  type Outcome,
  remainingMs,
} from '../domain/verdict.js';
import { SEARCH_ATTRIBUTES, SIGNALS } from '../names.js';
import type { TestSignal } from '../ports.js';
import { describeTest, type Facts, noFacts } from './test-facts.js';

/** Raised by validators: a required stamp, a refund, or findings. */
export const stampSignal = defineSignal<[TestSignal]>(SIGNALS.stamp);

/** Added to the wait, so that the moment of the fire itself lies inside it. */
const FIRE_MARGIN_MS = 2_000;

const outcomeKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.outcome, SearchAttributeType.KEYWORD);

/**
 * A local activity: the usual case costs no task of its own. It fails fast, for the next takes
 * over.
 */
const { recordResult: recordLocally } = proxyLocalActivities<RecordActivities>({
  startToCloseTimeout: '2 seconds',
  scheduleToCloseTimeout: '3 seconds',
  retry: { maximumAttempts: 1 },
  summary: 'store the verdict',
});

/** While PostgreSQL is away the record waits as a regular activity, for as long as it takes. */
const { recordResult: recordDurably } = proxyActivities<RecordActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
  summary: 'store the verdict, once PostgreSQL is back',
});

/** Asks every store; what does not answer is part of the answer, so few attempts are enough. */
const { lookBack } = proxyActivities<LookBackActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 5 },
  summary: 'look back: stamp store and every EventStore',
});

/**
 * Runs one test to its verdict; the stored row is the result, its outcome the return value. A
 * cancelled test ends as cancelled once its fire has ended, and has its row, too.
 */
export async function canaryTest(test: CanaryTest): Promise<Outcome> {
  const facts = noFacts();
  setHandler(stampSignal, (signal) => receive(test, facts, signal), {
    description: 'A required stamp, a refund, or findings, from a validator',
  });
  setCurrentDetails(describeTest(test, facts));
  void fire(test, facts);
  try {
    facts.verdict = await awaitVerdict(test, facts);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    facts.verdict = decideCancelled(test, facts, ASSUMED_CLOCK_ERROR_MS);
    await CancellationScope.nonCancellable(() => conclude(test, facts));
    throw error;
  }
  // From here on a cancellation comes too late: a verdict is stored, whatever else happens.
  return CancellationScope.nonCancellable(() => conclude(test, facts));
}

function receive(test: CanaryTest, facts: Facts, signal: TestSignal): void {
  facts.received += 1;
  if (signal.stamp !== undefined) facts.stamps.push(signal.stamp);
  facts.findings.push(...signal.findings);
  facts.firedAtMs ??= signal.firedAtMs;
  setCurrentDetails(describeTest(test, facts));
}

/** Fires in the background: events may tell the truth before the answer does (decision 5). */
async function fire(test: CanaryTest, facts: Facts): Promise<void> {
  const { fireTransfer } = proxyActivities<FireActivities>({
    startToCloseTimeout: '20 seconds',
    // A killed worker is noticed by its silence; the next attempt uses the same key.
    heartbeatTimeout: '5 seconds',
    scheduleToCloseTimeout: test.deadlines.finalMs,
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
    // A cancelled test waits for the answer that is out, and makes no further attempt.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    summary: `fire ${test.path.sender} -> ${test.path.receiver} by ${test.path.backend}`,
  });
  try {
    const report = await fireTransfer(test);
    facts.fire = report.outcome;
    facts.firedAtMs ??= report.firedAtMs;
  } catch (error) {
    facts.fire = { kind: 'unanswered', message: messageOf(error) };
  }
}

async function awaitVerdict(test: CanaryTest, facts: Facts): Promise<DecidedVerdict> {
  let waitMs = test.deadlines.finalMs + FIRE_MARGIN_MS;
  for (;;) {
    await condition(() => decide(test, facts, ASSUMED_CLOCK_ERROR_MS).kind !== 'pending', waitMs, {
      summary: 'the final deadline',
    });
    const verdict = decide(test, facts, ASSUMED_CLOCK_ERROR_MS);
    if (verdict.kind !== 'pending') return verdict;
    // The deadline has come: a cancellation that would cut the answers short comes too late.
    const found = await CancellationScope.nonCancellable(() => lookBackOnce(test));
    facts.firedAtMs ??= found.firedAtMs;
    waitMs = remainingMs(test, facts.firedAtMs, found.askedAtMs);
    if (waitMs > 0) continue;
    facts.stamps.push(...found.stamps);
    facts.unseen.push(...found.unseen);
    return decideAfterLookBack(test, facts, found, ASSUMED_CLOCK_ERROR_MS);
  }
}

/** A look-back that could not even be made has found nothing and reached nothing. */
async function lookBackOnce(test: CanaryTest): Promise<LookBack> {
  try {
    return await lookBack(test);
  } catch (error) {
    return {
      stamps: [],
      unseen: [],
      unreachableFrames: [...new Set([test.path.senderFrame, test.path.receiverFrame])],
      storeReachable: false,
      fire: { kind: 'unanswered', message: messageOf(error) },
      firedAtMs: undefined,
      // Five attempts lie behind it: there is nothing left to wait for.
      askedAtMs: Number.POSITIVE_INFINITY,
    };
  }
}

/**
 * Stores the verdict at once, then, when the fire has ended, what came in the meantime. Completing
 * while the fire is under way would make the server refuse the task and repeat it.
 */
async function conclude(test: CanaryTest, facts: Facts): Promise<Outcome> {
  const verdict = facts.verdict;
  if (verdict === undefined) throw new Error(`no verdict of ${test.testId} to record`);
  // A task that the server refused is done again and may decide otherwise: what is stored holds.
  const outcome = await record(test, verdict, facts);
  facts.outcome = outcome;
  upsertSearchAttributes([{ key: outcomeKey, value: outcome }]);
  setCurrentDetails(describeTest(test, facts));
  await condition(() => facts.fire.kind !== 'pending');
  // One record for all that came until now keeps the history short.
  while (facts.recorded < facts.received) await record(test, verdict, facts);
  return outcome;
}

async function record(test: CanaryTest, verdict: DecidedVerdict, facts: Facts): Promise<Outcome> {
  facts.recorded = facts.received;
  const { stamps, unseen, findings, firedAtMs } = facts;
  const decision = { test, verdict, stamps, unseen, findings, fire: facts.fire, firedAtMs };
  try {
    return await recordLocally(decision);
  } catch {
    return recordDurably(decision);
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? cause.message : error.message;
}
