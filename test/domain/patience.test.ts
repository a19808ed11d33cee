// How long a close waits: for expected stamps, for an EventStore that is away, for a verdict.
import { describe, expect, test } from 'vitest';
import {
  askedUntilMs,
  expectedUntilMs,
  LOST_AFTER_MS,
  lostAtMs,
} from '../../src/domain/patience.js';
import { SHAPES, testOf } from './builders.js';

const SOFT_MS = 10_000;
const FINAL_MS = 60_000;
const ONE = testOf(SHAPES.intra, { deadlines: { softMs: SOFT_MS, finalMs: FINAL_MS } });

describe('a test with a verdict', () => {
  test.each([
    ['counts from its fire', 5_000, 5_000],
    ['counts from its verdict where nobody knows of a fire', undefined, 9_000],
  ])('%s', (_, firedAtMs, fromMs) => {
    const times = { firedAtMs, decidedAtMs: 9_000 };
    expect(expectedUntilMs(ONE, times)).toBe(fromMs + SOFT_MS);
    expect(askedUntilMs(ONE, times)).toBe(fromMs + SOFT_MS + FINAL_MS);
  });
});

describe('a test without a verdict is given up', () => {
  const STARTED = { startedByMs: 40_000, firedAtMs: undefined, lookedSinceMs: 40_000 };
  test.each([
    ['two final deadlines after the last start, for the fire may take one', {}, 160_000],
    ['a final deadline after its own fire', { firedAtMs: 1_000 }, 61_000],
    ['later when it was fired late', { firedAtMs: 500_000 }, 560_000],
    ['never before somebody has looked for a while', { lookedSinceMs: 900_000 }, 900_000],
  ])('%s', (_, times, atMs) => {
    expect(lostAtMs(ONE, { ...STARTED, ...times })).toBe(atMs + LOST_AFTER_MS);
  });
});
