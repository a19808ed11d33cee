// The fault engine: scope, probability, count and duration decide whether a fault strikes.
import { describe, expect, test } from 'vitest';
import { createFaultEngine, type FaultScope, type FaultSpec } from '../../src/service/faults.js';

const SCOPE: FaultScope = {
  frame: 'A',
  eventType: 'TokensTransferred',
  backend: '2pc',
  sender: 'A1:canary-1',
  receiver: 'B1:canary-1',
  memoPrefix: 'cross_registry:canary-7',
  to: 'B',
};

describe('a fault strikes where its scope matches', () => {
  test.each<[Omit<FaultSpec, 'kind'>, boolean]>([
    [{}, true],
    [{ frame: 'A', eventType: 'TokensTransferred' }, true],
    [{ frame: 'B' }, false],
    [{ eventType: 'TokensIssued' }, false],
    [{ backend: '2pc', sender: 'A1:canary-1', receiver: 'B1:canary-1' }, true],
    [{ backend: 'async' }, false],
    [{ sender: 'A1:canary-2' }, false],
    [{ receiver: 'A1:canary-1' }, false],
    [{ memoPrefix: 'canary-7' }, true],
    [{ memoPrefix: 'cross_registry:canary-' }, true],
    [{ memoPrefix: 'canary-8' }, false],
    [{ params: { to: 'B' } }, true],
    [{ params: { to: 'C' } }, false],
  ])('%j: %s', (spec, strikes) => {
    const { faults } = engine();
    faults.add({ ...spec, kind: 'cut_broadcast' });
    expect(faults.hit('cut_broadcast', SCOPE) !== undefined).toBe(strikes);
  });

  test('and only by its own kind, and not without what it is limited to', () => {
    const { faults } = engine();
    faults.add({ kind: 'drop_event', memoPrefix: 'canary-' });
    expect(faults.hit('delay_event', SCOPE)).toBeUndefined();
    expect(faults.hit('drop_event', { frame: 'A' })).toBeUndefined();
  });
});

test('a count is used up, and the used-up fault is gone', () => {
  const { faults } = engine();
  faults.add({ kind: 'drop_event', count: 2 });
  const hits = [1, 2, 3].map(() => faults.hit('drop_event', SCOPE)?.hits);
  expect(hits).toEqual([1, 2, undefined]);
  expect(faults.list()).toEqual([]);
});

test('a duration ends by the clock', () => {
  const { faults, advance } = engine();
  faults.add({ kind: 'drop_event', durationMs: 100 });
  expect(faults.hit('drop_event', SCOPE)?.expiresAt).toBe('1970-01-01T00:00:00.100Z');
  advance(99);
  expect(faults.hit('drop_event', SCOPE)).toBeDefined();
  advance(1);
  expect(faults.hit('drop_event', SCOPE)).toBeUndefined();
  expect(faults.list()).toEqual([]);
});

test('a probability is drawn at each hit; what is not drawn does not count', () => {
  const draws = [0.5, 0.49, 0.9, 0];
  const { faults } = engine(() => draws.shift() ?? 1);
  faults.add({ kind: 'drop_event', probability: 0.5, count: 2 });
  const hits = [1, 2, 3, 4].map(() => faults.hit('drop_event', SCOPE)?.hits);
  expect(hits).toEqual([undefined, 1, undefined, 2]);
});

test('removed and cleared faults strike no more', () => {
  const { faults } = engine();
  const { id } = faults.add({ kind: 'drop_event' });
  faults.add({ kind: 'delay_event' });
  expect([faults.remove(id), faults.remove(id)]).toEqual([true, false]);
  expect(faults.list().map((fault) => fault.kind)).toEqual(['delay_event']);
  faults.clear();
  expect(faults.hit('delay_event', SCOPE)).toBeUndefined();
});

function engine(random: () => number = () => 0) {
  let nowMs = 0;
  return {
    faults: createFaultEngine({ clock: { nowMs: () => nowMs }, random }),
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
}
