// Table 4a row by row, what completes a test, and the figures that the design derives from both.
import { describe, expect, test } from 'vitest';
import type { Backend } from '../../src/domain/backend.js';
import { closeTest } from '../../src/domain/closing.js';
import {
  decides,
  emittedEvents,
  expectedStamps,
  type FrameStamp,
  impossibleStamps,
  isRefundable,
  requirementOf,
  roleOf,
} from '../../src/domain/contract.js';
import { type FrameId, frameIds, type Topology } from '../../src/domain/frame.js';
import { derivePaths, type Path } from '../../src/domain/path.js';
import { timeMet } from '../../src/domain/requirement.js';
import { STAMP_NAMES, type StampName } from '../../src/domain/stamp.js';
import { decide } from '../../src/domain/verdict.js';
import {
  ACCEPTED,
  FRAMES,
  REFERENCE,
  SHAPE_NAMES,
  SHAPES,
  type Shape,
  stampAt,
  THREE_FRAMES,
  testOf,
  topologyOf,
} from './builders.js';
import { subsetsOf } from './exhaustive.js';
import {
  emissionsOf,
  type Fault,
  isCompleteByTheBook,
  stampRaised,
  storedEventsOf,
} from './platform.js';

type PerFrame = Readonly<Record<'A' | 'B' | 'C', readonly StampName[]>>;

/** Table 4a, copied by hand: A is S (and R within one frame), B is R across frames, C is O. */
const TABLE: Readonly<Record<Shape, PerFrame>> = {
  intra: { A: ['tokens_xfer', 'fee_collected'], B: [], C: [] },
  'async same frame': {
    A: ['tokens_xfer', 'fee_collected', 'cf_initiated', 'cf_settled_local'],
    B: ['cf_initiated', 'cf_settled_remote'],
    C: ['cf_initiated', 'cf_settled_remote'],
  },
  'async cross frame': {
    A: ['tokens_xfer', 'fee_collected', 'cf_initiated', 'cf_settled_remote'],
    B: ['cf_initiated', 'cf_settled_local'],
    C: ['cf_initiated', 'cf_settled_remote'],
  },
  '2pc same frame': { A: ['tokens_xfer', 'fee_collected'], B: [], C: [] },
  '2pc cross frame': {
    A: ['tokens_xfer', 'fee_collected', 'cf_settled_remote'],
    B: ['cf_settled_local'],
    C: ['cf_settled_remote'],
  },
};

const CF: readonly StampName[] = [
  'cf_initiated',
  'cf_settled_local',
  'cf_settled_remote',
  'cf_refunded',
];
const SENT: readonly StampName[] = ['tokens_xfer', 'fee_collected'];

/** The table's last column, copied by hand, with `cf_refunded` where only S of async can see it. */
const IMPOSSIBLE: Readonly<Record<Shape, PerFrame>> = {
  intra: { A: CF, B: [...SENT, ...CF], C: [...SENT, ...CF] },
  'async same frame': {
    A: ['cf_settled_remote'],
    B: [...SENT, 'cf_settled_local', 'cf_refunded'],
    C: [...SENT, 'cf_settled_local', 'cf_refunded'],
  },
  'async cross frame': {
    A: ['cf_settled_local'],
    B: [...SENT, 'cf_settled_remote', 'cf_refunded'],
    C: [...SENT, 'cf_settled_local', 'cf_refunded'],
  },
  '2pc same frame': { A: CF, B: [...SENT, ...CF], C: [...SENT, ...CF] },
  '2pc cross frame': {
    A: ['cf_initiated', 'cf_settled_local', 'cf_refunded'],
    B: [...SENT, 'cf_initiated', 'cf_settled_remote', 'cf_refunded'],
    C: [...SENT, 'cf_initiated', 'cf_settled_local', 'cf_refunded'],
  },
};

const TOPOLOGIES: readonly Topology[] = [
  REFERENCE,
  THREE_FRAMES,
  topologyOf({ A: ['A1'] }),
  topologyOf({ A: ['A1', 'A2'] }),
  topologyOf({ A: ['A1'], B: ['B1'] }),
];

function keysOf(stamps: readonly FrameStamp[]): readonly string[] {
  return stamps.map(({ frame, stamp }) => `${frame}/${stamp}`).sort();
}

function keysOfTable(row: PerFrame): readonly string[] {
  return FRAMES.flatMap((frame) =>
    row[frame as keyof PerFrame].map((name) => `${frame}/${name}`),
  ).sort();
}

