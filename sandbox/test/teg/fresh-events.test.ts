// The relay's shortcut never skips a position: where one is missing, the outbox has to be read.
import { expect, test } from 'vitest';
import { createFreshEvents } from '../../src/teg/fresh-events.js';
import type { OutboxEvent } from '../../src/teg/outbox.js';

const event = (position: number): OutboxEvent => ({
  position,
  eventType: 'SupplyMarker',
  transferId: null,
  envelope: `{"position":${position}}`,
  scope: { frame: 'A' },
});
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

interface Case {
  /** Transactions in the order in which their commits were heard of. */
  readonly told: readonly (readonly number[])[];
  readonly after: number;
  readonly limit?: number;
  readonly given: readonly number[];
}

const CASES: Readonly<Record<string, Case>> = {
  'nothing was told': { told: [], after: 0, given: [] },
  'what follows is given in order': { told: [[1, 2], [3]], after: 0, given: [1, 2, 3] },
  'what is published already is not given again': { told: [[1, 2], [3]], after: 2, given: [3] },
  'commits heard of in the wrong order': { told: [[3], [1, 2]], after: 0, given: [1, 2, 3] },
  'nothing is given across a gap': { told: [[1], [3]], after: 0, given: [1] },
  'nothing is given behind a gap': { told: [[3, 4]], after: 1, given: [] },
  'no more than the limit': { told: [range(1, 9)], after: 0, limit: 4, given: [1, 2, 3, 4] },
  'what is too much is left to the outbox': {
    told: [range(1, 2_000), [2_001]],
    after: 0,
    given: [],
  },
};

test.each(Object.entries(CASES))('%s', (_, { told, after, limit = 5_000, given }) => {
  const fresh = createFreshEvents();
  for (const positions of told) fresh.add(positions.map(event));
  expect(fresh.after(after, limit)).toEqual(given.map(event));
});
