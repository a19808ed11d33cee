// The plan of a cycle: which tests it fires, with ids that a second planning would give again.
import { type BaseUnits, feeOf } from './amount.js';
import type { Backend } from './backend.js';
import type { Path } from './path.js';
import type { CanaryTest, Deadlines } from './test.js';
import type { PausedPath } from './window.js';

export interface CyclePlan {
  readonly cycleId: string;
  readonly startedAtMs: number;
  readonly spreadMs: number;
  readonly tests: readonly CanaryTest[];
  /** The paths that would have been fired as well; absent means none. */
  readonly paused?: readonly PausedPath[];
}

export interface PlanSettings {
  readonly amountBaseUnits: bigint;
  readonly feeBasisPoints: number;
  readonly deadlines: Readonly<Record<Backend, Deadlines>>;
}

/** The test of a path in a cycle; its id derives from both, so it can be fired only once. */
export function planTest(
  cycleId: string,
  path: Path,
  settings: PlanSettings,
  warmUp: boolean,
  maintenance = false,
): CanaryTest {
  const amount: BaseUnits = settings.amountBaseUnits.toString();
  return {
    testId: `${cycleId}-${path.id}`,
    cycleId,
    path,
    amount,
    fee: feeOf(settings.amountBaseUnits, settings.feeBasisPoints).toString(),
    deadlines: settings.deadlines[path.backend],
    warmUp,
    ...(maintenance ? { maintenance } : {}),
  };
}

/** When a cycle fires its nth test: spread evenly, so that load and noise do not bunch. */
export function dueAtMs(plan: CyclePlan, index: number): number {
  return plan.startedAtMs + Math.floor((plan.spreadMs * index) / plan.tests.length);
}