describe('table 4a', () => {
  test.each(SHAPE_NAMES)('%s: what each frame must see', (shape) => {
    expect(keysOf(expectedStamps(SHAPES[shape], FRAMES))).toEqual(keysOfTable(TABLE[shape]));
  });

  test.each(SHAPE_NAMES)('%s: what each frame can never see', (shape) => {
    const impossible = keysOf(impossibleStamps(SHAPES[shape], FRAMES));
    expect(impossible).toEqual(keysOfTable(IMPOSSIBLE[shape]));
  });

  test.each(SHAPE_NAMES)('%s: roles', (shape) => {
    const crossFrame = shape.endsWith('cross frame');
    const roles = FRAMES.map((frame) => roleOf(SHAPES[shape], frame));
    expect(roles).toEqual(crossFrame ? ['S', 'R', 'O'] : ['S', 'O', 'O']);
  });

  test('expected and impossible are disjoint and, with a refund at S, cover everything', () => {
    for (const topology of TOPOLOGIES) {
      const frames = frameIds(topology);
      const everything = frames.flatMap((frame) => STAMP_NAMES.map((name) => `${frame}/${name}`));
      for (const path of derivePaths(topology)) {
        const expected = keysOf(expectedStamps(path, frames));
        const impossible = keysOf(impossibleStamps(path, frames));
        const refund = path.backend === 'async' ? [`${path.senderFrame}/cf_refunded`] : [];
        expect([...expected, ...impossible, ...refund].sort()).toEqual(everything.sort());
      }
    }
  });

  test('it is what the platform, read a second time, really raises', () => {
    for (const topology of TOPOLOGIES) {
      const frames = frameIds(topology);
      for (const path of derivePaths(topology)) {
        const raised = storedEventsOf(testOf(path), frames).flatMap(({ frame, stored }) => {
          const { eventType, sourceFrame } = stored.event;
          const name = stampRaised(eventType, sourceFrame, frame);
          return name === undefined ? [] : [{ frame, stamp: name }];
        });
        expect(keysOf(expectedStamps(path, frames)), path.id).toEqual(keysOf(raised));
      }
    }
  });
});

describe('what the platform emits', () => {
  test.each(SHAPE_NAMES)('%s: exactly the events of section 3, each once', (shape) => {
    const path = SHAPES[shape];
    const emitted = emittedEvents(path).map(({ frame, eventType }) => `${frame}/${eventType}`);
    const book = emissionsOf(path).map(({ emitter, eventType }) => `${emitter}/${eventType}`);
    expect([...emitted].sort()).toEqual([...book].sort());
  });

  test.each([
    ['intra', false],
    ['async', true],
    ['2pc', false],
  ] as const)('%s may be refunded: %s', (backend, refundable) => {
    expect(isRefundable(backend)).toBe(refundable);
  });
});

describe('what completes a test', () => {
  test.each(SHAPE_NAMES)('%s: over every set of stamps', (shape) => {
    const path = SHAPES[shape];
    for (const names of subsetsOf(STAMP_NAMES)) {
      const met = timeMet(requirementOf(path.backend), (name) =>
        names.includes(name) ? STAMP_NAMES.indexOf(name) : undefined,
      );
      const complete = isCompleteByTheBook(path, (name) => names.includes(name));
      expect(met !== undefined, names.join()).toBe(complete);
    }
  });

  const DECIDING: Readonly<Record<Backend, readonly StampName[]>> = {
    intra: ['tokens_xfer', 'cf_refunded'],
    async: ['cf_initiated', 'cf_settled_local', 'cf_settled_remote', 'cf_refunded'],
    '2pc': ['tokens_xfer', 'cf_settled_local', 'cf_settled_remote', 'cf_refunded'],
  };

  test.each(Object.entries(DECIDING))('%s: only these stamps are signalled', (backend, names) => {
    const signalled = STAMP_NAMES.filter((name) => decides(backend as Backend, name));
    expect(signalled).toEqual(names);
  });
});

/** How many tests of a cycle pass, and how many of these are degraded, under a fault. */
function check(topology: Topology, fault: Fault, degraded: number) {
  const frames = frameIds(topology);
  const paths = derivePaths(topology);
  const closed = paths.map((path) => degradedUnder(path, frames, fault));
  expect(closed.filter(Boolean)).toHaveLength(degraded);
}

function degradedUnder(path: Path, frames: readonly FrameId[], fault: Fault): boolean {
  const one = testOf(path);
  const events = storedEventsOf(one, frames, fault);
  const stamps = events.flatMap(({ frame, stored }) => {
    const name = stampRaised(stored.event.eventType, stored.event.sourceFrame, frame);
    return name === undefined ? [] : [stampAt(name, frame, { eventId: stored.event.id })];
  });
  expect(decide(one, { fire: ACCEPTED, stamps }), path.id).toEqual({ kind: 'passed' });
  const facts = {
    outcome: 'passed' as const,
    firedAtMs: undefined,
    stamps,
    events,
    frames,
    unaskedFrames: [],
    offsets: {},
  };
  return closeTest(one, facts, 0).degraded;
}

const crossFrame = (path: Path) => path.senderFrame !== path.receiverFrame;
const afterTheCredit = ['CrossFrameTransferSettled', 'CrossRegistryTransferCompleted'];
const otherFrame = (frame: FrameId) => (frame === 'A' ? 'B' : 'A');

describe('every test of the reference passes, and so many are degraded, when', () => {
  test.each<readonly [string, Fault, number]>([
    ['the platform is whole', {}, 0],
    [
      'the broadcast from A to B is cut',
      { cut: ({ emitter }, to) => emitter === 'A' && to === 'B' },
      16,
    ],
    [
      'the broadcast from B to A is cut',
      { cut: ({ emitter }, to) => emitter === 'B' && to === 'A' },
      12,
    ],
    [
      'the receiver of a cross-frame 2pc is never credited',
      {
        never: ({ eventType }, path) =>
          path.backend === '2pc' && crossFrame(path) && afterTheCredit.includes(eventType),
      },
      8,
    ],
    [
      'no fee event is emitted',
      { never: (one) => one.eventType === 'TransactionFeeCollected' },
      30,
    ],
    [
      'source_frame is not the emitter’s',
      { sourceFrame: ({ emitter }) => otherFrame(emitter) },
      20,
    ],
    [
      'no Completed is emitted',
      { never: (one) => one.eventType === 'CrossRegistryTransferCompleted' },
      12,
    ],
  ])('%s', (_, fault, degraded) => check(REFERENCE, fault, degraded));
});
