// The scoreboard for people: the count first, then latency by backend, then what did not just pass.
import { BACKENDS } from '../domain/backend.js';
import { describeScoreboard, type Scoreboard } from '../domain/scoreboard.js';
import { dashIfEmpty, formatMs, outcomeCell } from './format.js';
import { type Paint, plain } from './paint.js';
import { type Column, renderTable, section } from './table.js';

const LATENCY_COLUMNS: readonly Column[] = [
  { title: 'backend' },
  { title: 'passed', align: 'right' },
  { title: 'p50', align: 'right' },
  { title: 'p95', align: 'right' },
  { title: 'max', align: 'right' },
  { title: 'observer share p50', align: 'right' },
];

const NOTABLE_COLUMNS: readonly Column[] = [
  { title: 'path' },
  { title: 'outcome' },
  { title: 'phase' },
  { title: 'flags' },
  { title: 'reason' },
];

/** Several lines without a final line feed; the first begins `30/30 passed`. */
export function renderScoreboard(scoreboard: Scoreboard, paint: Paint = plain): string {
  const { clean, cycleId, judged, warmUp } = scoreboard;
  const head = paint(describeScoreboard(scoreboard), clean || !judged ? 'green' : 'red');
  const verdict = clean ? 'clean' : judged ? 'not clean' : 'not judged';
  const about = [verdict, ...(warmUp ? ['warm-up'] : [])].join(', ');
  return [
    `${head}  (cycle ${cycleId}, ${about})`,
    '',
    renderTable(LATENCY_COLUMNS, latencyRows(scoreboard), paint),
    ...section('Notable', NOTABLE_COLUMNS, notableRows(scoreboard), paint),
  ].join('\n');
}

function latencyRows({ latency }: Scoreboard) {
  return BACKENDS.map((backend) => {
    const { count, p50Ms, p95Ms, maxMs, observerShareP50Ms } = latency[backend];
    const figures = [p50Ms, p95Ms, maxMs, observerShareP50Ms].map(formatMs);
    return [backend, String(count), ...figures];
  });
}

function notableRows({ notable }: Scoreboard) {
  return notable.map(({ pathId, outcome, failureSignal, phase, flags, reason }) => [
    pathId,
    outcomeCell(outcome, failureSignal),
    phase ?? '-',
    dashIfEmpty(flags),
    reason,
  ]);
}
