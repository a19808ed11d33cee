// What every stamp store must do, whatever it is made of.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnknownRecordError } from '../../src/adapters/store-unavailable-error.js';
import type { Stamp } from '../../src/domain/stamp.js';
import type { Clock, StampStore } from '../../src/ports.js';
import { stampAt, testOf } from '../support/samples.js';

const NOW_MS = Date.parse('2026-11-23T18:30:00.000Z');

export const contractClock: Clock = { nowMs: () => NOW_MS };

/** Runs the suite; `stores` answers several clients of one store. */
export function stampStoreContract(
  name: string,
  stores: () => readonly [StampStore, ...StampStore[]],
): void {
  describe(`stamp store: ${name}`, () => {
    registrationCases(() => stores()[0]);
    indexCases(() => stores()[0]);
    stampCases(() => stores()[0]);
    openTestCases(() => stores()[0]);
    raceCases(stores);
  });
}

/** A test that no other case has met. */
function newTest(pathId = 'A1.1-B1.1-async') {
  return testOf(pathId, randomUUID());
}

function registrationCases(store: () => StampStore): void {
  test('the first registration is kept and answered, a repetition changes nothing', async () => {
    const first = newTest();
    expect(await store().register(first)).toEqual({ ...first, firedAtMs: undefined });
    expect(await store().register({ ...first, amount: '999' })).toEqual({
      ...first,
      firedAtMs: undefined,
    });
  });

  test('the first firing time is kept, and a later registration tells it', async () => {
    const one = newTest();
    await store().register(one);
    expect(await store().markFired(one.testId, NOW_MS + 5)).toBe(NOW_MS + 5);
    expect(await store().markFired(one.testId, NOW_MS + 9)).toBe(NOW_MS + 5);
    expect(await store().register(one)).toEqual({ ...one, firedAtMs: NOW_MS + 5 });
  });

  test('a stored test tells all that was noted about it', async () => {
    const one = newTest();
    await store().register(one);
    await store().markFired(one.testId, NOW_MS + 5);
    await store().markAccepted(one.testId, 't-1', NOW_MS + 7);
    await store().markAccepted(one.testId, 't-2', NOW_MS + 8);
    await store().markDecided(one.testId, 'passed');
    await store().markDecided(one.testId, 'failed');
    expect(await store().test(one.testId)).toEqual({
      ...one,
      firedAtMs: NOW_MS + 5,
      acceptedAtMs: NOW_MS + 7,
      transferId: 't-1',
      outcome: 'passed',
    });
  });

  test('an unknown test is undefined to readers and an error to writers', async () => {
    const testId = randomUUID();
    expect(await store().test(testId)).toBeUndefined();
    expect(await store().stamps(testId)).toEqual([]);
    await expect(store().markFired(testId, NOW_MS)).rejects.toThrow(UnknownRecordError);
    await expect(store().markAccepted(testId, 't', NOW_MS)).rejects.toThrow(UnknownRecordError);
    await expect(store().stamp(testId, stampAt('tokens_xfer', 'A', 1))).rejects.toThrow(
      UnknownRecordError,
    );
    // The verdict is stored elsewhere already, so a forgotten test is nothing to stumble over.
    await store().markDecided(testId, 'passed');
    expect(await store().test(testId)).toBeUndefined();
  });
}

function indexCases(store: () => StampStore): void {
  test('the reverse index keeps its first test, whichever way it was written', async () => {
    const [one, other] = [newTest(), newTest()];
    const [accepted, indexed] = [randomUUID(), randomUUID()];
    await store().register(one);
    await store().register(other);
    expect(await store().testIdOfTransfer(accepted)).toBeUndefined();
    await store().markAccepted(one.testId, accepted, NOW_MS);
    await store().indexTransfer(accepted, other.testId);
    await store().indexTransfer(indexed, other.testId);
    await store().markAccepted(one.testId, indexed, NOW_MS);
    expect(await store().testIdOfTransfer(accepted)).toBe(one.testId);
    expect(await store().testIdOfTransfer(indexed)).toBe(other.testId);
  });
}

