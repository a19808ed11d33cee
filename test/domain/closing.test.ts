// The close: expected stamps absent or only unobserved, exactly the table's events, each once.
import { describe, expect, test } from 'vitest';
import {
  closeTest,
  type FrameStoredEvent,
  outstandingStamps,
  stampsInStore,
  transferIdIn,
} from '../../src/domain/closing.js';
import { expectedStamps } from '../../src/domain/contract.js';
import { secondEvent } from '../../src/domain/examination.js';
import type { Stamp } from '../../src/domain/stamp.js';
import { OUTCOMES } from '../../src/domain/verdict.js';
import { eventOf, FRAMES, SHAPE_NAMES, SHAPES, storedAt, testOf } from './builders.js';
import {
  brief,
  CLOSED_AT_MS,
  changed,
  close,
  held,
  isOf,
  type Situation,
  withOne,
  without,
} from './closing-samples.js';
import { subsetsOf } from './exhaustive.js';
import { storedEventsOf } from './platform.js';

function check(situation: Situation, words: readonly string[]) {
  const closing = close(situation);
  expect(brief(closing)).toEqual(words);
  expect(closing.degraded).toBe(words.some((word) => word.startsWith('absent')));
  expect(closing.closedAtMs).toBe(CLOSED_AT_MS);
}

describe('a whole platform', () => {
  test.each(SHAPE_NAMES)('%s: nothing to say', (shape) => check({ shape }, []));

  test.each(SHAPE_NAMES)('%s: what validators missed is our own share, never degraded', (shape) => {
    const expected = expectedStamps(SHAPES[shape], FRAMES);
    for (const missed of subsetsOf(expected)) {
      const closing = close({
        shape,
        brought: ({ frame, name }) =>
          !missed.some((one) => one.frame === frame && one.stamp === name),
      });
      expect(closing).toMatchObject({ absent: [], absentEvents: [], degraded: false });
      expect(closing.unobserved).toEqual(missed);
    }
  });
});

describe('absent: neither a validator nor the EventStore has it', () => {
  test.each<readonly [string, Situation, readonly string[]]>([
    [
      'no fee',
      { shape: 'intra', events: without('intra', 'A', 'TransactionFeeCollected') },
      ['absent A/fee_collected', 'absent A/TransactionFeeCollected'],
    ],
    [
      'the broadcast to C is cut',
      {
        shape: 'async cross frame',
        events: held('async cross frame').filter(({ frame }) => frame !== 'C'),
      },
      ['absent C/cf_initiated', 'absent C/cf_settled_remote'],
    ],
    [
      '2pc without Completed, which has no stamp',
      {
        shape: '2pc same frame',
        events: without('2pc same frame', 'A', 'CrossRegistryTransferCompleted'),
      },
      ['absent A/CrossRegistryTransferCompleted'],
    ],
    [
      'an event at the wrong frame does not stand in for the right one',
      {
        shape: '2pc same frame',
        events: [
          ...without('2pc same frame', 'A', 'CrossRegistryTransferCompleted'),
          storedAt(
            'B',
            eventOf(testOf(SHAPES['2pc same frame']), 'CrossRegistryTransferCompleted'),
          ),
        ],
      },
      [
        'absent A/CrossRegistryTransferCompleted',
        'unexpected_event B/CrossRegistryTransferCompleted/teg-a/1',
      ],
    ],
    [
      'a copy from elsewhere does not stand in for the frame’s own',
      {
        shape: '2pc same frame',
        events: changed('2pc same frame', isOf('CrossRegistryTransferCompleted'), {}, 'B'),
      },
      [
        'absent A/CrossRegistryTransferCompleted',
        'unexpected_event A/CrossRegistryTransferCompleted/teg-a/3',
      ],
    ],
    [
      'part absent, part unobserved',
      {
        shape: 'async cross frame',
        events: without('async cross frame', 'C', 'CrossFrameTransferInitiated'),
        brought: ({ name }) => name !== 'fee_collected',
      },
      ['absent C/cf_initiated', 'unobserved A/fee_collected'],
    ],
  ])('%s', (_, situation, words) => check(situation, words));

  test.each(OUTCOMES.filter((outcome) => outcome !== 'passed'))(
    'a test that is %s expects nothing, and has no latency',
    (outcome) => {
      const closing = close({ shape: 'intra', events: [], outcome });
      expect(brief(closing)).toEqual([]);
      const whole = close({ shape: 'intra', outcome });
      expect(Object.values(whole.latencies)).toEqual([undefined, undefined, undefined]);
    },
  );
});

