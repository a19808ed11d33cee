// What every store of pauses and maintenance windows must do, whatever it is made of.
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { NewWindow } from '../../src/domain/window.js';
import type { WindowStore } from '../../src/ports.js';

const NOW_MS = Date.parse('2026-11-23T18:30:00.000Z');
const HOUR_MS = 3_600_000;

function newWindow(over: Partial<NewWindow> = {}): NewWindow {
  return {
    kind: 'pause',
    pathId: randomUUID(),
    fromMs: NOW_MS,
    untilMs: NOW_MS + HOUR_MS,
    reason: 'the receiver moves',
    by: 'a person',
    setAtMs: NOW_MS,
    ...over,
  };
}

export function windowStoreContract(name: string, store: () => WindowStore): void {
  const standing = async ({ pathId }: NewWindow, nowMs = NOW_MS) =>
    (await store().standing(nowMs)).filter((one) => one.pathId === pathId);

  describe(`windows: ${name}`, () => {
    test('a window stands until its time is over', async () => {
      const window = newWindow();
      const { windowId } = await store().set(window);
      expect(await standing(window)).toEqual([{ ...window, windowId, ended: undefined }]);
      expect(await standing(window, NOW_MS + HOUR_MS - 1)).toHaveLength(1);
      expect(await standing(window, NOW_MS + HOUR_MS)).toEqual([]);
    });

    test('a pause takes the place of the one before, also of one that is over', async () => {
      const window = newWindow();
      await store().set({ ...window, untilMs: NOW_MS + 1 });
      await store().set({ ...window, untilMs: NOW_MS + 9 * HOUR_MS });
      const last = await store().set({ ...window, reason: 'longer', setAtMs: NOW_MS + 5 });
      expect(await standing(window)).toEqual([last]);
    });

    test('of many pauses of one path at once one stands', async () => {
      const window = newWindow();
      await Promise.all(Array.from({ length: 8 }, () => store().set(window)));
      expect(await standing(window)).toHaveLength(1);
    });

    test('maintenance windows of one path stand beside each other', async () => {
      const window = newWindow({ kind: 'maintenance', fromMs: NOW_MS + 5 });
      await store().set(window);
      await store().set(window);
      expect(await standing(window)).toHaveLength(2);
    });

    test('what is ended is answered once, and stands no more', async () => {
      const [one, other] = [newWindow(), newWindow()];
      await store().set(one);
      const kept = await store().set(other);
      const pathId = one.pathId ?? '';
      const end = () => store().end({ kind: 'pause', pathId }, 'another', NOW_MS + 7);
      expect(await end()).toMatchObject([{ ended: { by: 'another', atMs: NOW_MS + 7 } }]);
      expect(await end()).toEqual([]);
      expect(await standing(one)).toEqual([]);
      expect(await standing(other)).toEqual([kept]);
    });

    test('one window is ended by its number, of its kind alone', async () => {
      const { windowId } = await store().set(newWindow({ kind: 'maintenance' }));
      expect(await store().end({ kind: 'pause', windowId }, 'x', NOW_MS)).toEqual([]);
      expect(await store().end({ kind: 'maintenance', windowId }, 'x', NOW_MS)).toHaveLength(1);
    });

    test('all of a kind are ended together, those of every path too', async () => {
      const [one, whole] = [newWindow(), newWindow({ pathId: undefined })];
      const maintenance = newWindow({ kind: 'maintenance' });
      for (const window of [one, whole, maintenance]) await store().set(window);
      const ended = await store().end({ kind: 'pause', all: true }, 'x', NOW_MS);
      expect(ended.map(({ pathId }) => pathId)).toEqual(
        expect.arrayContaining([one.pathId, undefined]),
      );
      expect((await store().standing(NOW_MS)).filter(({ kind }) => kind === 'pause')).toEqual([]);
      expect(await standing(maintenance)).toHaveLength(1);
    });
  });
}
