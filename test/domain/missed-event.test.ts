// The finding of an event that one feed lost, and what it counts as.
import { describe, expect, test } from 'vitest';
import type { FeedKind } from '../../src/domain/feed-kind.js';
import { FINDING_KINDS } from '../../src/domain/finding.js';
import { missedEventFinding, missedEventLabels } from '../../src/domain/missed-event.js';
import { talliesOfFinding } from '../../src/domain/tally.js';

const STORED = {
  event: {
    id: { producer: 'teg-a', position: 1041 },
    eventType: 'TokensTransferred',
    sourceFrame: 'A',
    committedAtMs: 0,
    transferId: 't-1',
    backend: 'intra',
    memo: 'canary-x',
    sender: 'A1:canary-1',
    receiver: 'A1:canary-2',
    payer: undefined,
    amountBaseUnits: 1n,
  },
  sequence: 17,
  storedAtMs: Date.parse('2026-11-23T18:30:36.123Z'),
  foreignFrom: undefined,
} as const;

describe('an event that is missing', () => {
  test.each<readonly [FeedKind, string, string]>([
    [
      'event-store',
      'missing_in_event_store',
      'TokensTransferred teg-a/1041 of transfer t-1: Kafka brought it to frame A at place 17, ' +
        '2026-11-23T18:30:36.123Z; the EventStore, complete through 42, never showed it',
    ],
    [
      'kafka',
      'missing_in_kafka',
      'TokensTransferred teg-a/1041 of transfer t-1: the EventStore brought it to frame A at ' +
        'place 17, 2026-11-23T18:30:36.123Z; Kafka, complete through 42, never showed it',
    ],
  ])('in %s', (missing, kind, evidence) => {
    const finding = missedEventFinding('x', 'A', { missing, stored: STORED, provenThrough: 42 });
    const subject = 'A/TokensTransferred/teg-a/1041';
    expect(finding).toEqual({ kind, testId: 'x', subject, evidence });
    const labels = { frame: 'A', event_type: 'TokensTransferred', missing };
    expect(talliesOfFinding(finding)).toEqual([
      { tally: 'findings', labels: { kind }, add: 1 },
      { tally: 'missed_events', labels, add: 1 },
    ]);
  });
});

test('no other finding is a missed event', () => {
  const others = FINDING_KINDS.filter((kind) => !kind.startsWith('missing_in_'));
  const subject = 'A/TokensTransferred/teg-a/1041';
  const labels = others.map((kind) =>
    missedEventLabels({ kind, testId: 'x', subject, evidence: '' }),
  );
  expect(new Set(labels)).toEqual(new Set([undefined]));
});
