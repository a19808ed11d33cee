// The latency of the last tests of a path, the newest right; what did not pass stands at the top.
import type { BoardPathView, BoardView } from '../../../src/admin/views/board-view.js';
import type { ResultView } from '../../../src/admin/views/result-view.js';
import { fixed } from '../format.js';
import { HISTORY_SHOWN } from '../live/feed.js';
import { history } from '../live/store.js';
import { classOf, lookOf, verdictOf } from '../outcome.js';
import { summaryOf } from '../parts/marks.js';
import { numberStyle, t, tn } from '../strings/strings.js';

const WIDTH = 466;
const HEIGHT = 56;
const BASE = 52.5;
const SOFT = 14.5;
const TOP = 6;
const PITCH = 7.7;

export function LatencyFigure({ board, path }: { board: BoardView; path: BoardPathView }) {
  const { value } = history;
  const results = value.kind === 'ready' ? [...value.value].reverse() : [];
  const first = HISTORY_SHOWN - results.length;
  const { softMs } = board.deadlines[path.backend];
  const summary = summaryOf(results.map((result) => lookOf(verdictOf(result))));
  const soft = fixed(softMs / 1_000, 1, numberStyle());
  return (
    <figure class="fig">
      <figcaption>
        <span>{tn('path.history', results.length)}</span>
        <span>{t('path.soft', { soft })}</span>
      </figcaption>
      <svg
        class="sc"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={tn('path.historyLabel', results.length, { summary })}
      >
        <line x1="0" x2={WIDTH} y1={SOFT} y2={SOFT} class="sd" />
        <line x1="0" x2={WIDTH} y1={BASE} y2={BASE} class="ba" />
        {results.map((result, index) => (
          <Dot
            key={result.testId}
            result={result}
            x={4 + (first + index) * PITCH}
            topMs={topOf(results, softMs)}
          />
        ))}
      </svg>
    </figure>
  );
}

/** The soft deadline is the line; where all is far below it, the scale follows the tests. */
function topOf(results: readonly ResultView[], softMs: number): number {
  const longest = Math.max(0, ...results.map(({ totalLatencyMs = 0 }) => totalLatencyMs));
  return Math.min(softMs, Math.max(longest * 1.5, 1));
}

function Dot({ result, x, topMs }: { result: ResultView; x: number; topMs: number }) {
  const look = lookOf(verdictOf(result));
  const name = classOf(look);
  const { totalLatencyMs } = result;
  if (totalLatencyMs === undefined || name === 'fail') {
    return name === 'fail' ? (
      <rect x={x - 3} y={TOP - 4} width="6" height="8" rx="1.2" class="f" />
    ) : (
      <circle cx={x} cy={TOP} r="2.6" class={name === 'own' ? 'o' : 'n'} />
    );
  }
  const y = BASE - 3 - Math.min(1, totalLatencyMs / topMs) * (BASE - 3 - SOFT);
  if (look === 'passed') return <circle cx={x} cy={y.toFixed(1)} r="1.7" class="p" />;
  return <path d={`M${x} ${(y - 4).toFixed(1)}l3.5 4-3.5 4-3.5-4Z`} class="d" />;
}
