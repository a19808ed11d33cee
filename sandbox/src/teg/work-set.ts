// Work on transfers that runs beside the requests: each transfer at most once at a time, and
// not more of them together than the limit.
import type { Logger } from '../service/logger.js';

export interface WorkSet {
  /**
   * Starts the work on an id, unless it is being worked on or the set is full. Nothing is
   * queued: what is not taken is due in the database, and `onRoom` is told when there is room.
   */
  offer(id: string): void;
  /** Takes nothing more and waits for what is running. */
  close(): Promise<void>;
}

export function createWorkSet(options: {
  readonly limit: number;
  readonly logger: Logger;
  readonly work: (id: string) => Promise<void>;
  /** There is room again for what was not taken. */
  readonly onRoom: () => void;
}): WorkSet {
  const running = new Map<string, Promise<void>>();
  let isClosed = false;
  let wasFull = false;
  const start = async (id: string) => {
    try {
      await options.work(id);
    } catch (error) {
      options.logger.warn({ err: error, transfer_id: id }, 'background work failed');
    } finally {
      running.delete(id);
      if (wasFull && !isClosed) {
        wasFull = false;
        options.onRoom();
      }
    }
  };
  return {
    offer: (id) => {
      if (isClosed || running.has(id)) return;
      wasFull ||= running.size >= options.limit;
      if (running.size >= options.limit) return;
      running.set(id, start(id));
    },
    close: async () => {
      isClosed = true;
      await Promise.all(running.values());
    },
  };
}
