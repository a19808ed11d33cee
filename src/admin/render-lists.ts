// Lists for people: paths, results, checks and the configuration, each a short table.
import type { z } from 'zod';
import { dashIfEmpty, dayTime, formatMs, outcomeCell } from './format.js';
import type { listPaths } from './operations/list-paths.js';
import type { listResults } from './operations/list-results.js';
import type { runDoctor } from './operations/run-doctor.js';
import type { ConfigCheck } from './operations/show-config.js';
import type { Paint } from './paint.js';
import { type Cell, renderTable } from './table.js';
import { flagsOf } from './views/result-view.js';

type Output<O extends { readonly output: z.ZodType }> = z.output<O['output']>;

export function renderPaths({ last, paths }: Output<typeof listPaths>, paint: Paint): string {
  const columns = [
    { title: 'path' },
    { title: 'last outcome' },
    { title: 'flags' },
    { title: `passed of ${last}`, align: 'right' },
    { title: 'p50', align: 'right' },
    { title: 'p95', align: 'right' },
    { title: 'last passed (UTC)' },
  ] as const;
  const rows = paths.map((path): readonly Cell[] => [
    path.pathId,
    path.last === undefined
      ? 'never fired'
      : outcomeCell(path.last.outcome, path.last.failureSignal),
    dashIfEmpty(path.last?.flags ?? []),
    `${path.passed}/${path.of}`,
    formatMs(path.p50Ms),
    formatMs(path.p95Ms),
    dayTime(path.lastPassedAt),
  ]);
  return renderTable(columns, rows, paint);
}

export function renderResults(page: Output<typeof listResults>, paint: Paint): string {
  if (page.results.length === 0) return 'no result matches';
  const columns = [
    { title: 'test' },
    { title: 'decided (UTC)' },
    { title: 'outcome' },
    { title: 'phase' },
    { title: 'flags' },
    { title: 'latency', align: 'right' },
    { title: 'reason' },
  ] as const;
  const rows = page.results.map((result): readonly Cell[] => [
    result.testId,
    dayTime(result.decidedAt),
    outcomeCell(result.outcome, result.failureSignal),
    result.phase ?? '-',
    dashIfEmpty(flagsOf(result)),
    formatMs(result.totalLatencyMs),
    result.reason,
  ]);
  const more = page.nextCursor === undefined ? [] : ['', `more: --cursor ${page.nextCursor}`];
  return [renderTable(columns, rows, paint), ...more].join('\n');
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
  const rows = worstFirst.map(({ state, check, subject, detail }): readonly Cell[] => [
    { text: state, colour: STATE_COLOURS[state] },
    check,
    subject,
    detail,
  ]);
  const [head = '', ...lines] = renderTable(columns, rows, paint).split('\n');
  const advised = lines.flatMap((line, index) => {
    const advice = worstFirst[index]?.advice;
    return advice === undefined ? [line] : [line, `  -> ${advice}`];
  });
  return [head, ...advised].join('\n');
}

export function renderConfigCheck(check: ConfigCheck, paint: Paint): string {
  const { intra, async, '2pc': twoPhase } = check.pathsOfBackend;
  return [
    `${paint('usable', 'green')}  ${check.file}`,
    `${check.frames} frames, ${check.registries} registries, ${check.agents} agents`,
    `${check.paths} paths every ${formatMs(check.intervalMs)}: ` +
      `${intra} intra, ${async} async, ${twoPhase} 2pc`,
    ...check.warnings.map((warning) => `${paint('warning', 'yellow')}  ${warning}`),
  ].join('\n');
}