function stampCases(store: () => StampStore): void {
  test('the first stamp is kept, and every name and frame has its own', async () => {
    const { testId } = await store().register(newTest());
    const first = stampAt('cf_initiated', 'A', NOW_MS + 1);
    const atB = stampAt('cf_initiated', 'B', NOW_MS);
    const settled = stampAt('cf_settled_local', 'B', NOW_MS + 4);
    expect(await store().stamp(testId, first)).toEqual(first);
    expect(await store().stamp(testId, stampAt('cf_initiated', 'A', NOW_MS))).toEqual(first);
    expect(await store().stamp(testId, atB)).toEqual(atB);
    expect(await store().stamp(testId, settled)).toEqual(settled);
    expect(byField(await store().stamps(testId))).toEqual(byField([first, atB, settled]));
  });
}

function openTestCases(store: () => StampStore): void {
  test('a test is open until it is decided, due a soft deadline after its fire', async () => {
    const one = newTest('A1.1-A2.1-2pc');
    const openAs = async () =>
      (await store().openTests()).filter(({ testId }) => testId === one.testId);
    const open = { testId: one.testId, pathId: one.path.id, backend: '2pc' };
    await store().register(one);
    expect(await openAs()).toEqual([{ ...open, softDeadlineAtMs: NOW_MS + one.deadlines.softMs }]);
    await store().markFired(one.testId, NOW_MS + 40);
    await store().markFired(one.testId, NOW_MS + 99);
    await store().register(one);
    expect(await openAs()).toEqual([
      { ...open, softDeadlineAtMs: NOW_MS + 40 + one.deadlines.softMs },
    ]);
    await store().markDecided(one.testId, 'failed');
    await store().register(one);
    await store().markFired(one.testId, NOW_MS + 99);
    expect(await openAs()).toEqual([]);
  });

  test('open tests come by their deadlines, the first first', async () => {
    for (const offsetMs of [30, 10, 20]) {
      const { testId } = await store().register(newTest());
      await store().markFired(testId, NOW_MS + offsetMs);
    }
    const due = (await store().openTests()).map(({ softDeadlineAtMs }) => softDeadlineAtMs);
    expect(due.length).toBeGreaterThanOrEqual(3);
    expect(due).toEqual([...due].sort((one, other) => one - other));
  });
}

function raceCases(stores: () => readonly [StampStore, ...StampStore[]]): void {
  test('of many clients at once one wins, and everybody gets the winner', async () => {
    const client = fc.nat({ max: 7 });
    const seen = fc.record({
      client,
      name: fc.constantFrom('tokens_xfer', 'cf_settled_local', 'cf_refunded'),
      frame: fc.constantFrom('A', 'B'),
      seenAtMs: fc.integer({ min: NOW_MS, max: NOW_MS + 5_000 }),
    } as const);
    const races = fc.record({
      fires: fc.array(fc.record({ client, atMs: fc.nat({ max: 10_000 }) }), { minLength: 2 }),
      stamps: fc.array(seen, { minLength: 2, maxLength: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(races, async (race) => {
        const clients = stores();
        const of = (number: number) => clients[number % clients.length] ?? clients[0];
        const one = newTest();
        await Promise.all(clients.map((store) => store.register(one)));
        const fired = await Promise.all(
          race.fires.map(({ client, atMs }) => of(client).markFired(one.testId, NOW_MS + atMs)),
        );
        expect(new Set(fired).size).toBe(1);
        const wanted = race.stamps.map(({ client, name, frame, seenAtMs }) => ({
          client,
          stamp: { ...stampAt(name, frame, NOW_MS), seenAtMs },
        }));
        const kept = await Promise.all(
          wanted.map(({ client, stamp }) => of(client).stamp(one.testId, stamp)),
        );
        const stored = byField(await clients[0].stamps(one.testId));
        expect(new Set(kept.map(fieldOf))).toEqual(new Set(stored.keys()));
        for (const stamp of kept) expect(stamp).toEqual(stored.get(fieldOf(stamp)));
        for (const stamp of stored.values()) {
          expect(wanted.map((candidate) => candidate.stamp)).toContainEqual(stamp);
        }
      }),
      { numRuns: 40 },
    );
  });
}

function fieldOf(stamp: Stamp): string {
  return `${stamp.name}@${stamp.frame}`;
}

function byField(stamps: readonly Stamp[]): ReadonlyMap<string, Stamp> {
  return new Map(stamps.map((stamp) => [fieldOf(stamp), stamp]));
}
