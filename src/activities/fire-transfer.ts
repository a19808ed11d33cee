// The activity that fires a test: registered first, then sent, under one idempotency key.
import { heartbeat } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { type Attempt, type FireOutcome, meaningOf } from '../domain/fire.js';
import { memoOf } from '../domain/memo.js';
import type { CanaryTest } from '../domain/test.js';
import type { Clock, StampStore, TransferGateway } from '../ports.js';

export interface FireReport {
  readonly outcome: FireOutcome;
  /** When the first attempt left us, epoch milliseconds. */
  readonly firedAtMs: number;
}

export interface FireActivities {
  /**
   * One attempt to fire. Returns a clear yes or no; an attempt left in doubt fails the activity, so
   * that Temporal retries it under the same key while the test goes on waiting (decision 5).
   */
  fireTransfer(test: CanaryTest): Promise<FireReport>;
}

interface FireDependencies {
  readonly clock: Clock;
  readonly gateway: TransferGateway;
  readonly stamps: StampStore;
}

const HEARTBEAT_MS = 1_000;

/** The failure type of an attempt in doubt, as the Temporal UI shows it. */
export const ATTEMPT_IN_DOUBT = 'AttemptInDoubt';

export function createFireActivities(deps: FireDependencies): FireActivities {
  return {
    async fireTransfer(test) {
      const registered = await deps.stamps.register(test);
      const afterDoubt = registered.firedAtMs !== undefined;
      const firedAtMs = await deps.stamps.markFired(test.testId, deps.clock.nowMs());
      const attempt = await whileBeating(
        deps.gateway.attempt({
          path: test.path,
          amountBaseUnits: BigInt(test.amount),
          memo: memoOf(test.testId),
          idempotencyKey: test.testId,
        }),
      );
      return { outcome: await settle(deps, test, attempt, afterDoubt), firedAtMs };
    },
  };
}

/** Heartbeats while the answer is out, so that a killed worker's attempt is soon made again. */
async function whileBeating<T>(work: Promise<T>): Promise<T> {
  const beats = setInterval(() => heartbeat(), HEARTBEAT_MS);
  try {
    return await work;
  } finally {
    clearInterval(beats);
  }
}

async function settle(
  deps: FireDependencies,
  test: CanaryTest,
  attempt: Attempt,
  afterDoubt: boolean,
): Promise<FireOutcome> {
  const meaning = meaningOf(attempt);
  if (attempt.kind === 'accepted') {
    const acceptedAtMs = deps.clock.nowMs();
    await deps.stamps.markAccepted(test.testId, attempt.transferId, acceptedAtMs);
    return { kind: 'accepted', transferId: attempt.transferId, acceptedAtMs };
  }
  const { message } = attempt;
  if (meaning === 'unpaid') return { kind: 'unpaid', message, afterDoubt };
  if (meaning === 'refused' && attempt.kind === 'answered') {
    return { kind: 'refused', code: attempt.code, message, afterDoubt };
  }
  throw ApplicationFailure.create({
    message: `attempt in doubt: ${message}`,
    type: ATTEMPT_IN_DOUBT,
    category: ApplicationFailureCategory.BENIGN,
  });
}
