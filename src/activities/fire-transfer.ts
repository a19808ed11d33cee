// The activity that fires a test: registered first, then sent, under one idempotency key.
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { type Attempt, type FireOutcome, meaningOf } from '../domain/fire.js';
import { memoOf } from '../domain/memo.js';
import type { CanaryTest } from '../domain/test.js';
import type { Clock, StampStore, TransferGateway } from '../ports.js';
import { whileBeating } from './heartbeats.js';

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
  readonly gateway: Pick<TransferGateway, 'attempt'>;
  readonly stamps: StampStore;
}

const HEARTBEAT_MS = 1_000;

/** The failure type of an attempt in doubt, as the Temporal UI shows it. */
export const ATTEMPT_IN_DOUBT = 'AttemptInDoubt';

export function createFireActivities(deps: FireDependencies): FireActivities {
  return {
    async fireTransfer(test) {
      const registered = await deps.stamps.register(test);
      // An earlier attempt may have left us even where the stamp store has forgotten it.
      const afterDoubt = registered.firedAtMs !== undefined || activityInfo().attempt > 1;
      const firedAtMs = await deps.stamps.markFired(test.testId, deps.clock.nowMs());
      const attempt = await whileBeating(
        deps.gateway.attempt({
          path: test.path,
          amountBaseUnits: BigInt(test.amount),
          memo: memoOf(test.testId),
          idempotencyKey: test.testId,
        }),
        HEARTBEAT_MS,
      );
      return { outcome: await settle(deps, test, attempt, afterDoubt), firedAtMs };
    },
  };
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
