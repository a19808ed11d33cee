// The algebra of times: `all` is the latest, `any` the earliest, a missing stamp is never.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allOf,
  anyOf,
  missingStamps,
  type Requirement,
  requiredStamps,
  stamp,
  type TimeOfStamp,
  timeMet,
} from '../../src/domain/requirement.js';
import { STAMP_NAMES, type StampName } from '../../src/domain/stamp.js';

type Times = Readonly<Partial<Record<StampName, number>>>;

const anyName = fc.constantFrom(...STAMP_NAMES);
const { requirement: anyRequirement } = fc.letrec<{ requirement: Requirement }>((tie) => ({
  requirement: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    anyName.map(stamp),
    fc.array(tie('requirement'), { minLength: 1, maxLength: 3 }).map((parts) => allOf(...parts)),
    fc.array(tie('requirement'), { minLength: 1, maxLength: 3 }).map((parts) => anyOf(...parts)),
  ),
}));
const anyTimes: fc.Arbitrary<Times> = fc
  .array(fc.tuple(anyName, fc.integer({ min: 0, max: 100 })))
  .map((entries) => Object.fromEntries(entries));

const from =
  (times: Times): TimeOfStamp =>
  (name) =>
    times[name];
const never = (met: number | undefined) => met ?? Number.POSITIVE_INFINITY;

const initiated = stamp('cf_initiated');
const local = stamp('cf_settled_local');
const remote = stamp('cf_settled_remote');
const settled = allOf(initiated, anyOf(local, remote));

interface Case {
  readonly requirement: Requirement;
  readonly times: Times;
  readonly met: number | undefined;
  readonly missing: readonly StampName[];
}

function check({ requirement, times, met, missing }: Case) {
  expect(timeMet(requirement, from(times))).toBe(met);
  expect(missingStamps(requirement, from(times))).toEqual(missing);
}

describe('when a requirement is met, and what keeps it from being met', () => {
  const cases: readonly (readonly [string, Case])[] = [
    [
      'a stamp that came',
      { requirement: initiated, times: { cf_initiated: 7 }, met: 7, missing: [] },
    ],
    [
      'a stamp at the epoch itself is not a missing one',
      { requirement: initiated, times: { cf_initiated: 0 }, met: 0, missing: [] },
    ],
    [
      'a stamp that never came',
      { requirement: initiated, times: {}, met: undefined, missing: ['cf_initiated'] },
    ],
    [
      'all: the latest',
      {
        requirement: allOf(initiated, local),
        times: { cf_initiated: 9, cf_settled_local: 4 },
        met: 9,
        missing: [],
      },
    ],
    [
      'all: one is missing',
      {
        requirement: allOf(initiated, local),
        times: { cf_settled_local: 4 },
        met: undefined,
        missing: ['cf_initiated'],
      },
    ],
    [
      'any: the earliest',
      {
        requirement: anyOf(local, remote),
        times: { cf_settled_local: 9, cf_settled_remote: 4 },
        met: 4,
        missing: [],
      },
    ],
    [
      'any: one is enough, the other is not missed',
      { requirement: anyOf(local, remote), times: { cf_settled_remote: 4 }, met: 4, missing: [] },
    ],
    [
      'any: none came, each of them is named in the order of the table',
      {
        requirement: anyOf(local, remote),
        times: {},
        met: undefined,
        missing: ['cf_settled_local', 'cf_settled_remote'],
      },
    ],
    [
      'nested: the later of initiated and the earlier settlement',
      {
        requirement: settled,
        times: { cf_initiated: 3, cf_settled_local: 8, cf_settled_remote: 5 },
        met: 5,
        missing: [],
      },
    ],
    [
      'nested: only what is missing is named',
      {
        requirement: settled,
        times: { cf_initiated: 3 },
        met: undefined,
        missing: ['cf_settled_local', 'cf_settled_remote'],
      },
    ],
    [
      'a stamp that is not required counts for nothing',
      {
        requirement: settled,
        times: { tokens_xfer: 1, fee_collected: 99 },
        met: undefined,
        missing: ['cf_initiated', 'cf_settled_local', 'cf_settled_remote'],
      },
    ],
  ];
  test.each(cases)('%s', (_, one) => check(one));
});

test('required stamps: each once', () => {
  expect(requiredStamps(allOf(initiated, anyOf(local, initiated)))).toEqual([
    'cf_initiated',
    'cf_settled_local',
  ]);
});

describe('for every requirement and all times', () => {
  test('more stamps, or earlier ones, never make it later', () => {
    fc.assert(
      fc.property(
        anyRequirement,
        anyTimes,
        anyName,
        fc.nat(100),
        (requirement, times, name, at) => {
          const sooner = { ...times, [name]: Math.min(at, times[name] ?? at) };
          const before = never(timeMet(requirement, from(times)));
          expect(never(timeMet(requirement, from(sooner)))).toBeLessThanOrEqual(before);
        },
      ),
    );
  });

  test('the order of parts does not matter', () => {
    fc.assert(
      fc.property(anyRequirement, anyTimes, (requirement, times) => {
        const turned = (one: Requirement): Requirement =>
          one.kind === 'stamp' ? one : { ...one, parts: one.parts.map(turned).toReversed() };
        const met = timeMet(requirement, from(times));
        expect(timeMet(turned(requirement), from(times))).toBe(met);
      }),
    );
  });

  test('it is met at the time of one of its stamps, and no other stamp counts', () => {
    fc.assert(
      fc.property(anyRequirement, anyTimes, (requirement, times) => {
        const met = timeMet(requirement, from(times));
        const required = requiredStamps(requirement);
        const named = Object.fromEntries(
          Object.entries(times).filter(([name]) => required.some((one) => one === name)),
        );
        expect(timeMet(requirement, from(named))).toBe(met);
        if (met !== undefined) expect(Object.values(named)).toContain(met);
      }),
    );
  });

  test('nothing is missing exactly when it is met, and what is missing would meet it', () => {
    fc.assert(
      fc.property(anyRequirement, anyTimes, (requirement, times) => {
        const missing = missingStamps(requirement, from(times));
        expect(missing.length === 0).toBe(timeMet(requirement, from(times)) !== undefined);
        for (const name of missing) expect(times[name]).toBeUndefined();
        const filled = { ...times, ...Object.fromEntries(missing.map((name) => [name, 50])) };
        expect(timeMet(requirement, from(filled))).toBeDefined();
      }),
    );
  });
});
