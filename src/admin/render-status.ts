// The status for people: what is red first, then the last cycle, then what runs.
import { clockTime, dayTime, formatMs } from './format.js';
import type { StatusView } from './operations/read-status.js';
import { isFollowing, type ValidatorView } from './operations/validator-health.js';
import type { Paint } from './paint.js';
import { renderScoreboard } from './render-scoreboard.js';
import { type Column, section } from './table.js';
import { scoreboardOfView } from './views/scoreboard-view.js';

const RED_COLUMNS: readonly Column[] = [
  { title: 'what' },
  { title: 'subject' },
  { title: 'reason' },
];

const NAMED_SLOTS_MAX = 5;

/** Several lines without a final line feed. */
export function renderStatus(status: StatusView, paint: Paint): string {
  const { red } = status;
  const head =
    red.length === 0 ? paint('nothing is red', 'green') : paint(`${red.length} red`, 'red');
  return [
    `${head}  (${dayTime(status.at)} UTC)`,
    ...section(
      'Red',
      RED_COLUMNS,
      red.map(({ what, subject, reason }) => [what, subject, reason]),
      paint,
    ),
    '',
    ...lastCycle(status, paint),
    '',
    ...running(status),
    warmUp(status),
    workers(status),
    validators(status.validators),
    missedSlots(status),
    `open tests   ${status.openTests}`,
  ].join('\n');
}

function lastCycle({ last }: StatusView, paint: Paint): readonly string[] {
  if (last === undefined) return ['no cycle has closed yet'];
  const board = renderScoreboard(scoreboardOfView(last.scoreboard), paint);
  return [paint(`Last cycle, closed ${dayTime(last.closedAt)} UTC`, 'bold'), board];
}

function running({ running: open }: StatusView): readonly string[] {
  return open.map(({ cycleId, planned, startedAt }) => {
    return `running      cycle ${cycleId}, ${planned} tests, since ${clockTime(startedAt)}`;
  });
}

function warmUp({ warmUp: known }: StatusView): string {
  if (known === undefined) return 'warm-up      none yet';
  if (known.active) return `warm-up      since ${dayTime(known.startedAt)}: red does not page`;
  return `warm-up      over since ${dayTime(known.endedAt)}`;
}

function workers({ workers: alive }: StatusView): string {
  const named = alive.map(({ id, startedAt }) => `${id} since ${dayTime(startedAt)}`);
  return `workers      ${alive.length === 0 ? 'none' : named.join('; ')}`;
}

function validators(views: readonly ValidatorView[]): string {
  const following = views.filter(isFollowing);
  const lags = following.flatMap(({ lagMs }) => lagMs ?? []);
  const gaps = following.map(({ head, watermark }) => (head ?? 0) - (watermark ?? 0));
  const figures =
    following.length === 0
      ? ''
      : `, lag up to ${formatMs(lags.length === 0 ? undefined : Math.max(...lags))}, ` +
        `${Math.max(...gaps)} events behind at most`;
  return `validators   ${following.length}/${views.length} follow their events${figures}`;
}

function missedSlots({ missedSlots: { recent, total } }: StatusView): string {
  const named = recent.slice(0, NAMED_SLOTS_MAX).map(dayTime).join(', ');
  const more = recent.length > NAMED_SLOTS_MAX ? ', ...' : '';
  return `missed slots ${total} in all${named === '' ? '' : `; of late ${named}${more}`}`;
}
