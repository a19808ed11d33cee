// Ledger events on the wire: every type of the contract is read, and all else is a value.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parseRecord,
  parseStoredEvent,
  storedEventOf,
} from '../../src/adapters/ledger-event-wire.js';
import { COMPLETED_EVENT_TYPE, VALIDATED_EVENT_TYPES } from '../../src/domain/event.js';
import type { ParsedEvent } from '../../src/ports.js';
import {
  COMMITTED_AT_MS,
  feeEnvelope,
  markerEnvelope,
  storedEvent,
  transferEnvelope,
  type WireStoredEvent,
} from '../support/wire-events.js';

const STORED_AT_MS = COMMITTED_AT_MS + 7;

function stored(envelope = transferEnvelope(), foreignFrom: string | null = null) {
  return storedEvent(envelope, 12, STORED_AT_MS, foreignFrom);
}

function parse(json: unknown): ParsedEvent {
  return parseStoredEvent(JSON.stringify(json));
}

describe('a stored event', () => {
  const transfers = [...VALIDATED_EVENT_TYPES, COMPLETED_EVENT_TYPE].filter(
    (type) => type !== 'TransactionFeeCollected',
  );
  for (const eventType of transfers) {
    test(`${eventType} is read with its parties and memo`, () => {
      const envelope = transferEnvelope({ event_type: eventType, backend: '2pc' });
      expect(parse(stored(envelope, 'B'))).toEqual({
        kind: 'event',
        stored: {
          event: {
            id: { producer: 'teg-a', position: envelope.position },
            eventType,
            sourceFrame: 'A',
            committedAtMs: COMMITTED_AT_MS,
            transferId: envelope.transfer_id,
            backend: '2pc',
            memo: envelope.data.memo,
            sender: 'A1:canary-1',
            receiver: 'B1:canary-1',
            payer: undefined,
            amountBaseUnits: 10_000n,
          },
          sequence: 12,
          storedAtMs: STORED_AT_MS,
          foreignFrom: 'B',
        },
      });
    });
  }

  test('TransactionFeeCollected is read with its payer and without a memo', () => {
    const envelope = feeEnvelope();
    expect(parse(stored(envelope))).toMatchObject({
      stored: {
        event: {
          eventType: 'TransactionFeeCollected',
          memo: undefined,
          sender: undefined,
          receiver: undefined,
          payer: 'A1:canary-1',
          amountBaseUnits: 10n,
        },
        foreignFrom: undefined,
      },
    });
  });

  test('amounts are exact, however large', () => {
    const data = { ...transferEnvelope().data, amount: '123456789012345678901.000001' };
    expect(parse(stored(transferEnvelope({ data })))).toMatchObject({
      stored: { event: { amountBaseUnits: 123_456_789_012_345_678_901_000_001n } },
    });
  });

  test('what is no transfer event, or of an unknown type, is other', () => {
    expect(parse(stored(markerEnvelope()))).toEqual({ kind: 'other', eventType: 'SupplyMarker' });
    const unknown = transferEnvelope({ event_type: 'TokensStaked', data: { anything: [1] } });
    expect(parse(stored(unknown))).toEqual({ kind: 'other', eventType: 'TokensStaked' });
    const shadowing = transferEnvelope({ event_type: 'toString' });
    expect(parse(stored(shadowing))).toEqual({ kind: 'other', eventType: 'toString' });
  });

  test('fields beyond the contract change nothing', () => {
    const one = stored();
    const more = { ...one, extra: { deep: [] }, data: { ...one.data, memo2: 'canary-x' } };
    expect(parse(more)).toEqual(parse(one));
  });
});

