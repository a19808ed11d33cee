// The waterfall of one test: a row for each stamp that came or had to come, and a scale for them.
import type { TestView } from '../../src/admin/views/test-view.js';
import { storedAfterMs } from './phases.js';

export interface Row {
  readonly key: string;
  readonly name: string;
  readonly frame: string;
  readonly role: 'required' | 'expected' | 'ends';
  readonly state: 'came' | 'missing' | 'gap' | 'waiting';
  /** When the platform had done it: committed, or for a copy from another frame stored. */
  readonly platformMs: number | undefined;
  readonly seenMs: number | undefined;
}

export function rowsOf(test: TestView): readonly Row[] {
  const came = test.stamps.map((one): Row => {
    const foreign = one.sourceFrame !== one.frame;
    const platformMs = foreign ? storedAfterMs(test, one.stamp, one.frame) : one.committedAfterMs;
    return {
      key: `${one.stamp}@${one.frame}`,
      name: one.stamp,
      frame: one.frame,
      role: one.stamp === 'cf_refunded' ? 'ends' : one.required ? 'required' : 'expected',
      state: 'came',
      platformMs,
      seenMs: one.seenAfterMs,
    };
  });
  const ends = came.filter(({ role }) => role === 'ends');
  return [...came.filter(({ role }) => role !== 'ends'), ...missingRows(test), ...ends];
}

/** Expected stamps without a time: missing where the verdict hung on them, else a gap. */
function missingRows(test: TestView): readonly Row[] {
  const { result } = test;
  return test.expected
    .filter(
      (want) => !test.stamps.some((one) => one.stamp === want.stamp && one.frame === want.frame),
    )
    .map(({ frame, required, stamp }): Row => {
      const decided = required && result?.outcome !== 'passed';
      return {
        key: `${stamp}@${frame}`,
        name: stamp,
        frame,
        role: required ? 'required' : 'expected',
        state: result === undefined ? 'waiting' : decided ? 'missing' : 'gap',
        platformMs: undefined,
        seenMs: undefined,
      };
    });
}

/** How many stamps, this one among them, would each do: `a AND (b OR c)` has 1, 2 and 2. */
export function alternatives(requirement: string, stamp: string): number {
  const parts = requirement.split(' AND ').map((part) => part.replace(/[()]/g, '').split(' OR '));
  return parts.find((part) => part.includes(stamp))?.length ?? 1;
}

/** Maps milliseconds to percent of the width, with a break where a long wait says nothing. */
export interface Scale {
  readonly ticks: readonly { readonly ms: number; readonly x: number }[];
  readonly breakAt: { readonly from: number; readonly to: number } | undefined;
  x(ms: number): number;
}

const LEFT = 1.5;
const RIGHT = 97.5;
const BREAK_FROM = 72.5;
const BREAK_TO = 76;
/** A last time so many times later than the one before is drawn behind a break. */
const BREAK_FACTOR = 8;

export function scaleOf(timesMs: readonly number[]): Scale {
  const sorted = [...new Set(timesMs.filter((ms) => ms > 0))].sort((one, other) => one - other);
  const last = sorted.at(-1) ?? 1_000;
  const gap = sorted.findIndex(
    (ms, index) => ms > 1_000 && ms > BREAK_FACTOR * before(sorted, index),
  );
  const near = gap > 0 ? before(sorted, gap) : last;
  if (gap <= 0) {
    const top = niceTop(last);
    const x = (ms: number) => LEFT + ((RIGHT - LEFT) * clamp(ms, top)) / top;
    return { ticks: ticksOf(top).map((ms) => ({ ms, x: x(ms) })), breakAt: undefined, x };
  }
  const top = niceTop(near);
  const far = sorted.slice(gap);
  const first = far[0] ?? last;
  const spread = Math.max(last - first, 1);
  const x = (ms: number) => {
    if (ms < first) return LEFT + ((BREAK_FROM - 4 - LEFT) * clamp(ms, top)) / top;
    return BREAK_TO + 8 + (10 * (ms - first)) / spread;
  };
  return {
    ticks: [...ticksOf(top).slice(0, -1), first].map((ms) => ({ ms, x: x(ms) })),
    breakAt: { from: BREAK_FROM, to: BREAK_TO },
    x,
  };
}

function before(sorted: readonly number[], index: number): number {
  return index <= 0 ? Number.POSITIVE_INFINITY : (sorted[index - 1] ?? Number.POSITIVE_INFINITY);
}

function clamp(ms: number, top: number): number {
  return Math.min(Math.max(ms, 0), top);
}

const STEPS = [1, 2, 2.5, 5, 10];

/** The least round number of four equal steps that holds a time. */
function niceTop(ms: number): number {
  const step = Math.max(ms, 4) / 4;
  const unit = 10 ** Math.floor(Math.log10(step));
  const nice = STEPS.find((one) => one * unit >= step) ?? 10;
  return 4 * nice * unit;
}

function ticksOf(top: number): readonly number[] {
  return [0, 1, 2, 3, 4].map((index) => (top * index) / 4);
}
