// What operators said and ordered, for people: pauses, maintenance windows, the log of actions.
import type { z } from 'zod';
import { dayTime } from './format.js';
import type { listActions } from './operations/list-actions.js';
import type { Paint } from './paint.js';
import { type Remarked, remarkedTable } from './table.js';
import type { WindowView } from './views/window-view.js';

/** `A1.1-B1.1-async until 2026-11-23 18:30:00 UTC, by a person: the receiver moves`. */
export function renderWindow(window: WindowView): string {
  const from = window.active ? '' : `from ${dayTime(window.from)} UTC `;
  const span = `${from}until ${dayTime(window.until)} UTC`;
  return `${scopeOf(window)} ${span}, by ${window.by}: ${window.reason}`;
}

/** What is over is told without its end. */
export function renderEnded(window: WindowView): string {
  return `${scopeOf(window)} (by ${window.by}: ${window.reason})`;
}

export function renderWindows(windows: readonly WindowView[], none: string, paint: Paint): string {
  if (windows.length === 0) return none;
  const columns = [
    { title: 'window', align: 'right' },
    { title: 'path' },
    { title: 'from (UTC)' },
    { title: 'until (UTC)' },
    { title: 'by' },
  ] as const;
  const rows = windows.map(
    (one): Remarked => ({
      cells: [String(one.window), scopeOf(one), dayTime(one.from), dayTime(one.until), one.by],
      remark: one.reason,
    }),
  );
  return remarkedTable(columns, rows, paint);
}

export function renderActions(page: z.output<typeof listActions.output>, paint: Paint): string {
  if (page.actions.length === 0) return 'no action matches';
  const columns = [
    { title: 'action', align: 'right' },
    { title: 'at (UTC)' },
    { title: 'actor' },
    { title: 'face' },
    { title: 'operation' },
    { title: 'outcome' },
    { title: 'subject' },
  ] as const;
  const rows = page.actions.map(
    (one): Remarked => ({
      cells: [
        String(one.action),
        dayTime(one.at),
        one.actor,
        one.face,
        one.operation,
        one.outcome,
        one.subject,
      ],
      remark: '',
    }),
  );
  return [remarkedTable(columns, rows, paint), ...moreOf(page.nextCursor)].join('\n');
}

/** How to ask for the page behind this one. */
export function moreOf(nextCursor: string | undefined): readonly string[] {
  return nextCursor === undefined ? [] : ['', `more: --cursor ${nextCursor}`];
}

function scopeOf({ pathId }: WindowView): string {
  return pathId ?? 'every path';
}
