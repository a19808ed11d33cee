// The small waits: a bell that forgets no ring, a back-off that grows, signals that end work.
import { describe, expect, test } from 'vitest';
import { createBackOff, sleep } from '../../src/service/back-off.js';
import { createBell } from '../../src/service/bell.js';
import { withSignal } from '../../src/service/with-signal.js';

const NEVER_MS = 2 ** 30;

describe('a bell', () => {
  test('wakes who waits, and whoever comes after an unheard ring', async () => {
    const bell = createBell();
    const waiting = bell.wait(NEVER_MS);
    bell.ring();
    await waiting;
    bell.ring();
    await bell.wait(NEVER_MS);
  });

  test('is silent again after it was heard', async () => {
    const bell = createBell();
    bell.ring();
    await bell.wait(NEVER_MS);
    let isOver = false;
    const second = bell.wait(NEVER_MS).then(() => {
      isOver = true;
    });
    await sleep(20);
    expect(isOver).toBe(false);
    bell.ring();
    await second;
  });

  test('lets nobody wait longer than the limit', async () => {
    await createBell().wait(1);
  });
});

test('a back-off wakes at once when it is aborted', async () => {
  const backOff = createBackOff(() => 0.5, NEVER_MS);
  const stop = new AbortController();
  for (let round = 0; round < 40; round += 1) {
    const waiting = backOff.wait(stop.signal);
    stop.abort();
    await waiting;
  }
});

describe('work under signals', () => {
  test.each(['stop', 'deadline', 'stopped before'])('ends by: %s', async (reason) => {
    const stop = new AbortController();
    if (reason === 'stopped before') stop.abort();
    const limits = { stop: [undefined, stop.signal], limitMs: reason === 'deadline' ? 1 : 1e6 };
    const work = withSignal(limits, async (signal) => {
      if (!signal.aborted) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      }
      return 'ended';
    });
    if (reason === 'stop') stop.abort();
    expect(await work).toBe('ended');
  });
});
