// Two latencies and the observer's share: never negative, never invented, unmoved by the optional.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ClockOffsets,
  isLate,
  isSeenLate,
  type Latencies,
  latenciesOf,
  totalLatencyMs,
} from '../../src/domain/latency.js';
import { STAMP_NAMES, type Stamp } from '../../src/domain/stamp.js';
import { FIRED_AT_MS, SHAPE_NAMES, SHAPES, type Shape, stampAt, testOf } from './builders.js';

const EXACT: ClockOffsets = {
  A: { offsetMs: 0, errorMs: 0 },
  B: { offsetMs: 0, errorMs: 0 },
};

/** A stamp committed and seen so many milliseconds after the fire. */
function at(
  name: Stamp['name'],
  committedMs: number,
  seenMs: number,
  frame: Stamp['frame'] = 'A',
): Stamp {
  return stampAt(name, frame, {
    originCommittedAtMs: FIRED_AT_MS + committedMs,
    storedAtMs: FIRED_AT_MS + committedMs,
    seenAtMs: FIRED_AT_MS + seenMs,
  });
}

type Row = readonly [total: number | undefined, committed: number | undefined, share?: number];

function check(shape: Shape, stamps: readonly Stamp[], offsets: ClockOffsets, row: Row) {
  const [totalMs, committedMs, observerShareMs] = row;
  const latencies = latenciesOf(testOf(SHAPES[shape]), stamps, FIRED_AT_MS, offsets);
  expect(latencies).toEqual({ totalMs, committedMs, observerShareMs });
}

const CROSS = [at('cf_initiated', 10, 14), at('cf_settled_local', 90, 96, 'B')];
/** B's clock is 40 ms ahead, measured within 5 ms. */
const B_AHEAD: ClockOffsets = { A: { offsetMs: 0, errorMs: 1 }, B: { offsetMs: 40, errorMs: 5 } };
const OFF = (offsetMs: number, errorMs: number): ClockOffsets => ({ A: { offsetMs, errorMs } });

describe('total, committed, and the observer’s share', () => {
  test.each<readonly [string, Shape, readonly Stamp[], ClockOffsets, Row]>([
    ['one stamp', 'intra', [at('tokens_xfer', 80, 85)], EXACT, [85, 80, 5]],
    ['all: the later part', 'async cross frame', CROSS, EXACT, [96, 90, 6]],
    ['by the origin’s clock, corrected', 'async cross frame', CROSS, B_AHEAD, [96, 50, 46]],
    ['a clock behind ours', 'intra', [at('tokens_xfer', 80, 85)], OFF(-3, 1), [85, 83, 2]],
    [
      'any: each by its own earliest',
      '2pc cross frame',
      [at('tokens_xfer', 10, 50), at('cf_settled_local', 20, 30, 'B')],
      EXACT,
      [30, 10, 20],
    ],
    [
      'the earliest of several frames',
      'async cross frame',
      [...CROSS, at('cf_settled_remote', 90, 93)],
      EXACT,
      [93, 90, 3],
    ],
    ['not complete', 'async cross frame', CROSS.slice(0, 1), EXACT, [undefined, undefined]],
    ['nothing at all', 'intra', [], EXACT, [undefined, undefined]],
    ['the offset was never measured', 'intra', [at('tokens_xfer', 80, 85)], {}, [85, undefined]],
    ['one of two was never measured', 'async cross frame', CROSS, OFF(0, 0), [96, undefined]],
    ['as large as the error', 'intra', [at('tokens_xfer', 7, 9)], OFF(0, 7), [9, 7, 2]],
    ['smaller than the error', 'intra', [at('tokens_xfer', 7, 9)], OFF(0, 8), [9, undefined]],
    ['committed before the fire', 'intra', [at('tokens_xfer', -1, 9)], EXACT, [9, undefined]],
    ['seen before it was committed', 'intra', [at('tokens_xfer', 9, 7)], EXACT, [7, 9]],
    ['seen before the fire', 'intra', [at('tokens_xfer', 5, -1)], EXACT, [undefined, 5]],
    ['at the fire itself', 'intra', [at('tokens_xfer', 0, 0)], EXACT, [0, 0, 0]],
  ])('%s', (_, shape, stamps, offsets, row) => check(shape, stamps, offsets, row));

  test('a frame that only an optional stamp came from need not be measured', () => {
    const stamps = [at('cf_settled_local', 20, 30, 'B'), at('fee_collected', 5, 6)];
    check('2pc cross frame', stamps, { B: { offsetMs: 0, errorMs: 0 } }, [30, 20, 10]);
  });

  test('where Settled was committed is read from the table, not from what the event claims', () => {
    const settled = { ...at('cf_settled_local', 90, 96, 'B'), sourceFrame: 'A' };
    check('async cross frame', [at('cf_initiated', 10, 14), settled], B_AHEAD, [96, 50, 46]);
  });
});

