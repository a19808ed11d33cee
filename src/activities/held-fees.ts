// A fee event carries no memo and may come before its transfer is known: it is kept in memory for a
// while, without holding the watermark; what a crash loses of it, the close looks back for.
import type { StoredEvent } from '../domain/event.js';

export interface HeldFee {
  readonly stored: StoredEvent;
  readonly seenAtMs: number;
}

export interface HeldFees {
  hold(fee: HeldFee): void;
  /** All that wait, oldest first; those older than the wait are dropped on the way. */
  waiting(nowMs: number): readonly HeldFee[];
  release(fee: HeldFee): void;
}

/** More than this cannot wait at once; the oldest gives way. */
const HELD_MAX = 10_000;

/** Keeps each fee at most `waitMs` milliseconds. */
export function createHeldFees(waitMs: number): HeldFees {
  const held = new Set<HeldFee>();
  return {
    hold(fee) {
      held.add(fee);
      const [oldest] = held;
      if (held.size > HELD_MAX && oldest !== undefined) held.delete(oldest);
    },
    waiting(nowMs) {
      for (const fee of held) {
        if (nowMs - fee.seenAtMs <= waitMs) break;
        held.delete(fee);
      }
      return [...held];
    },
    release(fee) {
      held.delete(fee);
    },
  };
}
