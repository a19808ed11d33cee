// The path matrix: exact where the design gives figures, by formula for every other topology.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Topology } from '../../src/domain/frame.js';
import { derivePaths, topologyOf as kindOf } from '../../src/domain/path.js';
import { REFERENCE, topologyOf } from './builders.js';

const anyTopology: fc.Arbitrary<Topology> = fc
  .record({
    registriesPerFrame: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
    agents: fc.integer({ min: 1, max: 5 }),
    lanes: fc.integer({ min: 1, max: 5 }),
  })
  .filter(({ agents, lanes }) => lanes <= agents)
  .map(({ registriesPerFrame, agents, lanes }) => {
    const frames = registriesPerFrame.map((count, index) => {
      const frame = String.fromCharCode(65 + index);
      return [frame, Array.from({ length: count }, (_, one) => `${frame}${one + 1}`)] as const;
    });
    return topologyOf(Object.fromEntries(frames), agents, lanes);
  });

function registryCount(topology: Topology): number {
  return topology.frames.reduce((sum, frame) => sum + frame.registries.length, 0);
}

function check(
  topology: Topology,
  counts: readonly [intra: number, async: number, twoPhase: number],
) {
  const paths = derivePaths(topology);
  const count = (backend: string) => paths.filter((path) => path.backend === backend).length;
  expect([count('intra'), count('async'), count('2pc')]).toEqual(counts);
}

describe('how many paths a topology has', () => {
  test.each([
    ['the reference: A1, A2 and B1', REFERENCE, [6, 12, 12]],
    ['A1 and A2 alone', topologyOf({ A: ['A1', 'A2'] }), [4, 4, 4]],
    ['two frames of one registry each', topologyOf({ A: ['A1'], B: ['B1'] }), [4, 4, 4]],
    ['one registry', topologyOf({ A: ['A1'] }), [2, 0, 0]],
    ['one registry with one agent', topologyOf({ A: ['A1'] }, 1, 1), [0, 0, 0]],
    ['one agent each', topologyOf({ A: ['A1'], B: ['B1'] }, 1, 1), [0, 2, 2]],
    ['one lane of two agents', topologyOf({ A: ['A1', 'A2'], B: ['B1'] }, 2, 1), [3, 6, 6]],
    ['three frames', topologyOf({ A: ['A1'], B: ['B1'], C: ['C1'] }), [6, 12, 12]],
    ['no frame at all', topologyOf({}), [0, 0, 0]],
  ] as const)('%s', (_, topology, counts) => check(topology, counts));

  test('the formula holds for every topology', () => {
    fc.assert(
      fc.property(anyTopology, (topology) => {
        const registries = registryCount(topology);
        const agents = topology.frames[0]?.registries[0]?.agents.length ?? 0;
        const pairs = registries * (registries - 1) * topology.lanes;
        check(topology, [agents < 2 ? 0 : registries * topology.lanes, pairs, pairs]);
      }),
    );
  });
});

describe('which paths', () => {
  test('the reference, by id and in order', () => {
    const ids = derivePaths(REFERENCE).map((path) => path.id);
    expect(ids.filter((id) => id.endsWith('-intra'))).toEqual([
      'A1.1-A1.2-intra',
      'A1.2-A1.1-intra',
      'A2.1-A2.2-intra',
      'A2.2-A2.1-intra',
      'B1.1-B1.2-intra',
      'B1.2-B1.1-intra',
    ]);
    const pairs = ['A1-A2', 'A1-B1', 'A2-A1', 'A2-B1', 'B1-A1', 'B1-A2'];
    const lanes = (backend: string) =>
      pairs.flatMap((pair) =>
        [1, 2].map((lane) => `${pair.replace('-', `.${lane}-`)}.${lane}-${backend}`),
      );
    expect(ids.slice(6)).toEqual([...lanes('async'), ...lanes('2pc')]);
  });

  test('three agents in two lanes: lane i pays agent i mod n + 1', () => {
    const paths = derivePaths(topologyOf({ A: ['A1'] }, 3, 2));
    expect(paths.map(({ sender, receiver }) => [sender, receiver])).toEqual([
      ['A1:canary-1', 'A1:canary-2'],
      ['A1:canary-2', 'A1:canary-3'],
    ]);
  });

  test('a path says where its ends live', () => {
    const path = derivePaths(REFERENCE).find((one) => one.id === 'A2.1-B1.1-2pc');
    expect(path).toEqual({
      id: 'A2.1-B1.1-2pc',
      backend: '2pc',
      sender: 'A2:canary-1',
      receiver: 'B1:canary-1',
      senderRegistry: 'A2',
      receiverRegistry: 'B1',
      senderFrame: 'A',
      receiverFrame: 'B',
    });
  });

  test('ids are unique, the order is stable, nobody pays himself, intra stays inside', () => {
    fc.assert(
      fc.property(anyTopology, (topology) => {
        const paths = derivePaths(topology);
        expect(new Set(paths.map((path) => path.id)).size).toBe(paths.length);
        expect(derivePaths(structuredClone(topology))).toEqual(paths);
        const wrong = paths.filter((path) => {
          const inside = path.senderRegistry === path.receiverRegistry;
          const sameFrame = path.senderFrame === path.receiverFrame;
          return (
            path.sender === path.receiver ||
            inside !== (path.backend === 'intra') ||
            kindOf(path) !== (sameFrame ? 'same_frame' : 'cross_frame')
          );
        });
        expect(wrong).toEqual([]);
      }),
    );
  });

  test('a frame added at the end changes no path there was', () => {
    fc.assert(
      fc.property(anyTopology, (topology) => {
        const grown = {
          ...topology,
          frames: [
            ...topology.frames,
            { id: 'Z', registries: [{ id: 'Z1', agents: ['Z1:canary-1', 'Z1:canary-2'] }] },
          ],
        };
        const after = new Map(derivePaths(grown).map((path) => [path.id, path]));
        const before = derivePaths(topology);
        expect(before.map((path) => after.get(path.id))).toEqual(before);
      }),
    );
  });
});
