// Events that have just been committed, kept for the relay so that it need not read them back.
import type { OutboxEvent } from './outbox.js';

export interface FreshEvents {
  add(events: readonly OutboxEvent[]): void;
  /** Those that follow `position` without a gap, at most so many; what came before is let go. */
  after(position: number, limit: number): readonly OutboxEvent[];
}

/** While the pipe is away it holds no more than this; the outbox has them all. */
const MAX_KEPT = 2_000;

export function createFreshEvents(): FreshEvents {
  const kept = new Map<number, OutboxEvent>();
  return {
    add: (events) => {
      if (kept.size + events.length > MAX_KEPT) kept.clear();
      for (const event of events) kept.set(event.position, event);
    },
    after: (position, limit) => {
      for (const past of kept.keys()) if (past <= position) kept.delete(past);
      const next: OutboxEvent[] = [];
      for (let event = kept.get(position + 1); event; event = kept.get(event.position + 1)) {
        if (next.length === limit) break;
        next.push(event);
      }
      return next;
    },
  };
}