describe('unknown: the frame could not be asked', () => {
  test.each<readonly [string, Situation, readonly string[]]>([
    ['validators brought all', { shape: 'async cross frame', unasked: ['A'] }, ['unasked A']],
    [
      'what no validator brought there is neither absent nor unobserved',
      { shape: 'async cross frame', unasked: ['A'], brought: () => false },
      [
        'unobserved B/cf_initiated',
        'unobserved B/cf_settled_local',
        'unobserved C/cf_initiated',
        'unobserved C/cf_settled_remote',
        'unasked A',
      ],
    ],
    [
      'an event that no stamp stands for is not missed there',
      { shape: '2pc same frame', unasked: ['A'] },
      ['unasked A'],
    ],
    [
      'what a frame lacks that was asked is absent all the same',
      {
        shape: 'async cross frame',
        events: without('async cross frame', 'C', 'CrossFrameTransferInitiated'),
        unasked: ['A'],
      },
      ['absent C/cf_initiated', 'unasked A'],
    ],
    [
      'nobody answered',
      { shape: 'async cross frame', unasked: ['A', 'B', 'C'], brought: () => false },
      ['unasked A', 'unasked B', 'unasked C'],
    ],
    [
      'a test that failed says it, too',
      { shape: 'intra', unasked: ['B'], outcome: 'failed' },
      ['unasked B'],
    ],
  ])('%s', (_, situation, words) => check(situation, words));

  test.each(SHAPE_NAMES)('%s: no set of frames that are away ever degrades a test', (shape) => {
    for (const unasked of subsetsOf(FRAMES)) {
      const closing = close({ shape, unasked, brought: ({ frame }) => !unasked.includes(frame) });
      expect(brief(closing)).toEqual(unasked.map((frame) => `unasked ${frame}`));
      expect(closing.degraded).toBe(false);
    }
  });

  test('an event that a frame did answer counts, though its other answer stayed away', () => {
    const one = testOf(SHAPES.intra);
    const events = held('intra');
    const facts = { outcome: 'passed', firedAtMs: undefined, stamps: [], frames: ['A'] } as const;
    const unaskedFrames = ['A'];
    const closing = closeTest(one, { ...facts, events, unaskedFrames, offsets: {} }, CLOSED_AT_MS);
    expect(brief(closing)).toEqual([
      'unobserved A/tokens_xfer',
      'unobserved A/fee_collected',
      'unasked A',
    ]);
  });
});

describe('events beyond the table', () => {
  const second = { id: { producer: 'teg-a', position: 99 } };
  const REFUND = 'CrossFrameTransferRefunded';
  test.each<readonly [string, Situation, readonly string[]]>([
    [
      'a second event',
      { shape: 'intra', events: withOne('intra', 'A', 'TokensTransferred', second) },
      ['second_event A/TokensTransferred/teg-a/99'],
    ],
    [
      'the same event stored twice',
      {
        shape: 'intra',
        events: withOne('intra', 'A', 'TransactionFeeCollected', {
          id: { producer: 'teg-a', position: 2 },
        }),
      },
      ['second_event A/TransactionFeeCollected/teg-a/2'],
    ],
    [
      'a second copy of a broadcast',
      {
        shape: 'async cross frame',
        events: withOne(
          'async cross frame',
          'C',
          'CrossFrameTransferInitiated',
          { id: { producer: 'teg-a', position: 3 } },
          'A',
        ),
      },
      ['second_event C/CrossFrameTransferInitiated/teg-a/3'],
    ],
    [
      'an event of another backend',
      { shape: 'intra', events: withOne('intra', 'A', 'CrossFrameTransferInitiated') },
      ['impossible_stamp A/cf_initiated', 'unexpected_event A/CrossFrameTransferInitiated/teg-a/1'],
    ],
    [
      'an event that is never broadcast, in another frame',
      { shape: 'intra', events: withOne('intra', 'B', 'TokensTransferred', {}, 'A') },
      ['impossible_stamp B/tokens_xfer'],
    ],
    [
      'a copy of Completed, which is never broadcast and raises no stamp',
      {
        shape: '2pc cross frame',
        events: withOne('2pc cross frame', 'B', 'CrossRegistryTransferCompleted', {}, 'A'),
      },
      ['unexpected_event B/CrossRegistryTransferCompleted/teg-a/1'],
    ],
    [
      'a refund at S of async is allowed here: the verdict or a correction tells of it',
      { shape: 'async cross frame', events: withOne('async cross frame', 'A', REFUND) },
      [],
    ],
    [
      'a refund at R',
      {
        shape: 'async cross frame',
        events: withOne('async cross frame', 'B', REFUND, { sourceFrame: 'B' }),
      },
      ['impossible_stamp B/cf_refunded', `unexpected_event B/${REFUND}/teg-a/1`],
    ],
    [
      'a refund of 2pc',
      { shape: '2pc cross frame', events: withOne('2pc cross frame', 'A', REFUND) },
      ['impossible_stamp A/cf_refunded', `unexpected_event A/${REFUND}/teg-a/1`],
    ],
  ])('%s', (_, situation, words) => check(situation, words));

  test('the close and a validator tell the same second event in the same words', () => {
    const events = withOne('intra', 'A', 'TokensTransferred', second);
    const [finding] = close({ shape: 'intra', events }).findings;
    const event = eventOf(testOf(SHAPES.intra), 'TokensTransferred', second);
    const byValidator = secondEvent(testOf(SHAPES.intra), 'A', 'tokens_xfer', 'teg-a/1', event);
    expect(finding).toMatchObject({ kind: byValidator.kind, subject: byValidator.subject });
  });
});

