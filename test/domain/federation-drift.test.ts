// Drift between two frames, in count and time.
import { expect, test } from 'vitest';
import { driftOf, type EventCount } from '../../src/domain/federation-drift.js';

const NONE: EventCount = { events: 0, newestAtMs: undefined };
const upTo = (events: number, newestAtMs: number): EventCount => ({ events, newestAtMs });

test.each([
  ['nothing on either side', NONE, NONE, 0, 0],
  ['all received', upTo(7, 1_000), upTo(7, 1_000), 0, 0],
  ['two on their way', upTo(5, 1_000), upTo(7, 4_500), 2, 3_500],
  ['one lost, later ones received', upTo(6, 4_500), upTo(7, 4_500), 1, 0],
  ['nothing received yet', NONE, upTo(1, 1_000), 1, Number.POSITIVE_INFINITY],
  ['out of order: the newest came first', upTo(1, 5_000), upTo(2, 4_000), 1, 0],
  ['received what was never emitted', upTo(8, 9_000), upTo(7, 4_500), -1, 0],
])('%s', (_what, received, emitted, events, behindMs) => {
  expect(driftOf(received, emitted)).toEqual({ events, behindMs });
});
