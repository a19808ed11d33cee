// The verdict over whole spaces: every set of stamps in every order of arrival, and every place in
// which each stamp can be when the deadline comes.
import { describe, expect, test } from 'vitest';
import { correctionsOf } from '../../src/domain/correction.js';
import type { FireOutcome } from '../../src/domain/fire.js';
import { STAMP_NAMES, type Stamp, type StampName } from '../../src/domain/stamp.js';
import {
  type DecidedVerdict,
  decide,
  decideAfterLookBack,
  type LookBack,
} from '../../src/domain/verdict.js';
import {
  ACCEPTED,
  FIRED_AT_MS,
  lookBackOf,
  SHAPE_NAMES,
  SHAPES,
  type Shape,
  stampAt,
  testOf,
} from './builders.js';
import { assignments, permutationsOf, subsetsOf } from './exhaustive.js';
import { isCompleteByTheBook } from './platform.js';

/** What comes after a name in time, so that every stamp has times of its own. */
function stampOf(name: StampName, shape: Shape, overrides: Partial<Stamp> = {}): Stamp {
  const receiver = name === 'cf_settled_local' ? SHAPES[shape].receiverFrame : 'A';
  const atMs = FIRED_AT_MS + 100 * (1 + STAMP_NAMES.indexOf(name));
  const position = 1 + STAMP_NAMES.indexOf(name);
  return stampAt(name, receiver, {
    eventId: { producer: 'teg-a', position },
    originCommittedAtMs: atMs,
    storedAtMs: atMs + 1,
    seenAtMs: atMs + 2,
    ...overrides,
  });
}

describe.each(SHAPE_NAMES)('%s: every set of stamps', (shape) => {
  const one = testOf(SHAPES[shape]);
  const refundable = shape.startsWith('async');

  test('decides by what is in it, in every order, with duplicates', () => {
    for (const names of subsetsOf(STAMP_NAMES)) {
      const refunded = refundable && names.includes('cf_refunded');
      const complete = isCompleteByTheBook(one.path, (name) => names.includes(name));
      const expected = refunded ? 'failed' : complete ? 'passed' : 'pending';
      const stamps = names.map((name) => stampOf(name, shape));
      const whole = decide(one, { fire: ACCEPTED, stamps, firedAtMs: FIRED_AT_MS });
      expect(whole.kind, names.join()).toBe(expected);
      for (const order of permutationsOf(stamps)) {
        const twice = [...order, ...order];
        const facts = { fire: ACCEPTED, stamps: twice, firedAtMs: FIRED_AT_MS };
        expect(decide(one, facts)).toEqual(whole);
      }
    }
  });

  test('as it arrives one by one, ends in one verdict, and news of it is a correction', () => {
    for (const names of subsetsOf(STAMP_NAMES)) {
      const refunded = refundable && names.includes('cf_refunded');
      const complete = isCompleteByTheBook(one.path, (name) => names.includes(name));
      for (const order of permutationsOf(names)) {
        const verdict = firstVerdict(shape, order);
        expect(verdict !== undefined, order.join()).toBe(refunded || complete);
        if (verdict === undefined) continue;
        const failureSignal = verdict.kind === 'failed' ? verdict.signal : undefined;
        const stamps = order.map((name) => stampOf(name, shape));
        const stored = { outcome: verdict.kind, failureSignal };
        const told = [failureSignal, ...correctionsOf(one, stored, stamps).map(({ kind }) => kind)];
        expect(told.includes('refunded') || told.includes('refund')).toBe(refunded);
        expect(verdict.kind === 'passed' || told.includes('completion')).toBe(complete);
      }
    }
  });
});

function firstVerdict(shape: Shape, order: readonly StampName[]): DecidedVerdict | undefined {
  for (let count = 1; count <= order.length; count += 1) {
    const stamps = order.slice(0, count).map((name) => stampOf(name, shape));
    const facts = { fire: ACCEPTED, stamps, firedAtMs: FIRED_AT_MS };
    const verdict = decide(testOf(SHAPES[shape]), facts);
    if (verdict.kind !== 'pending') return verdict;
  }
  return undefined;
}

const PLACES = ['nowhere', 'signalled', 'stored', 'unseen', 'too late'] as const;
type Place = (typeof PLACES)[number];

const refused = { code: 'refused', message: 'no' };
const FIRES: readonly FireOutcome[] = [
  ACCEPTED,
  { kind: 'pending' },
  { kind: 'unanswered', message: 'no' },
  { kind: 'refused', ...refused, afterDoubt: false },
  { kind: 'refused', ...refused, afterDoubt: true },
  { kind: 'unpaid', message: 'no', afterDoubt: false },
  { kind: 'unpaid', message: 'no', afterDoubt: true },
];
const REACHES: readonly Pick<LookBack, 'storeReachable' | 'unreachableFrames'>[] = [
  { storeReachable: true, unreachableFrames: [] },
  { storeReachable: false, unreachableFrames: [] },
  { storeReachable: true, unreachableFrames: ['C'] },
];

