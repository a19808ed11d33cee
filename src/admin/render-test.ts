// One test for people: the verdict, then the waterfall from the fire to every stamp, then the rest.
import { formatMs, outcomeCell } from './format.js';
import type { Paint } from './paint.js';
import { type Cell, type Column, section } from './table.js';
import { flagsOf, type ResultView } from './views/result-view.js';
import type { StampView, TestView } from './views/test-view.js';
import { prose } from './wrap.js';

const WATERFALL_COLUMNS: readonly Column[] = [
  { title: 'step' },
  { title: 'frame' },
  { title: 'event' },
  { title: 'committed', align: 'right' },
  { title: 'seen', align: 'right' },
  { title: 'after store', align: 'right' },
];

const FINDING_COLUMNS: readonly Column[] = [
  { title: 'kind' },
  { title: 'subject' },
  { title: 'evidence' },
];

/**
 * Several lines without a final line feed. Committed and seen are times after the fire, the one by
 * the origin's clock; after store is what the validator itself took.
 */
export function renderTest(test: TestView, paint: Paint): string {
  const { result } = test;
  const ends = test.sender === undefined ? '' : `${test.sender} -> ${test.receiver} by `;
  return [
    verdictOf(test, paint),
    ...(result === undefined || result.reason === '' ? [] : prose(result.reason, paint)),
    `test ${test.testId}`,
    `${ends}${test.backend ?? '-'}, ${amountOf(test)}`,
    latencyOf(result),
    ...section('Waterfall', WATERFALL_COLUMNS, waterfallRows(test), paint),
    ...notThere(result).flatMap((line) => prose(line, paint)),
    ...section('Findings', FINDING_COLUMNS, findingRows(test), paint),
    ...section(
      'Corrections',
      FINDING_COLUMNS.filter(({ title }) => title !== 'subject'),
      test.corrections.map(({ kind, evidence }) => [kind, evidence]),
      paint,
    ),
    '',
    `Temporal workflow ${test.workflowId}`,
  ].join('\n');
}

function verdictOf({ result, state }: TestView, paint: Paint): string {
  if (result === undefined) return paint(state, 'yellow');
  const cell = outcomeCell(result.outcome, result.failureSignal);
  const verdict = typeof cell === 'string' ? cell : paint(cell.text, cell.colour);
  const phase = result.phase === undefined ? [] : [`phase ${result.phase}`];
  return [verdict, ...phase, ...flagsOf(result)].join(', ');
}

function amountOf({ result, fee }: TestView): string {
  const amount = result === undefined ? [] : [`${result.amount} AVT`];
  return [...amount, ...(fee === undefined ? [] : [`fee ${fee} AVT`])].join(', ') || 'amount -';
}

function latencyOf(result: ResultView | undefined): string {
  if (result === undefined) return 'latency -';
  const { totalLatencyMs, committedLatencyMs, observerShareMs } = result;
  return (
    `latency ${formatMs(totalLatencyMs)}, committed ${formatMs(committedLatencyMs)}, ` +
    `observer share ${formatMs(observerShareMs)}`
  );
}

function waterfallRows(test: TestView): readonly (readonly Cell[])[] {
  const fired: readonly Cell[] = ['fired', '', '', '', '0 ms', ''];
  const accepted: readonly Cell[] = ['accepted', '', '', '', after(test.acceptedAfterMs), ''];
  return [
    ...(test.firedAt === undefined ? [] : [fired]),
    ...(test.acceptedAt === undefined ? [] : [accepted]),
    ...test.stamps.map(stampRow),
  ];
}

function stampRow(one: StampView): readonly Cell[] {
  const lagMs = Date.parse(one.seenAt) - Date.parse(one.storedAt);
  return [
    { text: one.stamp, colour: one.required ? 'bold' : 'gray' },
    one.frame,
    one.eventId,
    after(one.committedAfterMs),
    after(one.seenAfterMs),
    formatMs(lagMs),
  ];
}

function after(ms: number | undefined): string {
  return ms === undefined ? '-' : `+${formatMs(ms)}`;
}

function notThere(result: ResultView | undefined): readonly string[] {
  if (result === undefined) return [];
  const stamps = (list: ResultView['absent']) =>
    list.map(({ frame, stamp }) => `${stamp} at ${frame}`).join(', ');
  const events = result.absentEvents
    .map(({ frame, eventType }) => `${eventType} of ${frame}`)
    .join(', ');
  const lines = [
    { what: 'missing for the verdict', text: result.missing.join(', ') },
    { what: 'expected and never came', text: stamps(result.absent) },
    { what: 'events never emitted', text: events },
    { what: 'EventStores that could not be asked', text: result.unaskedFrames.join(', ') },
    { what: 'in the EventStore, seen by no validator', text: stamps(result.unobserved) },
  ].filter(({ text }) => text !== '');
  return lines.length === 0 ? [] : ['', ...lines.map(({ what, text }) => `${what}: ${text}`)];
}

function findingRows({ findings }: TestView): readonly (readonly Cell[])[] {
  return findings.map(({ kind, subject, evidence }) => [
    { text: kind, colour: 'red' },
    subject,
    evidence,
  ]);
}
