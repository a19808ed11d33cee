// What may enter the log: the contract's envelopes, and nothing that merely looks like one.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, type Json } from '../../src/event-store/canonical-json.js';
import { readRecord } from '../../src/event-store/incoming-event.js';
import { EVENT_TYPES } from '../../src/names.js';
import { type EventFields, envelope, record } from './events.js';

const PEERS = ['B', 'C'];
const read = (value: string, foreignFrom?: string) =>
  readRecord({ key: '', value, ...(foreignFrom !== undefined && { foreignFrom }) }, PEERS);

describe('an event enters', () => {
  test.each([...EVENT_TYPES, 'StakeMoved'])('%s', (event_type) => {
    const { value } = record({ position: 1, event_type });
    const answer = read(value);
    expect(answer.ok && JSON.parse(answer.event.canonical)).toEqual(JSON.parse(value));
  });

  test('as own, or as a foreign copy of a known frame', () => {
    const { value } = record({ position: 1 });
    const frames = [undefined, 'B', 'C'].map((from) => read(value, from));
    expect(frames.map((answer) => answer.ok && answer.event.foreignFrom)).toEqual([null, 'B', 'C']);
  });
});

describe('a record is rejected, naming the place', () => {
  const changed = (fields: Partial<EventFields> & Record<string, unknown>) =>
    JSON.stringify({ ...envelope({ position: 1 }), ...fields });
  const withData = (data: Record<string, unknown>, event_type = 'TokensTransferred') =>
    JSON.stringify(envelope({ position: 1, event_type, data }));
  test.each([
    ['no JSON', '{"producer":', 'SyntaxError'],
    ['empty', '', 'SyntaxError'],
    ['no object', '[1]', 'expected object'],
    ['null', 'null', 'expected object'],
    ['a field missing', '{"producer":"teg-a"}', 'position'],
    ['a field of the store', changed({ sequence: 7 }), 'sequence'],
    ['a hash of its own', changed({ hash: 'ab' }), 'hash'],
    ['position 0', changed({ position: 0 }), 'position'],
    ['a broken position', changed({ position: 1.5 }), 'position'],
    ['a position beyond exactness', changed({ position: 2 ** 53 }), 'position'],
    ['a position as text', '{"position":"1"}', 'position'],
    ['an unknown backend', changed({ backend: 'pigeon' }), 'backend'],
    ['no time', changed({ committed_at: 'yesterday' }), 'committed_at'],
    ['a time before all', changed({ committed_at: '0000-01-01T00:00:00.000Z' }), 'committed_at'],
    ['a day that is none', changed({ committed_at: '2026-02-30T00:00:00.000Z' }), 'committed_at'],
    ['an amount as a number', withData({ amount: 0.01 }), 'data.amount'],
    ['an amount with seven places', withData({ amount: '0.0000001' }), 'data.amount'],
    ['a negative amount', withData({ amount: '-1' }), 'data.amount'],
    ['a transfer without memo', withData({ memo: undefined }), 'data.memo'],
    [
      'a fee without payer',
      withData({ payer: undefined }, 'TransactionFeeCollected'),
      'data.payer',
    ],
    ['an issue to nobody', withData({ account: undefined }, 'TokensIssued'), 'data.account'],
    ['a marker without position', withData({ snapshot_position: -1 }, 'SupplyMarker'), 'snapshot'],
    ['a memo with a zero character', withData({ memo: 'canary-\0' }), 'data.memo'],
    ['a memo beyond measure', withData({ memo: 'x'.repeat(301) }), 'data.memo'],
    ['too many bytes', withData({ reason: 'x'.repeat(70_000) }), 'longer than'],
    ['a nest without end', `{"data":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, ''],
  ])('%s', (_name, value, place) => {
    const answer = read(value);
    expect(answer.ok ? answer : answer.reason).toContain(place);
  });

  test.each(['A', 'X', '', 'B,C'])('a copy from "%s"', (foreignFrom) => {
    const answer = read(record({ position: 1 }).value, foreignFrom);
    expect(answer.ok ? answer : answer.reason).toContain('foreign_from');
  });

  test('whatever comes, reading never throws', () => {
    const value = fc.oneof(fc.string(), fc.json(), fc.constantFrom('9'.repeat(400), '"\\ud800"'));
    fc.assert(fc.property(value, (text) => typeof read(text).ok === 'boolean'));
  });
});

describe('canonical JSON', () => {
  test.each<[Json, string]>([
    [
      { b: 1, a: { d: [3, { z: 1, y: 2 }], c: null } },
      '{"a":{"c":null,"d":[3,{"y":2,"z":1}]},"b":1}',
    ],
    [{ 'ä"': 'x\ny', B: true }, '{"B":true,"ä\\"":"x\\ny"}'],
    [[], '[]'],
  ])('%j', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test('says the same, whatever the order of keys was', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = canonicalJson(value as Json);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(turned(JSON.parse(text)))).toBe(text);
      }),
    );
  });
});

/** The same value with the keys of every object in the opposite order. */
function turned(value: Json): Json {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, turned(member)] as const);
  return Object.fromEntries(members.reverse());
}
