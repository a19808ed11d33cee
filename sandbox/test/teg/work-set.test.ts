// Background work is bounded, never twice on one id, and what found no room is asked for again.
import { expect, test } from 'vitest';
import { createLogger } from '../../src/service/logger.js';
import { createWorkSet } from '../../src/teg/work-set.js';

const LIMIT = 2;

/** A set whose pieces of work end when told; `offers` are the ids that were offered in order. */
function createScene() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  let rooms = 0;
  const set = createWorkSet({
    limit: LIMIT,
    logger: createLogger('test', 'silent'),
    work: (id) => {
      started.push(id);
      return new Promise((resolve) => ends.set(id, resolve));
    },
    onRoom: () => {
      rooms += 1;
    },
  });
  const end = async (id: string) => {
    ends.get(id)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { set, started, end, rooms: () => rooms };
}

interface Case {
  readonly offers: readonly string[];
  readonly ends: readonly string[];
  readonly started: readonly string[];
  readonly rooms: number;
}

const CASES: Readonly<Record<string, Case>> = {
  'room for all': { offers: ['a', 'b'], ends: ['a', 'b'], started: ['a', 'b'], rooms: 0 },
  'an id is worked on once at a time': { offers: ['a', 'a'], ends: [], started: ['a'], rooms: 0 },
  'no more than the limit': { offers: ['a', 'b', 'c'], ends: [], started: ['a', 'b'], rooms: 0 },
  'room is told once to what was not taken': {
    offers: ['a', 'b', 'c', 'd'],
    ends: ['a', 'b'],
    started: ['a', 'b'],
    rooms: 1,
  },
};

test.each(Object.entries(CASES))('%s', async (_, { offers, ends, started, rooms }) => {
  const scene = createScene();
  for (const id of offers) scene.set.offer(id);
  for (const id of ends) await scene.end(id);
  expect(scene.started).toEqual(started);
  expect(scene.rooms()).toBe(rooms);
});