describe('a malformed event', () => {
  const event = stored();
  const withData = (changes: object) => ({ ...event, data: { ...event.data, ...changes } });
  const table: readonly { what: string; json: unknown; problem: RegExp }[] = [
    { what: 'null', json: null, problem: /^the event: / },
    { what: 'an array', json: [event], problem: /^the event: / },
    { what: 'a number', json: 7, problem: /^the event: / },
    { what: 'a sequence in words', json: { ...event, sequence: '12' }, problem: /^sequence: / },
    { what: 'a sequence of zero', json: { ...event, sequence: 0 }, problem: /^sequence: / },
    { what: 'a huge sequence', json: { ...event, sequence: 2 ** 60 }, problem: /^sequence: / },
    { what: 'half a position', json: { ...event, position: 1.5 }, problem: /^position: / },
    { what: 'a negative position', json: { ...event, position: -1 }, problem: /^position: / },
    { what: 'no producer', json: { ...event, producer: '' }, problem: /^producer: / },
    {
      what: 'an endless producer',
      json: { ...event, producer: 'p'.repeat(201) },
      problem: /^producer: /,
    },
    {
      what: 'a time without zone',
      json: { ...event, committed_at: '2026-11-23T18:30:36' },
      problem: /^committed_at: /,
    },
    {
      what: 'a day that is none',
      json: { ...event, committed_at: '2026-02-30T00:00:00.000Z' },
      problem: /^committed_at: /,
    },
    { what: 'a time in numbers', json: { ...event, stored_at: 1 }, problem: /^stored_at: / },
    { what: 'an unknown backend', json: { ...event, backend: 'tcp' }, problem: /^backend: / },
    { what: 'no backend', json: { ...event, backend: null }, problem: /^backend: / },
    { what: 'no transfer', json: { ...event, transfer_id: null }, problem: /^transfer_id: / },
    { what: 'no data', json: { ...event, data: null }, problem: /^data: / },
    { what: 'no memo', json: withData({ memo: undefined }), problem: /^data\.memo: / },
    { what: 'a memo of null', json: withData({ memo: null }), problem: /^data\.memo: / },
    { what: 'a numeric amount', json: withData({ amount: 0.01 }), problem: /^data\.amount: / },
    { what: 'a signed amount', json: withData({ amount: '-1' }), problem: /^data\.amount: / },
    { what: 'an amount in powers', json: withData({ amount: '1e3' }), problem: /^data\.amount: / },
    {
      what: 'an amount too fine',
      json: withData({ amount: '0.0000001' }),
      problem: /^data\.amount: /,
    },
    { what: 'no sender', json: withData({ sender: 7 }), problem: /^data\.sender: / },
    { what: 'a frame of its own kind', json: { ...event, foreign_from: 1 }, problem: /^foreign/ },
    {
      what: 'a fee without a payer',
      json: { ...stored(feeEnvelope()), data: { amount: '1' } },
      problem: /^data\.payer: /,
    },
  ];
  for (const { what, json, problem } of table) {
    test(`${what} is named`, () => {
      expect(parse(json)).toEqual({ kind: 'malformed', problem: expect.stringMatching(problem) });
    });
  }

  test('no text and no JSON makes the parser throw, and problems stay short', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.string().map((text) => JSON.stringify({ ...event, [text]: text, event_type: text })),
      fc.nat({ max: 100_000 }).map((depth) => '['.repeat(depth)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        for (const parsed of [
          parseStoredEvent(text),
          parseRecord({ text, offset: 1, timestampMs: 1 }),
        ]) {
          if (parsed.kind === 'malformed') expect(parsed.problem.length).toBeLessThanOrEqual(200);
        }
      }),
    );
  });

  test('an event that lost any one field of the contract is malformed', () => {
    const needed = Object.keys(event).filter((key) => key !== 'prev_hash' && key !== 'hash');
    for (const key of needed) {
      const { [key as keyof WireStoredEvent]: _, ...rest } = event;
      expect(storedEventOf(rest), key).toMatchObject({ kind: 'malformed' });
    }
  });
});

describe('a Kafka record', () => {
  const text = JSON.stringify(transferEnvelope());

  test('is an event at its offset, stored at its timestamp', () => {
    const raw = { text, offset: 0, timestampMs: STORED_AT_MS, foreignFrom: 'B' };
    expect(parseRecord(raw)).toMatchObject({
      kind: 'event',
      stored: { sequence: 0, storedAtMs: STORED_AT_MS, foreignFrom: 'B' },
    });
    expect(parseRecord({ text, offset: 3, timestampMs: 4 })).toMatchObject({
      stored: { sequence: 3, storedAtMs: 4, foreignFrom: undefined },
    });
  });

  test('without a place is malformed', () => {
    expect(parseRecord({ text })).toMatchObject({ kind: 'malformed' });
  });
});
