// A feed in memory that a test can take away, make deaf, or replace by another log.
import { PlatformUnavailableError } from '../../src/adapters/platform-unavailable-error.js';
import type { FeedKind } from '../../src/domain/feed-kind.js';
import type { EventFeed, FeedOptions, StreamState } from '../../src/ports.js';
import { createMemoryFeed, type MemoryFeed } from './memory-feed.js';

export interface SwitchedFeed extends MemoryFeed {
  /** Polls throw, and the stream is closed. */
  setAway(isAway: boolean): void;
  /** The stream stays open and brings nothing; polls go on. */
  setDeaf(isDeaf: boolean): void;
  /** Tells the subscribers a state of the stream. */
  setState(state: StreamState): void;
  /** What was there is gone, and places count from the beginning. */
  replaceLog(): void;
  /** How many subscriptions are open. */
  subscriptions(): number;
}

export function createSwitchedFeed(kind: FeedKind): SwitchedFeed {
  let log = createMemoryFeed(kind);
  let away = false;
  let deaf = false;
  const open = new Set<FeedOptions>();

  function unlessAway(): void {
    if (away) throw new PlatformUnavailableError('A', `memory:${kind}`, 'switched off');
  }

  const feed: EventFeed = {
    kind,
    async subscribe(options) {
      open.add(options);
      const heard = {
        ...options,
        onEvent: (raw: Parameters<FeedOptions['onEvent']>[0]) => {
          if (!deaf && !away) options.onEvent(raw);
        },
      };
      let current = { log, subscription: await log.subscribe(heard) };
      return {
        async poll(after, limit) {
          unlessAway();
          if (current.log !== log) current = { log, subscription: await log.subscribe(heard) };
          return current.subscription.poll(after, limit);
        },
        async close() {
          open.delete(options);
          await current.subscription.close();
        },
      };
    },
    async positionBefore(timeMs) {
      unlessAway();
      return log.positionBefore(timeMs);
    },
    parse: (raw) => log.parse(raw),
  };

  return {
    ...feed,
    publish: (...event) => log.publish(...event),
    setAway(isAway) {
      away = isAway;
      for (const { onState } of open) onState(isAway ? 'closed' : 'open');
    },
    setState(state) {
      for (const { onState } of open) onState(state);
    },
    setDeaf(isDeaf) {
      deaf = isDeaf;
    },
    replaceLog() {
      log = createMemoryFeed(kind);
    },
    subscriptions: () => open.size,
  };
}
