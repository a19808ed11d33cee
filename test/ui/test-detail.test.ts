// One test as the page draws it: its phases by name, its waterfall, and the scale of both.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TestView } from '../../src/admin/views/test-view.js';
import { phasesOf } from '../../ui/src/phases.js';
import { alternatives, rowsOf, scaleOf } from '../../ui/src/waterfall.js';
import { at, FAILED, NOW_MS, resultView } from './views.js';

type StampView = TestView['stamps'][number];

function stamp(
  name: StampView['stamp'],
  frame: string,
  afterMs: number,
  source = frame,
): StampView {
  const time = (ms: number) => new Date(NOW_MS + ms).toISOString();
  return {
    stamp: name,
    frame,
    required: name.startsWith('cf_'),
    eventId: 'teg/1',
    sourceFrame: source,
    committedAt: time(afterMs),
    storedAt: time(afterMs + 10),
    seenAt: time(afterMs + 100),
    committedAfterMs: afterMs,
    seenAfterMs: afterMs + 100,
  };
}

function view(over: Partial<TestView> = {}): TestView {
  return {
    testId: 'test',
    workflowId: 'canary-test/test',
    state: 'closed',
    backend: 'async',
    firedAt: at(0),
    acceptedAfterMs: 184,
    stamps: [],
    expected: [],
    result: resultView(),
    findings: [],
    corrections: [],
    ...over,
  };
}

const CROSS = { senderFrame: 'A', receiverFrame: 'B' };
const SAME = { senderFrame: 'A', receiverFrame: 'A' };
const SENT = [stamp('tokens_xfer', 'A', 201), stamp('cf_initiated', 'A', 201)];
const WHOLE = [
  ...SENT,
  stamp('cf_initiated', 'B', 201, 'A'),
  stamp('cf_settled_local', 'B', 600),
  stamp('cf_settled_remote', 'A', 600, 'B'),
];

describe('phases', () => {
  const cases: readonly [string, Partial<TestView>, typeof CROSS, readonly string[]][] = [
    [
      'of a whole transfer',
      { stamps: WHOLE },
      CROSS,
      ['fire done', 'accept done', 'debit done', 'forth done', 'credit done', 'back done'],
    ],
    [
      'of one that was never credited',
      { stamps: SENT, result: resultView(FAILED) },
      CROSS,
      [
        'fire done',
        'accept done',
        'debit done',
        'forth incomplete',
        'credit unreached',
        'back unreached',
      ],
    ],
    [
      'of one that the receiver heard of and never credited',
      { stamps: WHOLE.slice(0, 3), result: resultView(FAILED) },
      CROSS,
      ['fire done', 'accept done', 'debit done', 'forth done', 'credit missing', 'back unreached'],
    ],
    [
      'of one whose echo is missing',
      { stamps: WHOLE.slice(0, 4), result: resultView({ degraded: true }) },
      CROSS,
      ['fire done', 'accept done', 'debit done', 'forth done', 'credit done', 'back incomplete'],
    ],
    [
      'of one that runs',
      { stamps: SENT, result: undefined },
      CROSS,
      ['fire done', 'accept done', 'debit done', 'forth waiting', 'credit waiting', 'back waiting'],
    ],
    [
      'of one within a frame',
      { backend: 'intra', stamps: [stamp('tokens_xfer', 'A', 90)] },
      SAME,
      ['fire done', 'accept done', 'move done'],
    ],
    [
      'of a 2pc across frames',
      {
        backend: '2pc',
        stamps: [stamp('tokens_xfer', 'A', 90), stamp('cf_settled_local', 'B', 300)],
      },
      CROSS,
      ['fire done', 'accept done', 'debit done', 'credit done', 'back incomplete'],
    ],
    [
      'of one that was never accepted',
      { acceptedAfterMs: undefined, result: resultView(FAILED) },
      SAME,
      ['fire done', 'accept missing', 'debit unreached', 'credit unreached'],
    ],
  ];
  test.each(cases)('%s', (_, over, ends, expected) => {
    const phases = phasesOf(view(over), ends);
    expect(phases.map(({ name, state }) => `${name} ${state}`)).toEqual(expected);
  });

  test('an event tells of the acceptance whose answer was lost', () => {
    const [, accept] = phasesOf(view({ acceptedAfterMs: undefined, stamps: SENT }), CROSS);
    expect(accept).toMatchObject({ state: 'done', atMs: 201 });
  });
});

describe('the waterfall', () => {
  const expected = [
    { stamp: 'tokens_xfer', frame: 'A', required: false },
    { stamp: 'cf_settled_local', frame: 'B', required: true },
    { stamp: 'cf_settled_remote', frame: 'A', required: true },
  ] as const;

  test('has a row for what came and for what did not, and ends with the refund', () => {
    const refund = stamp('cf_refunded', 'A', 300_900);
    const rows = rowsOf(
      view({ stamps: [...SENT, refund], expected: [...expected], result: resultView(FAILED) }),
    );
    expect(rows.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'tokens_xfer came',
      'cf_initiated came',
      'cf_settled_local missing',
      'cf_settled_remote missing',
      'cf_refunded came',
    ]);
  });

  test.each([
    ['a passed test has gaps', resultView({ degraded: true }), 'gap'],
    ['a running one waits', undefined, 'waiting'],
  ] as const)('%s', (_, result, state) => {
    const rows = rowsOf(view({ stamps: WHOLE.slice(0, 4), expected: [...expected], result }));
    expect(rows.at(-1)).toMatchObject({ name: 'cf_settled_remote', state });
  });

  test('a copy from another frame stands where that frame had it', () => {
    const [own, copy] = rowsOf(view({ stamps: [WHOLE[3], WHOLE[4]].flatMap((one) => one ?? []) }));
    expect([own?.platformMs, copy?.platformMs]).toEqual([600, 610]);
  });
});

describe('the scale', () => {
  const times = fc.array(fc.double({ min: 0, max: 400_000, noNaN: true }), {
    minLength: 1,
    maxLength: 20,
  });
  test('keeps the order of times within the figure', () => {
    fc.assert(
      fc.property(times, (all) => {
        const scale = scaleOf(all);
        const places = [...all].sort((one, other) => one - other).map((ms) => scale.x(ms));
        expect(places).toEqual([...places].sort((one, other) => one - other));
        expect(places.every((x) => x >= 0 && x <= 100)).toBe(true);
      }),
    );
  });

  test('a long wait is drawn as a break', () => {
    const scale = scaleOf([201, 388, 497, 300_911, 301_020]);
    expect(scale.breakAt).toBeDefined();
    expect(scale.x(497)).toBeLessThan(scale.breakAt?.from ?? 0);
    expect(scale.x(300_911)).toBeGreaterThan(scale.breakAt?.to ?? 100);
    expect(scaleOf([201, 388, 497]).breakAt).toBeUndefined();
  });
});

describe('the part of a requirement', () => {
  test.each([
    ['tokens_xfer', 'tokens_xfer', 1],
    ['cf_initiated AND (cf_settled_local OR cf_settled_remote)', 'cf_initiated', 1],
    ['cf_initiated AND (cf_settled_local OR cf_settled_remote)', 'cf_settled_remote', 2],
    ['tokens_xfer OR cf_settled_local OR cf_settled_remote', 'tokens_xfer', 3],
    ['tokens_xfer', 'fee_collected', 1],
  ])('%s: %s', (requirement, name, count) => {
    expect(alternatives(requirement, name)).toBe(count);
  });
});