describe('late: committed past the soft deadline', () => {
  test.each<readonly [string, readonly Stamp[], boolean, ClockOffsets]>([
    ['in time', [at('tokens_xfer', 80, 85)], false, EXACT],
    ['on the dot', [at('tokens_xfer', 10_000, 10_001)], false, EXACT],
    ['a millisecond past it', [at('tokens_xfer', 10_001, 10_002)], true, EXACT],
    ['committed in time, seen late', [at('tokens_xfer', 80, 20_000)], false, EXACT],
    ['never complete', [at('fee_collected', 20_000, 20_000)], false, EXACT],
    ['a late fee', [at('tokens_xfer', 80, 85), at('fee_collected', 20_000, 20_000)], false, EXACT],
    ['a clock ahead made it look late', [at('tokens_xfer', 10_040, 10_050)], false, OFF(41, 0)],
    ['a clock behind hid that it is', [at('tokens_xfer', 9_980, 10_050)], true, OFF(-41, 0)],
    ['late by less than the error', [at('tokens_xfer', 10_005, 10_050)], false, OFF(0, 5)],
    ['late by more than the error', [at('tokens_xfer', 10_006, 10_050)], true, OFF(0, 5)],
    ['seen in time, whatever the clock says', [at('tokens_xfer', 99_999, 85)], false, EXACT],
    ['a clock never measured, within a second', [at('tokens_xfer', 11_000, 11_001)], false, {}],
    ['a clock never measured, beyond it', [at('tokens_xfer', 11_001, 11_002)], true, {}],
  ])('%s: %s', (_, stamps, late, offsets) => {
    expect(isLate(testOf(SHAPES.intra), stamps, FIRED_AT_MS, offsets)).toBe(late);
  });

  test('each stamp by the clock of the frame that committed it', () => {
    const settled = [at('cf_initiated', 10, 14), at('cf_settled_local', 10_020, 10_040, 'B')];
    const one = testOf(SHAPES['async cross frame']);
    expect(isLate(one, settled, FIRED_AT_MS, B_AHEAD)).toBe(false);
    expect(isLate(one, settled, FIRED_AT_MS, EXACT)).toBe(true);
  });

  test('only a test that was seen late need have its clocks measured', () => {
    fc.assert(
      fc.property(anyShape, anyStamps, anyOffsets, fc.integer({ min: 0, max: 300 }), (...drawn) => {
        const [shape, stamps, offsets, softMs] = drawn;
        const one = testOf(SHAPES[shape], { deadlines: { softMs, finalMs: 60_000 } });
        const late = isLate(one, stamps, FIRED_AT_MS, offsets);
        expect(late && !isSeenLate(one, stamps, FIRED_AT_MS)).toBe(false);
      }),
    );
  });
});

const anyStamp: fc.Arbitrary<Stamp> = fc
  .tuple(
    fc.constantFrom(...STAMP_NAMES),
    fc.integer({ min: -50, max: 300 }),
    fc.integer({ min: -50, max: 300 }),
    fc.constantFrom('A', 'B', 'C'),
  )
  .map(([name, committedMs, seenMs, frame]) => at(name, committedMs, seenMs, frame));
const anyOffset = fc.record({
  offsetMs: fc.integer({ min: -100, max: 100 }),
  errorMs: fc.integer({ min: 0, max: 50 }),
});
const anyOffsets: fc.Arbitrary<ClockOffsets> = fc.record(
  { A: anyOffset, B: anyOffset, C: anyOffset },
  { requiredKeys: [] },
);
const anyShape = fc.constantFrom(...SHAPE_NAMES);
const anyStamps = fc.array(anyStamp, { maxLength: 8 });

function property(holds: (latencies: Latencies, stamps: readonly Stamp[], of: Of) => void) {
  fc.assert(
    fc.property(anyShape, anyStamps, anyOffsets, (shape, stamps, offsets) => {
      const of = (others: readonly Stamp[], measured: ClockOffsets = offsets) =>
        latenciesOf(testOf(SHAPES[shape]), others, FIRED_AT_MS, measured);
      holds(of(stamps), stamps, of);
    }),
    { numRuns: 500 },
  );
}

type Of = (stamps: readonly Stamp[], offsets?: ClockOffsets) => Latencies;

describe('whatever came, whatever the clocks say', () => {
  test('no figure is negative, and a share is the difference of the other two', () => {
    property((latencies) => {
      for (const ms of Object.values(latencies)) if (ms !== undefined) expect(ms >= 0).toBe(true);
      const { totalMs, committedMs, observerShareMs } = latencies;
      if (observerShareMs === undefined) return;
      expect(observerShareMs).toBe((totalMs ?? 0) - (committedMs ?? 0));
    });
  });

  test('without offsets there is no committed latency, and the total does not need them', () => {
    property((latencies, stamps, of) => {
      const blind = of(stamps, {});
      expect(blind).toEqual({
        totalMs: latencies.totalMs,
        committedMs: undefined,
        observerShareMs: undefined,
      });
    });
  });

  test('a committed latency is never below the error of the clocks that it rests on', () => {
    fc.assert(
      fc.property(anyShape, anyStamps, fc.nat(100), (shape, stamps, errorMs) => {
        const blurred = { offsetMs: 0, errorMs };
        const offsets = { A: blurred, B: blurred, C: blurred };
        const one = testOf(SHAPES[shape]);
        const { committedMs } = latenciesOf(one, stamps, FIRED_AT_MS, offsets);
        expect(committedMs ?? errorMs).toBeGreaterThanOrEqual(errorMs);
      }),
    );
  });

  test('a fee stamp never moves anything', () => {
    property((latencies, stamps, of) => {
      const feeless = stamps.filter(({ name }) => name !== 'fee_collected');
      expect(of([...feeless, at('fee_collected', 299, 299)])).toEqual(of(feeless));
      expect(of(feeless)).toEqual(latencies);
    });
  });

  test('the order of arrival and duplicates never show', () => {
    property((latencies, stamps, of) => {
      expect(of([...stamps, ...stamps].reverse())).toEqual(latencies);
    });
  });

  test('the total is the one stored with the verdict', () => {
    fc.assert(
      fc.property(anyShape, anyStamps, (shape, stamps) => {
        const one = testOf(SHAPES[shape]);
        const { totalMs } = latenciesOf(one, stamps, FIRED_AT_MS, EXACT);
        expect(totalLatencyMs(one, stamps, FIRED_AT_MS)).toBe(totalMs);
      }),
    );
  });
});
