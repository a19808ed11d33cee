// One line of the matrix: backend, last marks, pass ratio, p50 and p95. A link to the path.
import type { BoardPathView } from '../../../src/admin/views/board-view.js';
import { percent, seatsOf, seconds } from '../format.js';
import { attention, scene, windows } from '../live/store.js';
import { windowOver } from '../live/windows.js';
import { classOf, type Look, lookOf } from '../outcome.js';
import { Marks, type RailedLook, summaryOf } from '../parts/marks.js';
import { formatRoute } from '../route.js';
import { isCleanPath, standingLook } from '../state.js';
import { numberStyle, t } from '../strings/strings.js';

const PLACES = 12;

export function PathLine({
  path,
  selected,
  isStop,
  named = false,
}: {
  path: BoardPathView;
  selected: boolean;
  isStop: boolean;
  /** Where neither row nor column says who sends and who receives. */
  named?: boolean;
}) {
  const style = numberStyle();
  const { backend, receiver, sender } = seatsOf(path.pathId);
  const looks = looksOf(path);
  const label =
    looks.length === 0
      ? t('board.noMarks')
      : t('board.marks', { count: looks.length, summary: summaryWithRails(looks) });
  return (
    <a
      class={`pl ${tintOf(path)} ${isSeen(path) ? 'seen' : ''} ${named ? 'named' : ''}`}
      href={formatRoute({ page: 'canaries', path: path.pathId })}
      data-path={path.pathId}
      tabIndex={isStop ? 0 : -1}
      {...(selected ? { 'aria-current': 'true' as const } : {})}
    >
      <span class="vh">{t('board.path', { sender, receiver })}</span>
      <span class="to" aria-hidden="true">
        {named ? `${sender} → ${receiver}` : receiver}
      </span>
      <span class="bk">{backend}</span>
      <Marks looks={looks} places={PLACES} label={label} />
      <span class="ra">
        {percent(path.passed, path.of, style)}
        <span class="vh"> {t('board.figures')}</span>
      </span>
      <span class="p50">{seconds(path.p50Ms, style)}</span>
      <span class="p95">{seconds(path.p95Ms, style)}</span>
    </a>
  );
}

/** The oldest left; what is still open, and a pause, stand right of the last verdict. */
function looksOf(path: BoardPathView): readonly RailedLook[] {
  const now: Look[] = [
    ...Array.from({ length: path.overdue }, () => 'overdue' as const),
    ...Array.from({ length: path.open - path.overdue }, () => 'open' as const),
    ...(windowOver(windows.value, 'pause', path.pathId) === undefined ? [] : ['paused' as const]),
  ];
  const verdicts = path.last.map((one): RailedLook => ({ look: lookOf(one), rail: railOf(one) }));
  return [...verdicts.reverse(), ...now.map((look) => ({ look }))].slice(-PLACES);
}

function railOf({ maintenance, warmUp }: BoardPathView['last'][number]): RailedLook['rail'] {
  if (maintenance) return 'maintenance';
  return warmUp ? 'warmUp' : undefined;
}

function summaryWithRails(looks: readonly RailedLook[]): string {
  const rails = (['warmUp', 'maintenance'] as const).flatMap((rail) => {
    const count = looks.filter((one) => one.rail === rail).length;
    return count === 0 ? [] : [t(`board.${rail}`, { count })];
  });
  return [summaryOf(looks.map(({ look }) => look)), ...rails].join(', ');
}

/** Somebody has acknowledged what fails: it stays red and loses its tint. */
function isSeen({ pathId }: BoardPathView): boolean {
  const row = attention.value.find(({ pathIds }) => pathIds.includes(pathId));
  return row?.acknowledged !== undefined;
}

/** As it is judged: what a warm-up or a maintenance excuses has no tint. */
function tintOf(path: BoardPathView): string {
  const known = scene.value;
  if (known === undefined || isCleanPath(path, known)) return '';
  const look = standingLook(path, known);
  const name = look === undefined ? 'warn' : classOf(look);
  return name === 'pass' || name === 'warn' ? 'is-warn' : `is-${name}`;
}
