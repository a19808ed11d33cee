// Faults after the store: what subscribers get of an event while the log stays whole.
import { type FaultEngine, type FaultScope, numberParam } from '../service/faults.js';

export interface Fates {
  /** Calls `deliver` as the active faults have it: at once, never, twice, late, or out of order. */
  meet(scope: FaultScope, deliver: () => void): void;
  /** Forgets what is delayed or held. */
  close(): void;
}

const DEFAULT_DELAY_MS = 5_000;

/** A held event is delivered after its successor, or after this time without one. */
const LONGEST_HOLD_MS = 2_000;

export function createFates(faults: FaultEngine): Fates {
  const timers = new Set<NodeJS.Timeout>();
  const held = new Set<() => void>();

  function later(waitMs: number, run: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, waitMs);
    timers.add(timer);
  }

  function hold(deliver: () => void): void {
    const release = () => {
      if (held.delete(release)) deliver();
    };
    held.add(release);
    later(LONGEST_HOLD_MS, release);
  }

  function deliverNow(scope: FaultScope, deliver: () => void): void {
    const waiting = [...held];
    deliver();
    if (faults.hit('duplicate_event', scope)) deliver();
    for (const release of waiting) release();
  }

  return {
    meet: (scope, deliver) => {
      if (faults.hit('drop_event', scope)) return;
      const delay = faults.hit('delay_event', scope);
      if (delay) return later(numberParam(delay, 'delay_ms', DEFAULT_DELAY_MS), deliver);
      if (faults.hit('reorder_event', scope)) return hold(deliver);
      deliverNow(scope, deliver);
    },
    close: () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      held.clear();
    },
  };
}