/** The stamps that can matter to a backend, and one that cannot. */
const RELEVANT: Readonly<Record<Shape, readonly StampName[]>> = {
  intra: ['tokens_xfer', 'fee_collected', 'cf_refunded'],
  'async same frame': STAMP_NAMES.filter((name) => name !== 'fee_collected'),
  'async cross frame': STAMP_NAMES.filter((name) => name !== 'fee_collected'),
  '2pc same frame': STAMP_NAMES.filter((name) => name !== 'cf_initiated'),
  '2pc cross frame': STAMP_NAMES.filter((name) => name !== 'cf_initiated'),
};

/** Decisions 4 to 6 in the order in which the design states them. */
function verdictByTheBook(
  shape: Shape,
  placeOf: Readonly<Partial<Record<StampName, Place>>>,
  fire: FireOutcome,
  reach: (typeof REACHES)[number],
): string {
  const { path } = testOf(SHAPES[shape]);
  const isSeen = (name: StampName) => ['signalled', 'stored'].includes(placeOf[name] ?? '');
  const isThere = (name: StampName) => isSeen(name) || placeOf[name] === 'unseen';
  if (path.backend === 'async' && isThere('cf_refunded')) return 'refunded';
  if (isCompleteByTheBook(path, isSeen)) return 'passed';
  if (isCompleteByTheBook(path, isThere)) return 'observer';
  if (fire.kind === 'refused' && !fire.afterDoubt) return 'rejected';
  if (fire.kind === 'unpaid' && !fire.afterDoubt) return 'unpaid';
  if (!reach.storeReachable || reach.unreachableFrames.length > 0) return 'inconclusive';
  // Too late to complete anything, and still an event of a transfer that was taken.
  const isEvent = (name: StampName) => isThere(name) || placeOf[name] === 'too late';
  if (fire.kind === 'accepted' || STAMP_NAMES.some(isEvent)) return 'timeout';
  if (fire.kind === 'refused') return 'rejected';
  return fire.kind === 'unpaid' ? 'unpaid' : 'unreachable';
}

describe.each(SHAPE_NAMES)('%s: after the look-back', (shape) => {
  const one = testOf(SHAPES[shape]);

  test('every place of every stamp, every fire, every reach', () => {
    const wrong: string[] = [];
    for (const placeOf of assignments(RELEVANT[shape], PLACES)) {
      const inPlaces = (...places: readonly Place[]) =>
        RELEVANT[shape]
          .filter((name) => places.includes(placeOf[name]))
          .map((name) => stampOf(name, shape, lateness(placeOf[name])));
      const signalled = inPlaces('signalled', 'too late');
      const stored = inPlaces('stored', 'too late');
      const unseen = inPlaces('unseen', 'too late');
      for (const fire of FIRES) {
        for (const reach of REACHES) {
          const expected = verdictByTheBook(shape, placeOf, fire, reach);
          const found = lookBackOf({ ...reach, stamps: stored, unseen, fire });
          const verdict = decideAfterLookBack(one, { fire, stamps: signalled }, found, 0);
          const got = verdict.kind === 'failed' ? verdict.signal : verdict.kind;
          if (got === expected) continue;
          wrong.push(JSON.stringify({ placeOf, fire: fire.kind, reach, expected, got }));
        }
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  test('every order of what was found, and all of it twice, gives the same verdict', () => {
    for (const names of subsetsOf(RELEVANT[shape])) {
      const stamps = names.map((name) => stampOf(name, shape));
      const seen = { fire: ACCEPTED, stamps };
      const unseen = lookBackOf({ unseen: stamps });
      const whole = decideAfterLookBack(one, seen, lookBackOf(), 0);
      const found = decideAfterLookBack(one, { fire: ACCEPTED, stamps: [] }, unseen, 0);
      for (const order of permutationsOf(stamps)) {
        const facts = { fire: ACCEPTED, stamps: order.slice(1) };
        const again = lookBackOf({ stamps: order });
        expect(decideAfterLookBack(one, facts, again, 0)).toEqual(whole);
        const turned = lookBackOf({ unseen: [...order, ...order] });
        expect(decideAfterLookBack(one, { fire: ACCEPTED, stamps: [] }, turned, 0)).toEqual(found);
      }
    }
  });
});

function lateness(place: Place): Partial<Stamp> {
  const afterDeadline = { originCommittedAtMs: FIRED_AT_MS + 60_001 };
  return place === 'too late' ? afterDeadline : {};
}
