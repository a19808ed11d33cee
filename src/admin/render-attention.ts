// What needs a person, and the cycles, for people.
import type { z } from 'zod';
import { describeScoreboard } from '../domain/scoreboard.js';
import { dayTime, outcomeCell } from './format.js';
import type { listAttention } from './operations/acknowledge.js';
import type { listCycles } from './operations/cycles.js';
import type { Paint } from './paint.js';
import { moreOf } from './render-operators.js';
import { type Remarked, remarkedTable } from './table.js';
import type { AttentionView } from './views/attention-view.js';
import { scoreboardOfView } from './views/scoreboard-view.js';

/** Worst and oldest first; what is said about it stands below. */
export function renderAttention(
  { attention }: z.output<typeof listAttention.output>,
  paint: Paint,
): string {
  if (attention.length === 0) return 'nothing needs attention';
  const columns = [
    { title: 'path' },
    { title: 'state' },
    { title: 'since (UTC)' },
    { title: 'open', align: 'right' },
    { title: 'last outcome' },
  ] as const;
  const rows = attention.map(
    (one): Remarked => ({
      cells: [
        one.frame === undefined
          ? one.last.pathId
          : `frame ${one.frame}: ${one.pathIds.length} paths`,
        one.failing ? { text: 'failing', colour: 'red' } : 'well again',
        dayTime(one.since),
        String(one.openTests),
        outcomeCell(one.last.outcome, one.last.failureSignal),
      ],
      remark: aboutOf(one),
    }),
  );
  return remarkedTable(columns, rows, paint);
}

function aboutOf({ acknowledged, last }: AttentionView): string {
  const seen =
    acknowledged === undefined
      ? []
      : [`acknowledged by ${acknowledged.by}: ${acknowledged.reason}`];
  const absent = last.absent.length === 0 ? [] : [`never came: ${last.absent.join(', ')}`];
  const reason = last.reason === '' ? [] : [last.reason];
  return [last.testId, ...last.flags, ...reason, ...absent, ...seen].join('; ');
}

export function renderCycles(page: z.output<typeof listCycles.output>, paint: Paint): string {
  if (page.cycles.length === 0) return 'no cycle is stored';
  const columns = [
    { title: 'cycle' },
    { title: 'started (UTC)' },
    { title: 'clean' },
    { title: 'scoreboard' },
  ] as const;
  const rows = page.cycles.map(({ cycleId, scoreboard, startedAt }): Remarked => {
    const line =
      scoreboard === undefined ? 'runs' : describeScoreboard(scoreboardOfView(scoreboard));
    const clean = scoreboard === undefined || !scoreboard.judged ? '-' : String(scoreboard.clean);
    return { cells: [cycleId, dayTime(startedAt), clean, line], remark: '' };
  });
  return [remarkedTable(columns, rows, paint), ...moreOf(page.nextCursor)].join('\n');
}
