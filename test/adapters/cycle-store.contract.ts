// What every result store must do with cycles, missed slots and warm-ups.
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { UnknownRecordError } from '../../src/adapters/store-unavailable-error.js';
import { scoreboardOf } from '../../src/domain/scoreboard.js';
import type { ResultStore } from '../../src/ports.js';
import { addedBetween } from './tally-difference.js';

const MINUTE_MS = 60_000;

type Store = () => ResultStore;

export function cycleStoreContract(name: string, store: Store): void {
  describe(`cycles: ${name}`, () => {
    openCases(store);
    closeCases(store);
    slotCases(store);
    warmUpCases(store);
  });
}

/** Every case has a year of its own, so that the slots of others are not before its own. */
let year = 2031;

function newYearMs(): number {
  year += 1;
  return Date.UTC(year, 0);
}

function openCases(store: Store): void {
  test('a cycle is opened once and always answers the newest slot before its own', async () => {
    const startMs = newYearMs();
    const open = (slot: number | undefined, cycleId: string = randomUUID(), planned = 30) =>
      store().openCycle({
        cycleId,
        slotMs: slot === undefined ? undefined : startMs + slot * MINUTE_MS,
        planned,
        startedAtMs: startMs + (slot ?? 0) * MINUTE_MS + 20,
      });
    const third = randomUUID();
    await open(1);
    await open(3, third);
    expect(await open(6)).toEqual({ previousSlotMs: startMs + 3 * MINUTE_MS });
    expect(await open(3, third, 99)).toEqual({ previousSlotMs: startMs + MINUTE_MS });
    expect(await open(undefined)).toEqual({ previousSlotMs: undefined });
    const [newest, , reopened] = await store().cycles(100);
    expect(newest?.slotMs).toBe(startMs + 6 * MINUTE_MS);
    expect((await store().cycles(100)).find(({ cycleId }) => cycleId === third)).toEqual({
      cycleId: third,
      slotMs: startMs + 3 * MINUTE_MS,
      planned: 30,
      startedAtMs: startMs + 3 * MINUTE_MS + 20,
      closedAtMs: undefined,
      scoreboard: undefined,
    });
    expect(reopened).toBeDefined();
    expect(await store().cycles(2)).toHaveLength(2);
  });
}

function closeCases(store: Store): void {
  test('a cycle is closed and counted once, and the last close is found', async () => {
    const startMs = newYearMs();
    const [first, second] = [randomUUID(), randomUUID()];
    for (const cycleId of [first, second]) {
      await store().openCycle({ cycleId, slotMs: undefined, planned: 1, startedAtMs: startMs });
    }
    const before = await store().tallies();
    const scoreboard = scoreboardOf(first, 1, []);
    await store().closeCycle(scoreboardOf(second, 1, []), startMs + 5_000);
    await store().closeCycle(scoreboard, startMs + 6_000);
    await store().closeCycle({ ...scoreboard, late: 9 }, startMs + 9_000);
    expect(await store().lastClosedCycle()).toEqual({
      cycleId: first,
      slotMs: undefined,
      planned: 1,
      startedAtMs: startMs,
      closedAtMs: startMs + 6_000,
      scoreboard,
    });
    expect(addedBetween(before, await store().tallies())).toEqual({
      'cycles {"clean":"false"}': 2,
    });
  });

  test('a cycle that was never opened cannot be closed', async () => {
    const closed = store().closeCycle(scoreboardOf(randomUUID(), 0, []), newYearMs());
    await expect(closed).rejects.toThrow(UnknownRecordError);
  });
}

function slotCases(store: Store): void {
  test('a missed slot is counted once, however often it is told', async () => {
    const startMs = newYearMs();
    const before = await store().tallies();
    await store().recordMissedSlots([]);
    await store().recordMissedSlots([startMs, startMs + MINUTE_MS]);
    await store().recordMissedSlots([startMs + MINUTE_MS, startMs + 2 * MINUTE_MS, startMs]);
    expect(addedBetween(before, await store().tallies())).toEqual({ 'missed_slots {}': 3 });
  });
}

function warmUpCases(store: Store): void {
  test('one warm-up runs at a time, and the last one is told', async () => {
    expect(await store().warmUp()).toBeUndefined();
    await store().endWarmUp('time_limit', 1);
    const begun = await Promise.all([store().beginWarmUp(100), store().beginWarmUp(100)]);
    expect(begun).toEqual(begun.map(() => ({ startedAtMs: 100, endedAtMs: undefined })));
    expect(await store().beginWarmUp(150)).toEqual({ startedAtMs: 100, endedAtMs: undefined });
    await store().endWarmUp('clean_cycle', 200);
    await store().endWarmUp('time_limit', 900);
    expect(await store().warmUp()).toEqual({ startedAtMs: 100, endedAtMs: 200 });
    expect(await store().beginWarmUp(300)).toEqual({ startedAtMs: 300, endedAtMs: undefined });
    expect(await store().warmUp()).toEqual({ startedAtMs: 300, endedAtMs: undefined });
  });
}
