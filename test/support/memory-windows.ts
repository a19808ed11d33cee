// Pauses and maintenance windows in memory; held to the same contract suite.
import type { OperatorWindow } from '../../src/domain/window.js';
import type { WindowChoice, WindowStore } from '../../src/ports.js';

export function createMemoryWindows(): WindowStore {
  const windows: OperatorWindow[] = [];
  const endWhere = (matches: (one: OperatorWindow) => boolean, by: string, atMs: number) => {
    const ended: OperatorWindow[] = [];
    for (const [index, one] of windows.entries()) {
      if (one.ended !== undefined || !matches(one)) continue;
      const changed = { ...one, ended: { by, atMs: Math.min(one.untilMs, atMs) } };
      windows[index] = changed;
      ended.push(changed);
    }
    return ended;
  };
  return {
    async set(window) {
      const isSame = (one: OperatorWindow) => one.kind === 'pause' && one.pathId === window.pathId;
      if (window.kind === 'pause') endWhere(isSame, window.by, window.setAtMs);
      const stored = { ...window, windowId: windows.length + 1, ended: undefined };
      windows.push(stored);
      return stored;
    },
    end: async (which, by, atMs) =>
      endWhere((one) => one.untilMs > atMs && isMeant(one, which), by, atMs),
    standing: async (nowMs) =>
      windows.filter(({ ended, untilMs }) => ended === undefined && untilMs > nowMs),
  };
}

function isMeant(window: OperatorWindow, which: WindowChoice): boolean {
  if (window.kind !== which.kind) return false;
  if ('windowId' in which) return window.windowId === which.windowId;
  return 'pathId' in which ? window.pathId === which.pathId : true;
}
