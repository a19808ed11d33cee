// Lists for people: paths, results and checks, each a short table.
import type { z } from 'zod';
import type { Outcome } from '../domain/verdict.js';
import { clockTime, dayTime, formatMs, outcomeCell } from './format.js';
import type { listPaths } from './operations/list-paths.js';
import type { listResults } from './operations/list-results.js';
import type { runDoctor } from './operations/run-doctor.js';
import type { Paint } from './paint.js';
import { type Cell, type Remarked, remarkedTable, renderTable } from './table.js';
import { flagsOf } from './views/result-view.js';

type Output<O extends { readonly output: z.ZodType }> = z.output<O['output']>;

export function renderPaths({ last, paths }: Output<typeof listPaths>, paint: Paint): string {
  const columns = [
    { title: 'path' },
    { title: 'last outcome' },
    { title: `passed of ${last}`, align: 'right' },
    { title: 'p50', align: 'right' },
    { title: 'p95', align: 'right' },
    { title: 'last passed (UTC)' },
  ] as const;
  const rows = paths.map((path): readonly Cell[] => [
    path.pathId,
    path.last === undefined
      ? 'never fired'
      : flagged(path.last.outcome, path.last.failureSignal, path.last.flags),
    `${path.passed}/${path.of}`,
    formatMs(path.p50Ms),
    formatMs(path.p95Ms),
    dayTime(path.lastPassedAt),
  ]);
  return renderTable(columns, rows, paint);
}

/** The newest first; what is known beyond the outcome stands below. */
export function renderResults(page: Output<typeof listResults>, paint: Paint): string {
  if (page.results.length === 0) return 'no result matches';
  const columns = [
    { title: 'test' },
    { title: 'decided' },
    { title: 'outcome' },
    { title: 'latency', align: 'right' },
  ] as const;
  const rows = page.results.map((result): Remarked => {
    const { decidedAt, failureSignal, outcome, phase, reason, testId, totalLatencyMs } = result;
    const about = [
      ...(phase === undefined ? [] : [`phase ${phase}`]),
      ...flagsOf(result),
      ...(reason === '' ? [] : [reason]),
    ];
    return {
      cells: [
        testId,
        clockTime(decidedAt).slice(0, 8),
        outcomeCell(outcome, failureSignal),
        formatMs(totalLatencyMs),
      ],
      remark: about.join('; '),
    };
  });
  const more = page.nextCursor === undefined ? [] : ['', `more: --cursor ${page.nextCursor}`];
  return [remarkedTable(columns, rows, paint), ...more].join('\n');
}

const STATE_ORDER = ['unreachable', 'wrong', 'ok'] as const;
const STATE_COLOURS = { unreachable: 'red', wrong: 'red', ok: 'green' } as const;

/** What is wrong stands first, the one thing to do below it. */
export function renderDoctor({ checks }: Output<typeof runDoctor>, paint: Paint): string {
  const columns = [
    { title: 'state' },
    { title: 'check' },
    { title: 'subject' },
    { title: 'detail' },
  ] as const;
  const worstFirst = [...checks].sort(
    (one, other) => STATE_ORDER.indexOf(one.state) - STATE_ORDER.indexOf(other.state),
  );
  const rows = alike(worstFirst).map(({ advice, check, detail, state, subjects }) => {
    const [first = '', ...others] = subjects;
    const subject = others.length === 0 ? first : `${first} and ${others.length} more`;
    return {
      cells: [{ text: state, colour: STATE_COLOURS[state] }, check, subject, detail],
      remark: advice === undefined ? '' : `-> ${advice}`,
    };
  });
  return remarkedTable(columns, rows, paint);
}

type Check = Output<typeof runDoctor>['checks'][number];

/** Checks that are wrong for one reason, as one. */
function alike(checks: readonly Check[]) {
  const groups = new Map<string, Check & { readonly subjects: string[] }>();
  for (const check of checks) {
    const { subject, ...rest } = check;
    const key = JSON.stringify(check.state === 'ok' ? check : rest);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { ...check, subjects: [subject] });
    else group.subjects.push(subject);
  }
  return [...groups.values()];
}

function flagged(outcome: Outcome, failureSignal: string | undefined, flags: readonly string[]) {
  const cell = outcomeCell(outcome, failureSignal);
  const { text, colour } = typeof cell === 'string' ? { text: cell, colour: undefined } : cell;
  const whole = [text, ...flags].join(', ');
  return colour === undefined ? whole : { text: whole, colour };
}
