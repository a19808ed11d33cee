// One canary test: fire, wait for what validators signal, look back before any failure, record.
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import {
  condition,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { FireActivities } from '../activities/fire-transfer.js';
import type { LookBackActivities } from '../activities/look-back.js';
import type { RecordActivities } from '../activities/record-result.js';
import type { Finding } from '../domain/finding.js';
import type { FireOutcome } from '../domain/fire.js';
import type { Stamp } from '../domain/stamp.js';
import type { CanaryTest } from '../domain/test.js';
import {
  type DecidedVerdict,
  decide,
  decideAfterLookBack,
  type Outcome,
  remainingMs,
} from '../domain/verdict.js';
import { SEARCH_ATTRIBUTES, SIGNALS } from '../names.js';
import type { TestSignal } from '../ports.js';

/** Raised by validators: a required stamp, a refund, or findings. */
export const stampSignal = defineSignal<[TestSignal]>(SIGNALS.stamp);

/** Added to the wait, so that the moment of the fire itself lies inside it. */
const FIRE_MARGIN_MS = 2_000;
/** How far a commit time may lie past the deadline where no clock could be measured. */
const CLOCK_ERROR_MS = 1_000;

const outcomeKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.outcome, SearchAttributeType.KEYWORD);

/**
 * A local activity: the usual case costs no task of its own. It fails fast, for the next takes
 * over.
 */
const { recordResult: recordLocally } = proxyLocalActivities<RecordActivities>({
  startToCloseTimeout: '2 seconds',
  scheduleToCloseTimeout: '3 seconds',
  retry: { maximumAttempts: 1 },
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

interface Facts {
  fire: FireOutcome;
  firedAtMs: number | undefined;
  readonly stamps: Stamp[];
  /** What only an EventStore knew: no verdict but `observer` rests on it, corrections may. */
  readonly unseen: Stamp[];
  readonly findings: Finding[];
  /** How many signals have come, and how many of them are recorded. */
  received: number;
  recorded: number;
}

/** Runs one test to its verdict; the stored row is the result, its outcome the return value. */
export async function canaryTest(test: CanaryTest): Promise<Outcome> {
  const facts: Facts = {
    fire: { kind: 'pending' },
    firedAtMs: undefined,
    stamps: [],
    unseen: [],
    findings: [],
    received: 0,
    recorded: 0,
  };
  setHandler(stampSignal, (signal) => receive(facts, signal));
  void fire(test, facts);
  const verdict = await awaitVerdict(test, facts);
  upsertSearchAttributes([{ key: outcomeKey, value: verdict.kind }]);
  do {
    facts.recorded = facts.received;
    await record(test, verdict, facts);
    // Completing while the fire is under way would make the server refuse the task and repeat it.
    await condition(() => facts.fire.kind !== 'pending' || facts.recorded < facts.received);
  } while (facts.recorded < facts.received);
  return verdict.kind;
}

function receive(facts: Facts, signal: TestSignal): void {
  facts.received += 1;
  if (signal.stamp !== undefined) facts.stamps.push(signal.stamp);
  facts.findings.push(...signal.findings);
  facts.firedAtMs ??= signal.firedAtMs;
}

/** Fires in the background: events may tell the truth before the answer does (decision 5). */
async function fire(test: CanaryTest, facts: Facts): Promise<void> {
  const { fireTransfer } = proxyActivities<FireActivities>({
    startToCloseTimeout: '20 seconds',
    // A killed worker is noticed by its silence; the next attempt uses the same key.
    heartbeatTimeout: '5 seconds',
    scheduleToCloseTimeout: test.deadlines.finalMs,
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
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
    await condition(() => decide(test, facts, CLOCK_ERROR_MS).kind !== 'pending', waitMs, {
      summary: 'the final deadline',
    });
    const verdict = decide(test, facts, CLOCK_ERROR_MS);
    if (verdict.kind !== 'pending') return verdict;
    const found = await lookBack(test);
    facts.firedAtMs ??= found.firedAtMs;
    waitMs = remainingMs(test, facts.firedAtMs, found.askedAtMs);
    if (waitMs > 0) continue;
    facts.stamps.push(...found.stamps);
    facts.unseen.push(...found.unseen);
    return decideAfterLookBack(test, facts, found, found.clockErrorMs ?? CLOCK_ERROR_MS);
  }
}

async function record(test: CanaryTest, verdict: DecidedVerdict, facts: Facts): Promise<void> {
  const { stamps, unseen, findings, firedAtMs } = facts;
  const decision = { test, verdict, stamps, unseen, findings, fire: facts.fire, firedAtMs };
  try {
    await recordLocally(decision);
  } catch {
    await recordDurably(decision);
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? cause.message : error.message;
}
