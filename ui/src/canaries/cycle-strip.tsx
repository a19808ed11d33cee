// The strip of cycles: a thin tick for a clean one, a block where something failed.
import type { BoardView } from '../../../src/admin/views/board-view.js';
import { dayTime, duration } from '../format.js';
import { serverNowMs } from '../live/store.js';
import { classOf, shapeOf } from '../outcome.js';
import { summaryOf } from '../parts/marks.js';
import { StripCaption } from '../parts/strip-caption.js';
import { type State, type StripMark, stripOf } from '../state.js';
import { t, tn } from '../strings/strings.js';

const PLACES = 60;
const PITCH = 11;
const WIDTH = PLACES * PITCH;

export function CycleStrip({
  board,
  state,
}: {
  board: BoardView | undefined;
  state: State | undefined;
}) {
  const marks = board === undefined ? [] : stripOf(board, PLACES);
  const first = PLACES - marks.length;
  const summary = summaryOf(marks.map(({ look }) => look));
  const interval = duration(board?.cadence.intervalMs ?? 0);
  const label = tn('strip.label', marks.length, { summary });
  // Where no cycle is shown there is nothing to stand under.
  const failing = state?.kind === 'failing' && marks.length > 0 ? state.sinceMs : undefined;
  return (
    <figure class="cycf">
      <svg class="cyc" viewBox={`0 0 ${WIDTH} 36`} role="img" aria-label={label}>
        {marks.map((mark, index) => (
          <Place key={mark.at} mark={mark} x={(first + index) * PITCH} />
        ))}
        {failing !== undefined && <Bracket marks={marks} first={first} sinceMs={failing} />}
      </svg>
      <StripCaption times={marks.map(({ at }) => at)} places={PLACES}>
        {failing === undefined ? (
          <span>{tn('strip.caption', marks.length, { interval })}</span>
        ) : (
          <span class="lab">
            {t('strip.failing', {
              at: dayTime(new Date(failing).toISOString(), serverNowMs.value),
            })}
          </span>
        )}
      </StripCaption>
    </figure>
  );
}

function Place({ mark: { at, look }, x }: { mark: StripMark; x: number }) {
  const name = classOf(look);
  if (look === 'passed') return <rect x={x + 4} y="8" width="2" height="10" rx="1" class="p" />;
  const glyph = (
    <use href={`#m-${shapeOf(look)}`} class={`m-${name}`} transform={`translate(${x},6)`} />
  );
  if (name !== 'fail') return glyph;
  return (
    <g data-at={at}>
      <rect x={x} y="0" width="10" height="26" rx="2" class="f" />
      {glyph}
    </g>
  );
}

/** Under the cycles since which something fails. */
function Bracket({
  marks,
  first,
  sinceMs,
}: {
  marks: readonly StripMark[];
  first: number;
  sinceMs: number;
}) {
  const begins = marks.findIndex(
    ({ at, look }) =>
      classOf(look) === 'fail' &&
      Date.parse(at) <= sinceMs + 60_000 &&
      Date.parse(at) >= sinceMs - 900_000,
  );
  if (begins === -1) return null;
  const from = (first + begins) * PITCH;
  return <path class="br" d={`M${from} 32v3.5H${WIDTH}V32`} />;
}
