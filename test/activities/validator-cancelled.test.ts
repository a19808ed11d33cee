// A validator that is cancelled while it waits for a poll ends with its watermark, and leaves the
// others of its worker their turn.
import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, test } from 'vitest';
import { createValidateActivities } from '../../src/activities/validate-events.js';
import { createMatcher } from '../../src/domain/mark.js';
import { createMemoryFeed } from '../support/memory-feed.js';
import { createMemoryStamps } from '../support/memory-stamps.js';

/** One look at the clock for each round of each loop; a loop without a pause takes many more. */
const LOOKS_MAX = 1_000;
const POLL_MS = 200;

test('a validator cancelled during a poll', async () => {
  let looks = 0;
  const clock = {
    nowMs() {
      looks += 1;
      // Thrown, so that a loop that gives nobody a turn fails the case and does not hang it.
      if (looks > LOOKS_MAX) throw new Error(`more than ${LOOKS_MAX} looks at the clock`);
      return 1_000_000 + looks;
    },
  };
  const feed = createMemoryFeed();
  const slowFeed = {
    ...feed,
    async subscribe(options: Parameters<typeof feed.subscribe>[0]) {
      const subscription = await feed.subscribe(options);
      return {
        ...subscription,
        async poll(after: number, limit: number) {
          environment.cancel();
          await new Promise((resolve) => setTimeout(resolve, POLL_MS));
          return subscription.poll(after, limit);
        },
      };
    },
  };
  const { validateEvents } = createValidateActivities({
    clock,
    feeds: { A: slowFeed },
    board: { report: async () => undefined, states: async () => [] },
    stamps: createMemoryStamps(clock),
    tests: { signal: async () => 'closed' },
    recordLate: async () => 'recorded',
    matches: createMatcher(['canary-']),
    settings: { pollIntervalMs: 10, rotationMs: 600_000, feeWaitMs: 60_000, startBackMs: 1_000 },
    worker: 'w1',
    onTrouble: (_input, what, error) => {
      throw new Error(what, { cause: error });
    },
  });
  const environment = new MockActivityEnvironment();
  const input = { frame: 'A', eventType: 'TransactionFeeCollected', watermark: undefined } as const;
  expect(await environment.run(validateEvents, input)).toEqual({ feed: 'event-store', place: 0 });
  expect(looks).toBeLessThan(20);
});
