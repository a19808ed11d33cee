// Before an event may stamp a test: every wrong field is a finding, and keeps the stamp away.
import { describe, expect, test } from 'vitest';
import { stampsInStore } from '../../src/domain/closing.js';
import { impossibleStamps } from '../../src/domain/contract.js';
import type { TransferEvent, TransferEventType } from '../../src/domain/event.js';
import { examine, impossibleStamp, secondEvent } from '../../src/domain/examination.js';
import type { FindingKind } from '../../src/domain/finding.js';
import { STAMP_NAMES, type StampName } from '../../src/domain/stamp.js';
import { eventOf, FRAMES, SHAPE_NAMES, SHAPES, storedAt, testOf } from './builders.js';
import { subsetsOf } from './exhaustive.js';
import { emissionsOf, storedEventsOf } from './platform.js';

const CROSS = testOf(SHAPES['async cross frame']);

function check(
  eventType: TransferEventType,
  overrides: Partial<TransferEvent>,
  kinds: readonly FindingKind[],
) {
  const event = eventOf(CROSS, eventType, overrides);
  const findings = examine(CROSS, event);
  expect(findings.map(({ kind }) => kind)).toEqual(kinds);
  const raised = stampsInStore(CROSS, [storedAt(CROSS.path.senderFrame, event)]);
  const stamps = eventType === 'CrossRegistryTransferCompleted' ? 0 : 1;
  expect(raised).toHaveLength(kinds.length === 0 ? stamps : 0);
}

const TRANSFER_EVENTS: readonly TransferEventType[] = [
  'TokensTransferred',
  'CrossFrameTransferInitiated',
  'CrossFrameTransferSettled',
  'CrossFrameTransferRefunded',
  'CrossRegistryTransferCompleted',
];

const WRONG: readonly (readonly [FindingKind, Partial<TransferEvent>])[] = [
  ['wrong_sender', { sender: 'A1:user-07' }],
  ['wrong_receiver', { receiver: 'B1:user-07' }],
  ['wrong_amount', { amountBaseUnits: 10_001n }],
  ['wrong_backend', { backend: '2pc' }],
];

describe.each(TRANSFER_EVENTS)('%s', (eventType) => {
  test('as registered: no finding', () => check(eventType, {}, []));

  test('every set of wrong fields: a finding each', () => {
    for (const wrong of subsetsOf(WRONG)) {
      const overrides = Object.assign({}, ...wrong.map(([, override]) => override));
      check(
        eventType,
        overrides,
        wrong.map(([kind]) => kind),
      );
    }
  });

  test.each<readonly [FindingKind, Partial<TransferEvent>]>([
    ['wrong_sender', { sender: undefined }],
    ['wrong_sender', { sender: 'B1:canary-1' }],
    ['wrong_receiver', { receiver: undefined }],
    ['wrong_amount', { amountBaseUnits: 0n }],
    ['wrong_amount', { amountBaseUnits: -10_000n }],
    ['wrong_amount', { amountBaseUnits: 10n }],
    ['wrong_backend', { backend: 'intra' }],
  ])('%s: %o', (kind, overrides) => check(eventType, overrides, [kind]));
});

describe('TransactionFeeCollected', () => {
  test.each<readonly [string, Partial<TransferEvent>, readonly FindingKind[]]>([
    ['as registered', {}, []],
    ['another payer', { payer: 'A1:user-07' }, ['wrong_sender']],
    ['no payer', { payer: undefined }, ['wrong_sender']],
    ['a unit too much', { amountBaseUnits: 11n }, ['wrong_fee']],
    ['no fee', { amountBaseUnits: 0n }, ['wrong_fee']],
    ['the amount for the fee', { amountBaseUnits: 10_000n }, ['wrong_fee']],
    ['another backend', { backend: 'intra' }, ['wrong_backend']],
    [
      'all of it',
      { payer: 'A1:user-07', amountBaseUnits: 9n, backend: '2pc' },
      ['wrong_sender', 'wrong_fee', 'wrong_backend'],
    ],
  ])('%s', (_, overrides, kinds) => check('TransactionFeeCollected', overrides, kinds));
});

test('no event that a whole platform emits is a finding', () => {
  for (const shape of SHAPE_NAMES) {
    const one = testOf(SHAPES[shape]);
    for (const { eventType } of emissionsOf(one.path)) {
      expect(examine(one, eventOf(one, eventType))).toEqual([]);
    }
  }
});

test('a finding names the event, what was found and what was registered', () => {
  const event = eventOf(CROSS, 'TokensTransferred', {
    id: { producer: 'teg-a', position: 1041 },
    amountBaseUnits: 12_345n,
  });
  expect(examine(CROSS, event)).toEqual([
    {
      kind: 'wrong_amount',
      testId: CROSS.testId,
      subject: 'teg-a/1041',
      evidence: 'TokensTransferred: found 0.012345, registered 0.010000',
    },
  ]);
});

const TYPE_OF: Readonly<Record<StampName, TransferEventType>> = {
  tokens_xfer: 'TokensTransferred',
  fee_collected: 'TransactionFeeCollected',
  cf_initiated: 'CrossFrameTransferInitiated',
  cf_settled_local: 'CrossFrameTransferSettled',
  cf_settled_remote: 'CrossFrameTransferSettled',
  cf_refunded: 'CrossFrameTransferRefunded',
};

describe('impossible stamps', () => {
  test.each(['A', 'Z'])(
    'a remote stamp of an event that names %s, which did not emit it',
    (sourceFrame) => {
      const event = eventOf(CROSS, 'CrossFrameTransferSettled', { sourceFrame });
      expect(impossibleStamp(CROSS, 'C', 'cf_settled_remote', event)).toMatchObject({
        kind: 'impossible_stamp',
        subject: 'C/cf_settled_remote',
        evidence: expect.stringMatching(`source_frame ${sourceFrame} .*has it of frame B`),
      });
    },
  );

  test.each(SHAPE_NAMES)('%s: a finding exactly where the table has it', (shape) => {
    const one = testOf(SHAPES[shape]);
    const impossible = impossibleStamps(one.path, FRAMES);
    for (const frame of FRAMES) {
      for (const name of STAMP_NAMES) {
        const finding = impossibleStamp(one, frame, name, eventOf(one, TYPE_OF[name]));
        const listed = impossible.some((two) => two.frame === frame && two.stamp === name);
        expect(finding !== undefined).toBe(listed);
        if (finding === undefined) continue;
        expect(finding).toMatchObject({ kind: 'impossible_stamp', subject: `${frame}/${name}` });
      }
    }
  });
});

test('a second event is one fact, whether the validator or the close meets it', () => {
  const first = eventOf(CROSS, 'TokensTransferred');
  const second = { ...first, id: { producer: 'teg-a', position: 2 } };
  const finding = secondEvent(CROSS, 'A', 'tokens_xfer', 'teg-a/1', second);
  expect(finding).toEqual({
    kind: 'second_event',
    testId: CROSS.testId,
    subject: 'A/TokensTransferred/teg-a/2',
    evidence: 'tokens_xfer at frame A was raised by teg-a/1 already',
  });
});

test('the stamps of what the stores hold are those of the table', () => {
  for (const shape of SHAPE_NAMES) {
    const one = testOf(SHAPES[shape]);
    const raised = stampsInStore(one, storedEventsOf(one, FRAMES));
    const impossible = impossibleStamps(one.path, FRAMES);
    for (const { frame, name } of raised) {
      expect(impossible).not.toContainEqual({ frame, stamp: name });
    }
  }
});
