// Warm-up ends by a clean cycle once the gaps are closed, or by its limit, never before.
import { describe, expect, test } from 'vitest';
import { VALIDATED_EVENT_TYPES } from '../../src/domain/event.js';
import {
  gapsClosed,
  isWarmingUp,
  type ValidatorProgress,
  WARM_UP_MAX_MS,
  type WarmUpEnd,
  type WarmUpFacts,
  warmUpEnd,
} from '../../src/domain/warm-up.js';

const STARTED_AT_MS = 1_000_000;
const FACTS: WarmUpFacts = {
  nowMs: STARTED_AT_MS + 60_000,
  gapsClosed: true,
  cleanCycleStartedAtMs: STARTED_AT_MS + 5_000,
};

function check(facts: Partial<WarmUpFacts>, end: WarmUpEnd | undefined, endedAtMs?: number) {
  const warmUp = { startedAtMs: STARTED_AT_MS, endedAtMs };
  expect(warmUpEnd(warmUp, { ...FACTS, ...facts })).toBe(end);
}

test('ten minutes at most', () => expect(WARM_UP_MAX_MS).toBe(600_000));

describe('a running warm-up ends', () => {
  const atLimit = { nowMs: STARTED_AT_MS + WARM_UP_MAX_MS };
  const none = { cleanCycleStartedAtMs: undefined };
  test.each<readonly [string, Partial<WarmUpFacts>, WarmUpEnd | undefined]>([
    ['gaps closed and a clean cycle', {}, 'clean_cycle'],
    ['a clean cycle that began with it', { cleanCycleStartedAtMs: STARTED_AT_MS }, 'clean_cycle'],
    ['not with gaps open', { gapsClosed: false }, undefined],
    ['not without a clean cycle', none, undefined],
    [
      'not by a cycle from before the restart',
      { cleanCycleStartedAtMs: STARTED_AT_MS - 1 },
      undefined,
    ],
    ['not a millisecond before the limit', { ...none, nowMs: atLimit.nowMs - 1 }, undefined],
    ['at the limit, gaps or no gaps', { ...none, ...atLimit, gapsClosed: false }, 'time_limit'],
    ['by the cycle rather than the limit', atLimit, 'clean_cycle'],
  ])('%s', (_, facts, end) => check(facts, end));

  test('only once', () => check({}, undefined, STARTED_AT_MS + 30_000));
});

describe('a test is of a warm-up', () => {
  test.each([
    ['while it runs', {}, 1, true],
    ['not once it has ended', { endedAtMs: STARTED_AT_MS + 1 }, 1, false],
    ['not a millisecond beyond its limit, though nobody has ended it', {}, 0, false],
  ])('%s', (_, over, leftMs, warm) => {
    const warmUp = { startedAtMs: STARTED_AT_MS, endedAtMs: undefined, ...over };
    expect(isWarmingUp(warmUp, STARTED_AT_MS + WARM_UP_MAX_MS - leftMs)).toBe(warm);
  });

  test('not where there never was one', () => expect(isWarmingUp(undefined, 0)).toBe(false));
});

describe('the gaps are closed', () => {
  const FRAMES = ['A', 'B'];
  const all: readonly ValidatorProgress[] = FRAMES.flatMap((frame) =>
    VALIDATED_EVENT_TYPES.map((eventType) => ({
      frame,
      eventType,
      caughtUp: true,
      reportedAtMs: STARTED_AT_MS,
    })),
  );
  const [first, ...rest] = all;
  if (first === undefined) throw new Error('no validator');
  test.each<readonly [string, readonly ValidatorProgress[], boolean]>([
    ['when every validator has caught up', all, true],
    ['not while one is behind', [{ ...first, caughtUp: false }, ...rest], false],
    ['not while one has not reported', rest, false],
    [
      'not by what one said before the restart',
      [{ ...first, reportedAtMs: STARTED_AT_MS - 1 }, ...rest],
      false,
    ],
    ['whatever is left of a frame that is gone', [...all, { ...first, frame: 'Z' }], true],
    ['whatever a gone frame last said', [...all, { ...first, frame: 'Z', caughtUp: false }], true],
    ['not without any', [], false],
  ])('%s', (_, said, closed) => {
    const warmUp = { startedAtMs: STARTED_AT_MS, endedAtMs: undefined };
    expect(gapsClosed(warmUp, FRAMES, said)).toBe(closed);
  });
});
