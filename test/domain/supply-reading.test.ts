// Positions in whatever order they come: each folded once, gaps waited for and then given up.
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { SupplyEvent } from '../../src/domain/supply-event.js';
import {
  advanceTo,
  NOTHING_READ,
  type Reading,
  takeEvents,
} from '../../src/domain/supply-reading.js';
import { headOf } from './supply-samples.js';

const event = (position: number): SupplyEvent => ({ ...headOf('A', position), kind: 'marker' });
const positions = (events: readonly SupplyEvent[]) => events.map(({ id }) => id.position);

/** What comes at which moment, how far is asked, and since when a gap counts as lost. */
interface Case {
  readonly takes: readonly (readonly [atMs: number, ...positions: number[]])[];
  readonly through: number;
  readonly lostSinceMs?: number;
  readonly folded: readonly number[];
  readonly reached: boolean;
  readonly missing?: readonly number[];
  readonly givenUp?: readonly number[];
  readonly repeated?: readonly number[];
}

const CASES: Readonly<Record<string, Case>> = {
  'in order': { takes: [[0, 1, 2, 3]], through: 3, folded: [1, 2, 3], reached: true },
  'only up to the cut': { takes: [[0, 1, 2, 3]], through: 2, folded: [1, 2], reached: true },
  'out of order': {
    takes: [
      [0, 3, 1],
      [5, 2],
    ],
    through: 3,
    folded: [1, 2, 3],
    reached: true,
  },
  'not there yet': { takes: [[0, 1]], through: 2, folded: [1], reached: false },
  'a gap holds the fold': {
    takes: [[0, 1, 3]],
    through: 3,
    folded: [1],
    reached: false,
    missing: [2],
  },
  'a gap that is too old is given up': {
    takes: [[0, 1, 4]],
    through: 4,
    lostSinceMs: 0,
    folded: [1, 4],
    givenUp: [2, 3],
    reached: true,
  },
  'a gap keeps the moment of its first miss': {
    takes: [
      [7, 1, 3],
      [90, 4],
    ],
    through: 4,
    lostSinceMs: 7,
    folded: [1, 3, 4],
    givenUp: [2],
    reached: true,
  },
  'a gap that is younger holds it': {
    takes: [
      [7, 1, 3],
      [90, 4],
    ],
    through: 4,
    lostSinceMs: 6,
    folded: [1],
    reached: false,
    missing: [2],
  },
  'the cut itself is missing, a marker after it shows that': {
    takes: [[0, 1, 3]],
    through: 2,
    lostSinceMs: 0,
    folded: [1],
    givenUp: [2],
    reached: true,
  },
  'again, before and after the fold': {
    takes: [[0, 1, 2, 2]],
    through: 2,
    folded: [1, 2],
    reached: true,
    repeated: [2],
  },
};

describe('a reading', () => {
  for (const [name, one] of Object.entries(CASES)) {
    test(name, () => {
      let reading: Reading = NOTHING_READ;
      const repeated: number[] = [];
      for (const [atMs, ...taken] of one.takes) {
        const answer = takeEvents(reading, taken.map(event), atMs);
        reading = answer.reading;
        repeated.push(...positions(answer.repeated));
      }
      const advance = advanceTo(reading, one.through, one.lostSinceMs ?? -1);
      expect({
        folded: positions(advance.events),
        reached: advance.reached,
        missing: advance.reading.missing.map(({ position }) => position),
        givenUp: advance.givenUp,
        repeated,
      }).toEqual({
        folded: one.folded,
        reached: one.reached,
        missing: one.missing ?? [],
        givenUp: one.givenUp ?? [],
        repeated: one.repeated ?? [],
      });
    });
  }

  test('what was given up is folded when it comes, and is no repeat', () => {
    const { reading } = takeEvents(NOTHING_READ, [event(1), event(3)], 0);
    const lost = advanceTo(reading, 3, 0).reading;
    expect(lost.lost).toEqual([2]);
    const answer = takeEvents(lost, [event(2), event(2)], 50);
    expect(positions(answer.late)).toEqual([2]);
    expect(positions(answer.repeated)).toEqual([2]);
    expect(answer.reading.lost).toEqual([]);
  });
});

property.prop([fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7], { minLength: 7 }), fc.nat(7)])(
  'every arrival order folds each position once, in order, however it is batched',
  (order, split) => {
    const first = takeEvents(NOTHING_READ, order.slice(0, split).map(event), 0);
    const early = advanceTo(first.reading, 7, -1);
    const second = takeEvents(early.reading, order.slice(split).map(event), 0);
    const rest = advanceTo(second.reading, 7, -1);
    expect([...positions(early.events), ...positions(rest.events)]).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(rest.reached).toBe(true);
  },
);
