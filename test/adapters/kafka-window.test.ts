// The window of a Kafka subscription against a model: however fetches, polls and jumps mix, a page
// holds exactly the events up to its proof.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKafkaWindow, type WindowEvent } from '../../src/adapters/kafka-window.js';

type Step =
  /** A fetch of some records, begun some offsets before the next one. */
  | { readonly kind: 'fetch'; readonly records: number; readonly back: number }
  /** A poll after the last proof, moved by some offsets. */
  | { readonly kind: 'poll'; readonly limit: number; readonly move: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('fetch'),
    records: fc.integer({ min: 1, max: 8 }),
    back: fc.nat({ max: 3 }),
  } as const),
  fc.record({
    kind: fc.constant('poll'),
    limit: fc.integer({ min: 1, max: 5 }),
    move: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: -10, max: 10 })),
  } as const),
);

/** Which records of the topic are of the subscribed type. */
const topic = fc.array(fc.boolean(), { minLength: 1, maxLength: 60 });

test('no mixture of fetches, polls and jumps leaves a gap or brings an event twice', () => {
  const cases = fc.record({
    ours: topic,
    start: fc.integer({ min: -1, max: 10 }),
    steps: fc.array(anyStep, { maxLength: 60 }),
  });
  fc.assert(
    fc.property(cases, ({ ours, start, steps }) => {
      const window = createKafkaWindow(start);
      let place = start;
      for (const step of steps) {
        if (step.kind === 'fetch') {
          const first = Math.max(0, window.next() - step.back);
          const last = Math.min(first + step.records, ours.length) - 1;
          if (last < first) continue;
          const before = window.next();
          const events = eventsBetween(ours, first - 1, last);
          const fresh = window.take({
            firstOffset: first,
            lastOffset: last,
            logEnd: ours.length,
            events,
          });
          expect(fresh).toEqual(eventsBetween(ours, before - 1, last));
        } else {
          const after = Math.max(-1, place + step.move);
          if (!window.covers(after)) window.rewind(after);
          const page = window.page(after, step.limit);
          expect(page.events.length).toBeLessThanOrEqual(step.limit);
          expect(page.events).toEqual(eventsBetween(ours, after, page.through));
          expect(page.through).toBeGreaterThanOrEqual(after);
          expect(page.through).toBeLessThan(window.next());
          place = page.through;
        }
      }
    }),
    { numRuns: 500 },
  );
});

function eventsBetween(ours: readonly boolean[], after: number, through: number): WindowEvent[] {
  return ours.flatMap((isOurs, offset) =>
    isOurs && offset > after && offset <= through ? [{ text: String(offset), offset }] : [],
  );
}
