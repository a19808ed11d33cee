// The only place of the sandbox that asks the machine for the time.

export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };

/** RFC 3339 UTC with milliseconds, as the contract spells times. */
export function timeText(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
