// The scoreboard of all paths, for people: the newest verdicts of each path as one letter each.
import { dayTime, formatMs } from './format.js';
import type { Paint } from './paint.js';
import { renderTable } from './table.js';
import type { BoardPathView, BoardView } from './views/board-view.js';
import { prose } from './wrap.js';

type Mark = BoardPathView['last'][number];

const LETTERS: Readonly<Record<Mark['outcome'], string>> = {
  passed: '.',
  failed: 'F',
  observer: 'O',
  inconclusive: 'I',
  unpaid: 'U',
};
const LEGEND =
  '. passed, d passed degraded, F failed, O observer, I inconclusive, U unpaid; ' +
  'the newest on the left';

export function renderBoard(board: BoardView, paint: Paint): string {
  const { at, away, openTests, overdueTests, paths, totals } = board;
  const columns = [
    { title: 'path' },
    { title: 'newest' },
    { title: 'passed in 24 h', align: 'right' },
    { title: 'p50', align: 'right' },
    { title: 'p95', align: 'right' },
    { title: 'open', align: 'right' },
  ] as const;
  const rows = paths.map((path) => [
    path.pathId,
    path.last.length === 0 ? '-' : path.last.map(letterOf).join(''),
    `${path.passed}/${path.of}`,
    formatMs(path.p50Ms),
    formatMs(path.p95Ms),
    String(path.open),
  ]);
  const passing = paths.filter(({ unpassedSince }) => unpassedSince === undefined).length;
  return [
    `${passing}/${paths.length} paths pass, ${totals.passed}/${totals.of} tests passed in 24 h  ` +
      `(${dayTime(at)} UTC)`,
    ...away.flatMap(({ reason, store }) => prose(`${store} is away: ${reason}`, paint)),
    `open tests ${openTests ?? 'not known'}, overdue ${overdueTests ?? 'not known'}`,
    '',
    renderTable(columns, rows, paint),
    '',
    ...prose(LEGEND, paint),
  ].join('\n');
}

function letterOf({ degraded, outcome }: Mark): string {
  return outcome === 'passed' && degraded ? 'd' : LETTERS[outcome];
}