test('of two events the one that stamped is the first, else the earlier in the log', () => {
  const secondId = { producer: 'teg-a', position: 99 };
  const events = withOne('intra', 'A', 'TokensTransferred', { id: secondId });
  const stampedBy = (position: number) => (stamp: Stamp) =>
    stamp.name !== 'tokens_xfer' || stamp.eventId.position === position;
  const findings = (given: readonly FrameStoredEvent[], position: number) =>
    close({ shape: 'intra', events: given, brought: stampedBy(position) }).findings.map(
      ({ subject }) => subject,
    );
  const second = ['A/TokensTransferred/teg-a/99'];
  expect(findings(events, 1)).toEqual(second);
  expect(findings(events, 99)).toEqual(['A/TokensTransferred/teg-a/1']);
  expect(findings([...events].reverse(), 0)).toEqual(second);
});

describe('the transfer that events tell of', () => {
  const mine = storedAt('A', eventOf(testOf(SHAPES.intra), 'TokensTransferred'));
  const forged = storedAt(
    'A',
    eventOf(testOf(SHAPES.intra), 'TokensTransferred', { sender: 'A1:user-07', transferId: 'x' }),
  );
  test.each<readonly [string, readonly FrameStoredEvent[], string | undefined]>([
    ['none', [], undefined],
    ['the test’s own', [mine], mine.stored.event.transferId],
    ['the test’s own before a forged one', [forged, mine], mine.stored.event.transferId],
    ['a wrong one where there is no other', [forged], 'x'],
  ])('%s', (_, events, transferId) => {
    expect(transferIdIn(testOf(SHAPES.intra), events)).toBe(transferId);
  });
});

describe('events that differ from the registered test', () => {
  test('an own event raises nothing: absent, and a finding once, its copies included', () => {
    const one = testOf(SHAPES['async cross frame']);
    const wrong = { amountBaseUnits: 1n };
    const events = changed('async cross frame', isOf('CrossFrameTransferInitiated'), wrong);
    check({ shape: 'async cross frame', events }, [
      'absent A/cf_initiated',
      'absent B/cf_initiated',
      'absent C/cf_initiated',
      'wrong_amount teg-a/3',
    ]);
    expect(stampsInStore(one, events).map(({ name }) => name)).not.toContain('cf_initiated');
  });

  test('a copy that differs is a finding, though the event itself is right', () => {
    const isCopy = (one: FrameStoredEvent) =>
      one.frame === 'C' && isOf('CrossFrameTransferSettled')(one);
    const events = changed('async cross frame', isCopy, { receiver: 'B1:user-07' }, 'B');
    check({ shape: 'async cross frame', events }, [
      'absent C/cf_settled_remote',
      'wrong_receiver teg-b/4',
    ]);
  });

  test('a wrong source_frame: absent where it is expected, impossible where it is found', () => {
    const one = testOf(SHAPES['async cross frame']);
    const events = storedEventsOf(one, FRAMES, { sourceFrame: () => 'A' });
    check({ shape: 'async cross frame', events }, [
      'absent A/cf_settled_remote',
      'absent B/cf_settled_local',
      'impossible_stamp B/cf_settled_remote',
      'impossible_stamp A/cf_settled_local',
      'impossible_stamp C/cf_settled_remote',
    ]);
  });

  test('a source_frame that is no frame is found wherever a copy is held', () => {
    const one = testOf(SHAPES['async cross frame']);
    const events = storedEventsOf(one, FRAMES, { sourceFrame: () => 'Z' }).filter(
      ({ frame, stored }) =>
        stored.event.eventType !== 'CrossFrameTransferSettled' || frame === 'A',
    );
    expect(brief(close({ shape: 'async cross frame', events }))).toContain(
      'impossible_stamp A/cf_settled_remote',
    );
  });
});

test('outstanding: what is expected and not among the stamps, keyed by frame and name', () => {
  const one = testOf(SHAPES['async cross frame']);
  const stamps = stampsInStore(one, held('async cross frame'));
  const elsewhere = stamps.map((stamp) => ({ ...stamp, frame: 'Z' }));
  expect(outstandingStamps(one, stamps, FRAMES)).toEqual([]);
  expect(outstandingStamps(one, elsewhere, FRAMES)).toEqual(expectedStamps(one.path, FRAMES));
});

test('a passed test closes with its latencies', () => {
  expect(close({ shape: 'intra' }).latencies).toEqual({
    totalMs: 90,
    committedMs: 80,
    observerShareMs: 10,
  });
});
