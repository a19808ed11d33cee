// Samples that many tests share: the reference topology, a test of any path, a stamp of any frame.

import type { Topology } from '../../src/domain/frame.js';
import { derivePaths, type Path } from '../../src/domain/path.js';
import { planTest } from '../../src/domain/plan.js';
import type { Stamp, StampName } from '../../src/domain/stamp.js';
import type { CanaryTest } from '../../src/domain/test.js';

export const REFERENCE: Topology = {
  lanes: 2,
  frames: [
    {
      id: 'A',
      registries: [
        { id: 'A1', agents: ['A1:canary-1', 'A1:canary-2'] },
        { id: 'A2', agents: ['A2:canary-1', 'A2:canary-2'] },
      ],
    },
    { id: 'B', registries: [{ id: 'B1', agents: ['B1:canary-1', 'B1:canary-2'] }] },
  ],
};

const DEADLINES = { softMs: 10_000, finalMs: 60_000 };

export function pathById(id: string): Path {
  const path = derivePaths(REFERENCE).find((one) => one.id === id);
  if (path === undefined) throw new Error(`no path ${id} in the reference topology`);
  return path;
}

/** A planned test of a reference path; every call with another cycle gives another test. */
export function testOf(pathId: string, cycleId = '20261123T183000Z'): CanaryTest {
  const settings = {
    amountBaseUnits: 10_000n,
    feeBasisPoints: 10,
    deadlines: { intra: DEADLINES, async: DEADLINES, '2pc': DEADLINES },
  };
  return planTest(cycleId, pathById(pathId), settings, false);
}

let position = 0;

/** A stamp with an event id of its own, committed, stored and seen a few milliseconds apart. */
export function stampAt(name: StampName, frame: string, committedAtMs: number): Stamp {
  position += 1;
  return {
    name,
    frame,
    eventId: { producer: 'teg-a', position },
    transferId: 't-1',
    sourceFrame: 'A',
    originCommittedAtMs: committedAtMs,
    storedAtMs: committedAtMs + 3,
    seenAtMs: committedAtMs + 4,
  };
}
