// A canary test: one transfer of one path in one cycle, as registered before it is fired.
import type { BaseUnits } from './amount.js';
import type { Path } from './path.js';

/** Slot and path in one text: `20261123T183000Z-A1.1-B1.1-async`. */
export type TestId = string;

export interface CanaryTest {
  readonly testId: TestId;
  readonly cycleId: string;
  readonly path: Path;
  readonly amount: BaseUnits;
  /** What the platform must charge for it, by the fee rule. */
  readonly fee: BaseUnits;
  readonly deadlines: Deadlines;
  readonly warmUp: boolean;
  /** Whether it was planned in a maintenance window; absent means not. */
  readonly maintenance?: boolean | undefined;
}

/** Milliseconds after the fire: `soft` flags a test as late, `final` ends the wait. */
export interface Deadlines {
  readonly softMs: number;
  readonly finalMs: number;
}

/** Where a registered test stands, as the shared store keeps it. */
export interface RegisteredTest extends CanaryTest {
  /** When the first attempt left us, epoch milliseconds; `undefined` before. */
  readonly firedAtMs: number | undefined;
}

/** `20261123T183000Z`: a slot (or the moment of a fire by hand) in ids. */
export function slotLabel(slotMs: number): string {
  return new Date(slotMs)
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d{3}/, '');
}
