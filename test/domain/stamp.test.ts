// Which stamp an event raises, its fields in Redis, and the times that it keeps.
import { describe, expect, test } from 'vitest';
import { VALIDATED_EVENT_TYPES, type ValidatedEventType } from '../../src/domain/event.js';
import {
  frameStampField,
  STAMP_NAMES,
  type StampName,
  stampField,
  stampNameOf,
  stampOf,
} from '../../src/domain/stamp.js';
import { eventOf, FIRED_AT_MS, SHAPES, storedAt, testOf } from './builders.js';
import { stampRaised } from './platform.js';

/** The fields of the seed's table of validators, letter by letter. */
const FIELDS: Readonly<Record<StampName, string>> = {
  tokens_xfer: 'tokens_xfer_seen_iso',
  fee_collected: 'fee_collected_seen_iso',
  cf_initiated: 'cf_initiated_seen_iso',
  cf_settled_local: 'cf_settled_local_seen_iso',
  cf_settled_remote: 'cf_settled_remote_seen_iso',
  cf_refunded: 'cf_refunded_seen_iso',
};

function check(eventType: ValidatedEventType, own: StampName, other: StampName) {
  expect(stampNameOf(eventType, 'A', 'A')).toBe(own);
  expect(stampNameOf(eventType, 'B', 'A')).toBe(other);
}

describe('an event of its own frame, and one of another, raise', () => {
  test.each([
    ['TokensTransferred', 'tokens_xfer', 'tokens_xfer'],
    ['TransactionFeeCollected', 'fee_collected', 'fee_collected'],
    ['CrossFrameTransferInitiated', 'cf_initiated', 'cf_initiated'],
    ['CrossFrameTransferSettled', 'cf_settled_local', 'cf_settled_remote'],
    ['CrossFrameTransferRefunded', 'cf_refunded', 'cf_refunded'],
  ] as const)('%s: %s, %s', (eventType, own, other) => check(eventType, own, other));

  test('as a second reading of the design has it', () => {
    for (const type of VALIDATED_EVENT_TYPES) {
      for (const source of ['A', 'B', '']) {
        for (const local of ['A', 'B']) {
          expect(stampNameOf(type, source, local)).toBe(stampRaised(type, source, local));
        }
      }
    }
  });
});

describe('fields in Redis', () => {
  test.each(Object.entries(FIELDS))('%s', (name, field) => {
    expect(stampField(name as StampName)).toBe(field);
    expect(frameStampField(name as StampName, 'B')).toBe(`${field}@B`);
  });

  test('no two stamps of any two frames share a field', () => {
    const fields = STAMP_NAMES.flatMap((name) => [
      stampField(name),
      ...['A', 'B', 'AB'].map((frame) => frameStampField(name, frame)),
    ]);
    expect(new Set(fields).size).toBe(STAMP_NAMES.length * 4);
  });
});

test('a stamp keeps its frame, the event’s id and source, and the three times of its way', () => {
  const settled = eventOf(testOf(SHAPES['async cross frame']), 'CrossFrameTransferSettled', {
    id: { producer: 'teg-b', position: 1041 },
    committedAtMs: FIRED_AT_MS + 1,
  });
  const { stored } = storedAt('A', settled, 'B');
  expect(stampOf(stored, 'cf_settled_remote', 'A', FIRED_AT_MS + 3)).toEqual({
    name: 'cf_settled_remote',
    frame: 'A',
    eventId: { producer: 'teg-b', position: 1041 },
    transferId: settled.transferId,
    sourceFrame: 'B',
    originCommittedAtMs: FIRED_AT_MS + 1,
    storedAtMs: stored.storedAtMs,
    seenAtMs: FIRED_AT_MS + 3,
  });
});
