// Activities on a clock of the test's own: timers are fake, and run only as far as they are driven.
import type { Info } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { vi } from 'vitest';
import type { Clock } from '../../src/ports.js';

/** Wall-clock time as the fake timers have it. */
export const fakeClock: Clock = { nowMs: () => Date.now() };

const TIMERS_MAX = 100_000;

/** Stops time at a moment; `vi.useRealTimers` lets it go. */
export function stopTime(atMs: number): void {
  const toFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] as const;
  vi.useFakeTimers({ now: atMs, toFake: [...toFake] });
}

/** Does something at a moment of the fake clock. */
export function at(atMs: number, happen: () => unknown): void {
  setTimeout(() => void happen(), atMs - Date.now());
}

export interface ActivityRun<T> {
  readonly heartbeats: readonly unknown[];
  /** Runs time on until the activity ends. */
  toEnd(): Promise<T>;
  /** Kills the worker at a moment: nothing that the activity does after it counts any more. */
  cancelAt(atMs: number): void;
}

/** Begins an activity as a worker does; `info` is what Temporal says of the attempt. */
export function begin<Argument, T>(
  activity: (argument: Argument) => Promise<T>,
  argument: Argument,
  info: Partial<Info> = {},
): ActivityRun<T> {
  const environment = new MockActivityEnvironment(
    { scheduledTimestampMs: Date.now(), ...info },
    { logger: new DefaultLogger('ERROR') },
  );
  const heartbeats: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => heartbeats.push(details));
  let ended = false;
  const work: Promise<T> = environment.run<[Argument], T, typeof activity>(activity, argument);
  const end = () => {
    ended = true;
  };
  work.then(end, end);
  return {
    heartbeats,
    cancelAt: (atMs) => at(atMs, () => environment.cancel('TIMED_OUT')),
    async toEnd() {
      await vi.advanceTimersByTimeAsync(0);
      for (let left = TIMERS_MAX; !ended && left > 0; left -= 1) {
        await vi.advanceTimersToNextTimerAsync();
      }
      return work;
    },
  };
}
